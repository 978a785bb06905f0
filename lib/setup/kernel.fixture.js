"use strict";
// A small project of its own around this kernel, and a client that talks to the kernel as Jupyter does.
const { spawn } = require("node:child_process");
const crypto = require("node:crypto");
const { once } = require("node:events");
const fs = require("node:fs");
const { createRequire } = require("node:module");
const os = require("node:os");
const path = require("node:path");
const { places } = require("./places");

/** A copy of the kernel, with these files in its lib and nothing kept. */
function smallProject(files) {
  const root = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "offshelf-kernel-")));
  const inLib = (name) => path.join(root, "lib", name);
  fs.mkdirSync(inLib("setup"), { recursive: true });
  fs.mkdirSync(path.join(root, "data"));
  fs.symlinkSync(places.modules, path.join(root, "node_modules"));
  for (const name of fs.readdirSync(__dirname))
    if (/^[a-zA-Z]+\.js$/.test(name))
      fs.copyFileSync(path.join(__dirname, name), inLib(path.join("setup", name)));
  const write = (name, text) => fs.writeFileSync(inLib(name), text);
  for (const [name, text] of Object.entries(files)) write(name, text);
  return {
    root,
    write,
    inLib,
    remove: () => fs.rmSync(root, { recursive: true, force: true, maxRetries: 5 }),
  };
}

/** Starts the kernel of a project; `run`, `inspect` and `complete` take the text of a cell. */
async function startKernel(root) {
  const zmq = createRequire(path.join(places.modules, "tslab", "package.json"))("zeromq");
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "offshelf-wire-"));
  const connection = {
    transport: "ipc",
    ip: path.join(folder, "wire"),
    key: "a key",
    signature_scheme: "hmac-sha256",
  };
  const channels = ["shell", "iopub", "control", "stdin", "hb"];
  for (const [i, name] of channels.entries()) connection[`${name}_port`] = i + 1;
  const file = path.join(folder, "connection.json");
  fs.writeFileSync(file, JSON.stringify(connection));
  const kernel = spawn(process.execPath, [path.join(root, "lib", "setup", "kernel.js"), file], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  const ended = once(kernel, "exit");
  const shell = new zmq.Dealer({ linger: 0, receiveTimeout: 120_000 });
  const iopub = new zmq.Subscriber({ linger: 0, receiveTimeout: 300 });
  shell.connect(`ipc://${connection.ip}:${connection.shell_port}`);
  iopub.connect(`ipc://${connection.ip}:${connection.iopub_port}`);
  iopub.subscribe();

  const send = (type, content) => {
    const id = crypto.randomUUID();
    const header = { msg_id: id, msg_type: type, session: "test", username: "test", version: "5.3" };
    const parts = [header, {}, {}, content].map((part) => JSON.stringify(part));
    const signature = crypto.createHmac("sha256", connection.key).update(parts.join("")).digest("hex");
    return shell.send(["<IDS|MSG>", signature, ...parts]).then(() => id);
  };
  const receive = async (socket) => {
    const parts = (await socket.receive()).map(String);
    const [header, parent, , content] = parts
      .slice(parts.indexOf("<IDS|MSG>") + 2)
      .map((part) => JSON.parse(part));
    return { type: header.msg_type, parent: parent.msg_id, content };
  };
  const ask = async (type, content) => {
    await send(type, content);
    return (await receive(shell)).content;
  };
  // What the kernel prints before it knows of its listener is lost: ask until something is heard.
  for (let heard = false; !heard; ) {
    await ask("kernel_info_request", {});
    heard = await iopub.receive().then(
      () => true,
      () => false,
    );
  }
  iopub.receiveTimeout = 120_000;

  return {
    /** Runs a cell; resolves to how it ended and all it printed. `hear` is told of every other message it sends. */
    async run(code, hear = () => {}) {
      const id = await send("execute_request", { code, silent: false, store_history: true });
      let text = "";
      for (;;) {
        const { type, parent, content } = await receive(iopub);
        if (parent !== id) continue;
        if (type === "stream") text += content.text;
        else hear({ type, content });
        if (type === "status" && content.execution_state === "idle") break;
      }
      const { status } = (await receive(shell)).content;
      // For a while after an error tslab refuses cells: "run all" has sent them before it knew of the error.
      if (status === "error") await new Promise((settle) => setTimeout(settle, 250));
      return { status, text };
    },
    /** What JupyterLab's stop button does. */
    interrupt: () => kernel.kill("SIGINT"),
    inspect: async (code) =>
      (await ask("inspect_request", { code, cursor_pos: code.length })).data["text/plain"],
    complete: async (code) => (await ask("complete_request", { code, cursor_pos: code.length })).matches,
    async end() {
      kernel.kill();
      // While a picture's browser is open the first signal closes that alone.
      const again = setInterval(() => kernel.kill(), 2000);
      await ended;
      clearInterval(again);
      shell.close();
      iopub.close();
      fs.rmSync(folder, { recursive: true, force: true });
    },
  };
}

module.exports = { smallProject, startKernel };
