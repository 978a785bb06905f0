"use strict";
const assert = require("node:assert/strict");
const net = require("node:net");
const { test } = require("node:test");
const { addressIn, answers, canBuild, obtain } = require("./upstream");

/** A host that takes connections and never says anything. */
async function silentHost() {
  const sockets = new Set();
  const server = net.createServer((socket) => sockets.add(socket));
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const close = () => {
    for (const socket of sockets) socket.destroy();
    server.close();
  };
  return { address: `https://127.0.0.1:${server.address().port}`, close };
}

const withoutProxy = {
  skip: Boolean(process.env.HTTPS_PROXY || process.env.https_proxy) && "proxies are not asked",
};

test("a host that refuses or keeps silent does not answer", withoutProxy, async () => {
  const silent = await silentHost();
  assert.equal(await answers(silent.address, 200), false);
  silent.close();
  assert.equal(await answers(silent.address, 5000), false);
});

test("the address is read from the package's own file", () => {
  assert.equal(addressIn('const HOST = x || "https://files.example.org/a/b"'), "https://files.example.org");
  assert.equal(addressIn("nothing"), undefined);
});

test("what upstream offers is used when it works, else the part is built", async () => {
  const calls = [];
  const part = (works) => ({
    address: undefined,
    install: async () => calls.push("install"),
    build: async () => calls.push("build"),
    test: async () => {
      calls.push("test");
      if (!works && calls.at(-2) === "install") throw new Error("undefined symbol");
      return { version: "1" };
    },
  });
  const before = process.env.OFFSHELF_NATIVE;
  try {
    process.env.OFFSHELF_NATIVE = "upstream";
    const forced = await obtain({ ...part(true), address: "https://127.0.0.1:1" });
    assert.deepEqual([forced.source, calls.splice(0)], ["upstream", ["install", "test"]]);
    await assert.rejects(obtain({ ...part(false), address: "https://127.0.0.1:1" }), /undefined symbol/);
    calls.splice(0);
    process.env.OFFSHELF_NATIVE = "sometimes";
    await assert.rejects(obtain(part(true)), /OFFSHELF_NATIVE requires upstream or build, got sometimes/);
    delete process.env.OFFSHELF_NATIVE;
    if (canBuild()) {
      const built = await obtain(part(true));
      assert.deepEqual([built.source, calls.splice(0)], ["built", ["build", "test"]]);
      assert.match(built.why, /does not answer/);
    }
  } finally {
    if (before === undefined) delete process.env.OFFSHELF_NATIVE;
    else process.env.OFFSHELF_NATIVE = before;
  }
});
