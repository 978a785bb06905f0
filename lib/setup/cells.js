"use strict";
// Runs cells as the kernel does (its compiler, its types, its top-level await), but without Jupyter: a child process
// that takes messages. `{ source }` runs a cell and is answered with `{ ok, output, seconds }`: the text of all that it
// showed, and how long it took. `{ fresh: true }` forgets every variable. Pictures are not drawn: a figure shows its caption.
const path = require("node:path");
const { prepareCells } = require("./cellCompiler");

const root = path.resolve(__dirname, "..", "..");
const ofTslab = prepareCells(root);
const { createConverter } = ofTslab("converter.js");
const { createExecutor } = ofTslab("executor.js");

let shown = []; // pieces of text; what is updated in place (progress) keeps its place
let wrong = false;
const pieces = new Map();
ofTslab("jupyter.js").lastWriteDisplayData = ({ data, transient }) => {
  const text = `${data["text/plain"] ?? ""}\n`;
  const known = pieces.get(transient?.display_id);
  if (known !== undefined) known.text = text;
  else {
    const piece = { text };
    shown.push(piece);
    if (transient?.display_id !== undefined) pieces.set(transient.display_id, piece);
  }
};

/** What cells print goes to whoever asked for them, not to the terminal. */
const listen = (stream) => {
  stream.write = (text, ...rest) => {
    shown.push({ text: String(text) });
    rest.find((each) => typeof each === "function")?.();
    return true;
  };
};
listen(process.stdout);
listen(process.stderr);

/** One white pixel in place of every picture: a browser would take most of the time, and nobody looks. */
const pixel = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP4DwABAQEAGN2NsAAAAABJRU5ErkJggg==",
  "base64",
);
const { processRenderer } = require(path.join(root, "lib", "figures", "sharedRenderer.ts"));
processRenderer.png = async () => pixel;

const convs = { node: createConverter({ isJS: false, isBrowser: false }) };
const executor = createExecutor(root, convs, console);

// An error that no cell waited for belongs to the cell that runs when it comes.
for (const event of ["unhandledRejection", "uncaughtException"])
  process.on(event, (reason) => {
    shown.push({ text: `${reason instanceof Error ? reason.stack : String(reason)}\n` });
    wrong = true;
  });

process.on("message", async ({ source, fresh }) => {
  if (fresh) return executor.reset();
  shown = [];
  wrong = false;
  const started = performance.now();
  const ok = await executor.execute(source);
  await new Promise((settle) => setImmediate(settle)); // what was thrown behind the cell is heard
  const seconds = (performance.now() - started) / 1000; // not the processor's: a cell may start commands
  process.send({ ok: ok && !wrong, output: shown.map(({ text }) => text).join(""), seconds });
});
process.on("disconnect", () => process.exit(0));
process.send({ ready: true });
