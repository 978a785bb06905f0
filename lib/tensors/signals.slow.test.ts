import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { test } from "node:test";

/** Runs code in a process of its own, sends it SIGWINCH about every millisecond once it says so, and gives its end. */
async function bombarded(
  code: string,
): Promise<{ status: number | null; signal: string | null; said: string }> {
  const child = spawn(process.execPath, [...process.execArgv, "-e", code], {
    cwd: __dirname,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  let timer: NodeJS.Timeout | undefined;
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (data) => {
      said += data;
    });
  child.stdout.once("data", () => {
    timer = setInterval(() => child.kill("SIGWINCH"), 1);
  });
  const [status, signal] = (await once(child, "close")) as [number | null, string | null];
  clearInterval(timer);
  return { status, signal, said };
}

const onLinux = { skip: process.platform !== "linux" && "the thread that takes signals is for Linux" };

// Without the thread of signals.cc this ends by SIGABRT on processors with AVX-512: "corrupted size vs. prev_size".
test("a terminal's window that is resized does not end a training", onLinux, async () => {
  const { status, signal, said } = await bombarded(`
    const { tf } = require("./tf");
    const { gruSequence, gruWeights } = require("./gruSequence");
    const { random } = require("../math/random");
    let heard = 0;
    process.on("SIGWINCH", () => void heard++);
    const weights = gruWeights(64, 128, random(1));
    const inputs = tf().randomNormal([49, 100, 64]);
    const pass = () => tf().tidy(() => gruSequence(inputs, weights).dataSync());
    const first = Float32Array.from(pass());
    console.log("computing");
    const end = Date.now() + 2500;
    let same = true;
    const step = () => {
      for (let i = 0; i < 5; i++) same = pass().every((value, at) => value === first[at]) && same;
      if (Date.now() < end) return setImmediate(step);
      console.log(JSON.stringify({ same, heard: heard > 10 }));
      process.exit(0);
    };
    step();
  `);
  assert.deepEqual([status, signal], [0, null], said);
  assert.match(said, /\{"same":true,"heard":true\}/, "the values are the same, and the signals were heard");
});

test("signals end and reach a process as before, and its children have none blocked", onLinux, async () => {
  const { status, signal, said } = await bombarded(`
    const { tf } = require("./tf");
    tf().scalar(1).dataSync();
    const { readFileSync } = require("node:fs");
    const { execSync } = require("node:child_process");
    const own = /SigBlk:\\s*(\\w+)/.exec(readFileSync("/proc/self/status", "utf8"))[1];
    const childs = /SigBlk:\\s*(\\w+)/.exec(execSync("cat /proc/self/status").toString())[1];
    const { SIGTERM, SIGINT, SIGSEGV, SIGPROF } = require("node:os").constants.signals;
    const has = (signal) => (BigInt("0x" + own) >> BigInt(signal - 1)) & 1n;
    console.log([SIGTERM, SIGINT, SIGSEGV, SIGPROF].map(has).join(), String(BigInt("0x" + childs)));
    process.on("SIGUSR2", () => process.kill(process.pid, "SIGTERM"));
    process.kill(process.pid, "SIGUSR2");
    setTimeout(() => process.exit(7), 20_000);
  `);
  assert.match(said, /^1,1,0,0 0$/m, said);
  assert.deepEqual([status, signal], [null, "SIGTERM"]);
});
