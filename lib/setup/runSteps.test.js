"use strict";
const assert = require("node:assert/strict");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const { afterEach, beforeEach, test } = require("node:test");
const { command } = require("./command");
const { runSteps, SetupProblem } = require("./runSteps");

let folder;
let ran;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "offshelf-steps-"));
  ran = [];
});
afterEach(() => fs.rmSync(folder, { recursive: true }));

/** A step that records that it ran. */
function step(name, { needs, run = async () => ({}) } = {}) {
  return {
    name,
    title: name,
    needs,
    stamp: path.join(folder, `${name}.json`),
    inputs: () => [name],
    todo: `mend ${name}`,
    run: async () => {
      ran.push(name);
      return run();
    },
  };
}

test("steps run after what they need, each once", async () => {
  const pause = () => new Promise((resolve) => setTimeout(resolve, 30));
  const steps = [
    step("slow", { run: pause }),
    step("quick"),
    step("last", { needs: ["slow", "quick"] }),
    step("follower", { needs: ["quick"] }),
  ];
  assert.deepEqual(await runSteps(steps), []);
  assert.deepEqual(ran, ["slow", "quick", "follower", "last"]);
  assert.deepEqual(await runSteps(steps), []);
  assert.equal(ran.length, 4);
});

test("a failure names the step, its reason and what to do; others go on, dependants are not tried", async () => {
  let broken = true;
  const fail = async () => {
    if (broken) await command(process.execPath, ["-e", "console.error('disk is full'); process.exit(3)"]);
  };
  const steps = [step("bad", { run: fail }), step("good"), step("dependant", { needs: ["bad"] })];
  const failures = await runSteps(steps);
  assert.deepEqual(ran, ["bad", "good"]);
  assert.equal(failures.length, 2);
  assert.match(
    failures[0].join("\n"),
    /^bad failed: node ended with status 3\n.*\| disk is full\n.*what to do: mend bad/,
  );
  assert.match(failures[1].join("\n"), /dependant was not tried: it needs bad/);

  broken = false;
  assert.deepEqual(await runSteps(steps), []);
  assert.deepEqual(ran, ["bad", "good", "bad", "dependant"]);
});

test("a problem may bring its own advice", async () => {
  const run = async () => {
    throw new SetupProblem("Python is too old", "install a newer one");
  };
  const [lines] = await runSteps([step("python", { run })]);
  assert.deepEqual(lines, ["python failed: Python is too old", "    what to do: install a newer one"]);
});

test("a step that runs again has no stamp until it has finished", async () => {
  const again = step("again");
  await runSteps([again]);
  const changed = {
    ...again,
    inputs: () => ["other"],
    run: async () => assert.ok(!fs.existsSync(again.stamp)),
  };
  assert.deepEqual(await runSteps([changed]), []);
  assert.ok(fs.existsSync(again.stamp));
});

test("a program that takes too long is ended, with what it had said", async () => {
  const endless = "console.log('waiting for a host'); setInterval(() => {}, 1000)";
  await assert.rejects(command(process.execPath, ["-e", endless], { timeout: 0.5 }), (error) => {
    assert.match(error.message, /took longer than 0.5 s/);
    assert.equal(error.tail, "waiting for a host");
    return true;
  });
  await assert.rejects(command("no-such-program", []), /no-such-program was not found/);
});
