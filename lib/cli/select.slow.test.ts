import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { inNewFolder, quickSettings, ran } from "./files.fixture";
import { describeOpe } from "./ope";
import { describeSelect } from "./select";
import { describeSimulate } from "./simulate";
import { describeTrain } from "./train";

const select = (...argv: string[]) => ran("select", describeSelect, ...argv);
const near = (got: number, wanted: number): void =>
  assert.ok(Math.abs(got - wanted) < 1e-9, `${got} is not ${wanted}`);

/** Two sorts of readers that each like half of the items; runs that know it, and a log in which everything was tried. */
async function runsAndLog(): Promise<string> {
  const world = ["--world", "dirichlet", "--users", "80", "--steps", "6"];
  assert.equal((await ran("simulate", describeSimulate, ...world, "--out", "sim")).status, 0);
  const files = ["--interactions", join("sim", "interactions.csv"), "--items", join("sim", "items.csv")];
  const how = ["reward.rating=1", "terminals=terminal", "repeats=true", "keep=learned"];
  const set = [...quickSettings, ...how.flatMap((each) => ["--set", each])];
  for (const [agent, ...more] of [["ddpg"], ["td3-bc"], ["next-item"], ["most-popular"]]) {
    const own = agent === "next-item" ? quickSettings.slice(0, 6) : agent === "most-popular" ? [] : set;
    const trained = await ran(
      "train",
      describeTrain,
      ...files,
      "--agent",
      agent,
      "--out",
      agent,
      ...own,
      ...more,
    );
    assert.equal(trained.status, 0, trained.stderr);
  }
  return join("sim", "rounds.csv");
}

test("runs and their checkpoints are ranked by what one log says; a list without probabilities is passed over by name", () =>
  inNewFolder(async () => {
    const log = await runsAndLog();
    const runs = ["--run", "ddpg", "--run", "td3-bc", "most-popular"];
    const told = await select(...runs, "--log", log, "--resamples", "200", "--json", "a.json");
    assert.equal(told.status, 0, told.stderr);
    const a = JSON.parse(await readFile("a.json", "utf8"));
    assert.deepEqual([a.rounds, a.units, a.estimator.name, a.estimator.per], [480, 80, "snips", "round"]);
    assert.deepEqual(
      a.passedOver.map(({ name }: { name: string }) => name),
      ["most-popular"],
    );
    assert.match(told.stdout, /most-popular is passed over: most-popular serves a fixed list/);
    // The same value and verdict that ope gives to each alone.
    for (const row of a.rows) {
      await ran("ope", describeOpe, "--log", log, "--target-run", row.name, "--json", "card.json");
      const card = JSON.parse(await readFile("card.json", "utf8"));
      near(row.value, card.estimators.snips.value);
      assert.deepEqual(
        [row.verdict, row.reasons],
        [card.verdicts.snips.verdict, card.verdicts.snips.reasons],
      );
      near(row.gain.value, row.value - card.logged.value);
      near(a.logged.value, card.logged.value);
    }
    const values = a.rows
      .filter(({ verdict }: { verdict: string }) => verdict !== "unreliable")
      .map(({ value }: { value: number }) => value);
    assert.deepEqual(
      values,
      [...values].sort((x: number, y: number) => y - x),
    );
    // They learned from the rows of this log: it is said.
    assert.ok(a.sources[0].learnedFrom > 0.5);
    assert.match(told.stdout, /beware: up to \d+% of the log's rounds are rows that .* learned from/);

    const each = await select(
      ...runs,
      "--checkpoints",
      "--log",
      log,
      "--resamples",
      "200",
      "--json",
      "b.json",
    );
    assert.equal(each.status, 0, each.stderr);
    const b = JSON.parse(await readFile("b.json", "utf8"));
    const names = [...b.rows, ...b.same].map(({ name }: { name: string }) => name);
    for (const name of ["ddpg", "ddpg, step 0", "td3-bc", "td3-bc, step 0"])
      assert.ok(names.includes(name), `${names}`);
    // Step 0 of both is the same supervised model.
    assert.deepEqual(
      b.same.find(({ name }: { name: string }) => name === "td3-bc, step 0"),
      { name: "td3-bc, step 0", as: "ddpg, step 0" },
    );
    assert.equal((await select(...runs, "--log", log, "--resamples", "200")).stdout, told.stdout);
  }));

test("where what is done changes what comes, all are judged by whole trajectories", () =>
  inNewFolder(async () => {
    const log = await runsAndLog();
    const [head, ...rows] = (await readFile(log, "utf8")).trim().split("\n");
    const columns = head.split(",");
    // Whoever is shown item-1 earns 3 more at the step after it.
    const before = new Map<string, string>();
    const changed = rows.map((row) => {
      const cells = row.split(",");
      const at = (name: string): number => columns.indexOf(name);
      if (before.get(cells[at("user_id")]) === "item-1") cells[at("reward")] = "3";
      before.set(cells[at("user_id")], cells[at("action")]);
      return cells.join(",");
    });
    await writeFile("carried.csv", `${[head, ...changed].join("\n")}\n`);
    const told = await select(
      "--run",
      "ddpg",
      "--log",
      "carried.csv",
      "--resamples",
      "200",
      "--discount",
      "0.8",
      "--json",
      "a.json",
    );
    assert.equal(told.status, 0, told.stderr);
    const { estimator, rows: found, logged } = JSON.parse(await readFile("a.json", "utf8"));
    assert.deepEqual([estimator.name, estimator.per], ["wpdis", "user"]);
    assert.match(
      told.stdout,
      /weighted per-decision IS for all\n {2}\(what is done changes what comes: after action "item-1"/,
    );
    await ran(
      "ope",
      describeOpe,
      "--log",
      "carried.csv",
      "--target-run",
      "ddpg",
      "--discount",
      "0.8",
      "--json",
      "card.json",
    );
    const { sequential } = JSON.parse(await readFile("card.json", "utf8"));
    near(found[0].value, sequential.estimators.wpdis.value);
    near(logged.value, sequential.logged.value);
    assert.equal(found[0].verdict, sequential.verdicts.wpdis.verdict);
    // Without steps nothing can be asked of the log, and that is said.
    const flat = [head, ...rows].map((row) =>
      row
        .split(",")
        .filter((_, i) => columns[i] !== "step")
        .join(","),
    );
    await writeFile("flat.csv", `${flat.join("\n")}\n`);
    assert.match(
      (await select("--run", "ddpg", "--log", "flat.csv", "--resamples", "200")).stdout,
      /the log has no steps of users/,
    );

    const refused = async (message: RegExp, ...argv: string[]): Promise<void> => {
      const { status, stderr } = await select(...argv);
      assert.equal(status, 2, stderr);
      assert.match(stderr, message);
    };
    await refused(/nowhere\/config\.yaml: is missing/, "--run", "nowhere", "--log", log);
    await refused(/ddpg: was given twice/, "--run", "ddpg", "./ddpg", "--log", log);
    await refused(/no run has probabilities/, "--run", "most-popular", "--log", log);
    await writeFile("foreign.csv", `${head}\n${rows[0].replace("user-0", "somebody")}\n`);
    await refused(
      /foreign\.csv:2: user "somebody" is not in the run's data/,
      "--run",
      "ddpg",
      "--log",
      "foreign.csv",
    );
    await writeFile("bare.csv", "round_id,action,reward\n1,item-1,1\n");
    await refused(/bare\.csv.*propensity/, "--run", "ddpg", "--log", "bare.csv");
  }));
