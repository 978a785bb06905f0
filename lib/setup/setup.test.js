"use strict";
// Whole set-ups with small steps, in processes of their own: two at once, one killed in the middle.
const assert = require("node:assert/strict");
const { spawn } = require("node:child_process");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const { afterEach, beforeEach, test } = require("node:test");

let folder;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "offshelf-setup-"));
});
afterEach(() => fs.rmSync(folder, { recursive: true }));

// Two steps that write begin and end; the second starts a program that runs for a while.
const program = `
const fs = require("node:fs");
const path = require("node:path");
const { command } = require(${JSON.stringify(path.join(__dirname, "command.js"))});
const { setUp } = require(${JSON.stringify(path.join(__dirname, "setup.js"))});
const [folder, length] = process.argv.slice(1);
const tell = (text) => fs.appendFileSync(path.join(folder, "told"), text + "\\n");
const step = (name, needs, code) => ({
  name, title: name, needs, stamp: path.join(folder, name + ".json"), inputs: () => [name], todo: "",
  run: async () => {
    tell("begin " + name);
    await command(process.execPath, ["-e", code]);
    tell("end " + name);
    return {};
  },
});
const wait = "setTimeout(() => {}, " + length + ")";
const mark = "require('fs').writeFileSync(" + JSON.stringify(path.join(folder, "pid")) + ", String(process.pid));";
setUp([step("first", [], wait), step("second", ["first"], mark + wait)], { lockFile: path.join(folder, "lock") })
  .then((status) => { process.exitCode = status; });
`;

/** Starts a set-up whose programs take `length` ms. */
function start(length) {
  const child = spawn(process.execPath, ["-e", program, folder, String(length)], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  child.stderr.on("data", (data) => {
    said += data;
  });
  const ended = new Promise((resolve) => {
    child.on("close", (status, signal) => resolve({ status, signal, said }));
  });
  return { child, ended };
}

const told = () => {
  const file = path.join(folder, "told");
  return fs.existsSync(file) ? fs.readFileSync(file, "utf8").trim().split("\n") : [];
};

async function until(condition) {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 20));
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    // A killed process whose parent has gone may stay as a zombie.
    return !/^State:\s+Z/m.test(fs.readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}

test("of two at once the second waits, says so, and finds everything done", async () => {
  const one = start(400);
  await until(() => told().length > 0);
  const two = start(400);
  const results = await Promise.all([one.ended, two.ended]);
  assert.deepEqual(
    results.map(({ status }) => status),
    [0, 0],
  );
  assert.deepEqual(told(), ["begin first", "end first", "begin second", "end second"]);
  assert.match(results[1].said, new RegExp(`Another set-up \\(process ${one.child.pid}\\)`));
  assert.match(results[1].said, /Set-up is in place/);
});

test("after an interruption it goes on where it stopped", async () => {
  const first = start(20_000);
  await until(() => told().includes("begin first"));
  first.child.kill("SIGINT");
  const { status, said } = await first.ended;
  assert.equal(status, 130);
  assert.match(said, /goes on where it stopped/);
  assert.deepEqual(fs.readdirSync(folder), ["told"]);

  assert.equal((await start(10).ended).status, 0);
  assert.deepEqual(told(), ["begin first", "begin first", "end first", "begin second", "end second"]);
});

test("a killed one leaves a lock that is taken over, and its programs are ended", {
  skip: process.platform !== "linux" && "needs /proc",
}, async () => {
  const pidFile = path.join(folder, "pid");
  fs.writeFileSync(path.join(folder, "first.json"), "");
  const killed = start(3000);
  await until(() => fs.existsSync(pidFile) && fs.readFileSync(pidFile, "utf8") !== "");
  const orphan = Number(fs.readFileSync(pidFile, "utf8"));
  killed.child.kill("SIGKILL");
  await until(() => killed.child.signalCode !== null);
  assert.ok(isAlive(orphan));

  const next = start(10);
  assert.equal((await next.ended).status, 0);
  assert.ok(!isAlive(orphan));
  assert.deepEqual(told().slice(-3), ["begin second", "begin second", "end second"]);
  assert.ok(!fs.existsSync(path.join(folder, "lock")));
});
