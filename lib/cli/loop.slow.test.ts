import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { test } from "node:test";
import { random } from "../math/random";
import { readRounds } from "../offPolicy/files/readRounds";
import { type OpenRun, openRun } from "../runs/openRun";
import { runsInWorld } from "../runs/runsInWorld";
import { openServingLog } from "../serving/log/openServingLog";
import { readerHistories } from "../serving/readerHistories";
import { withStarts } from "../serving/readers";
import { servedTarget } from "../serving/servedTarget";
import { startService } from "../serving/startService";
import { satiation } from "../worlds/satiation";
import { trueValue } from "../worlds/trueValue";
import { inNewFolder, quickSettings, ran } from "./files.fixture";
import { describeOpe } from "./ope";
import { describeSimulate } from "./simulate";
import { describeTrain } from "./train";

const leave = "leave=[0.05, 0.1, 0.3, 0.5]";
const world = withStarts(satiation({ leave: [0.05, 0.1, 0.3, 0.5] }));
const [steps, discount] = [3, 0.9];

async function trained(name: string, agent: string, exploration: number): Promise<OpenRun> {
  const settings = [
    ...[
      "world.leave=[0.05, 0.1, 0.3, 0.5]",
      "data.users=150",
      "data.policy=epsilon-greedy",
      "data.epsilon=0.6",
    ],
    ...["agent.hidden=[8]", `policy.exploration=${exploration}`, "steps=60"],
  ].flatMap((setting) => ["--set", setting]);
  const told = await ran(
    "train",
    describeTrain,
    ...["--world", "satiation", "--agent", agent, ...quickSettings.slice(0, 12), ...settings, "--out", name],
  );
  assert.equal(told.status, 0, told.stderr);
  return openRun(name);
}

/** Readers of the world ask the real service of some runs, which logs into a folder. @returns what each earned on average */
async function served(folder: string, runs: readonly string[], users: number, seed: number) {
  const log = await openServingLog(folder);
  const taken = await readerHistories(folder);
  const service = await startService({ runs: runs.map((run) => resolve(run)), log, taken, seed });
  const told = await ran(
    "simulate",
    describeSimulate,
    ...["--world", "satiation", "--set", leave, "--service", service.address],
    ...["--users", `${users}`, "--steps", `${steps}`, "--discount", `${discount}`],
    ...["--seed", `${seed}`, "--json", "readers.json"],
  );
  await service.stop();
  await log.close();
  assert.equal(told.status, 0, told.stderr);
  const found = JSON.parse(await readFile("readers.json", "utf8"));
  assert.deepEqual([found.readers, found.slates], [users, found.feedbacks]);
  return found as { readonly value: number; readonly standardError: number };
}

async function judged(...argv: readonly string[]) {
  const told = await ran("ope", describeOpe, ...argv, "--discount", `${discount}`, "--json", "card.json");
  assert.equal(told.status, 0, told.stderr);
  return { card: JSON.parse(await readFile("card.json", "utf8")), ...told };
}

test("serve A, log, judge B from A's log: the interval holds B's true value; then switch, and B earns it", () =>
  inNewFolder(async () => {
    const a = await trained("a", "behaviour-cloning", 0.5);
    const b = await trained("b", "greedy-reward", 0.2);
    const readers = await served("log", ["a"], 500, 1);

    // A on its own log is A.
    await ran("ope", describeOpe, "--log", "log", "--write-log", "rows.csv");
    const { log: rows } = await readRounds({ log: "rows.csv" });
    const own = await servedTarget(a, "log", rows);
    for (const [row, probability] of own.logged.entries())
      assert.ok(Math.abs(probability - rows.propensities![row]) < 1e-6, `row ${row}`);

    const { card, stdout } = await judged("--log", "log", "--target-run", "b");
    assert.match(stdout, /arm +slates +readers[^\n]*\n+ *a +[\d,]+ +500/);
    const { sequential } = card;
    assert.equal(sequential.units, 500);
    assert.notEqual(sequential.verdict, "unreliable", sequential.reasons.join());
    assert.ok(Math.abs(sequential.logged.value - readers.value) < 1e-9);
    assert.ok(Math.abs(card.diagnostics.meanWeight - 1) < 0.1);

    const runs = runsInWorld(world, { a, b }, { histories: "service" });
    const truth = (name: string) =>
      trueValue(runs, name, { users: 4000, steps, discount, random: random(9) });
    const [valueOfA, valueOfB] = [truth("a"), truth("b")];
    const within = ({ lower, upper }: { lower: number; upper: number }, value: number): boolean =>
      lower <= value && value <= upper;
    assert.ok(within(sequential.logged, valueOfA.value), "the log's own policy");
    for (const name of ["tis", "wtis", "pdis", "wpdis"])
      assert.ok(
        within(sequential.estimators[name], valueOfB.value),
        `${name}: ${JSON.stringify(sequential.estimators[name])} of ${valueOfB.value}`,
      );
    const gap = Math.abs(valueOfB.value - valueOfA.value);
    assert.ok(gap > 4 * valueOfB.standardError, `A ${valueOfA.value}, B ${valueOfB.value}`);

    // The switch: first both, then B alone.
    await served("both", ["a", "b"], 120, 2);
    const both = (await judged("--log", "both")).card;
    assert.deepEqual(both.arms.map(({ policy }: { policy: string }) => policy).sort(), ["a", "b"]);
    assert.equal(both.armDifferences.length, 1);
    const alone = await served("switched", ["b"], 300, 3);
    const error = Math.hypot(alone.standardError, valueOfB.standardError);
    assert.ok(Math.abs(alone.value - valueOfB.value) < 3 * error, `${alone.value} of ${valueOfB.value}`);
    a.dispose();
    b.dispose();
  }));
