"use strict";
// A cell that is interrupted ends, and the kernel goes on: what earlier cells made is there, and the next one runs.
const assert = require("node:assert/strict");
const { test } = require("node:test");
const { startKernel } = require("./kernel.fixture");
const { places } = require("./places");

test("an interrupted cell ends, whether it waits or loops, and the next cell finds what was made before", async () => {
  const kernel = await startKernel(places.root);
  const cut = async (source) => {
    const soon = setTimeout(() => kernel.interrupt(), 2500);
    const started = performance.now();
    const result = await kernel.run(source);
    clearTimeout(soon);
    assert.ok(performance.now() - started < 60_000, "it ends soon");
    return result;
  };
  try {
    assert.equal((await kernel.run("const kept = 41;")).status, "ok");
    const waiting = await cut("await new Promise<void>((go) => { setTimeout(go, 600_000); });");
    assert.equal(waiting.status, "error");
    assert.match(waiting.text, /Interrupted/);
    assert.deepEqual(await kernel.run("kept + 1"), { status: "ok", text: "42\n" });

    const looping = await cut("for (let i = 0; i >= 0; i = 1 - i) {}");
    assert.equal(looping.status, "error");
    assert.match(looping.text, /interrupted by|SIGINT/i);
    assert.deepEqual(await kernel.run("kept + 2"), { status: "ok", text: "43\n" });
    assert.equal((await kernel.run("const later = kept + 3;")).status, "ok");
    assert.deepEqual(await kernel.run("later"), { status: "ok", text: "44\n" });
  } finally {
    await kernel.end();
  }
});
