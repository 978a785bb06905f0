import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { inNewFolder, ran } from "./files.fixture";
import { describeOpe } from "./ope";
import { describeSimulate } from "./simulate";

const simulate = (...argv: string[]) => ran("simulate", describeSimulate, ...argv);

async function rowsOf(file: string): Promise<string[][]> {
  const text = await readFile(file, "utf8");
  return text
    .trimEnd()
    .split("\n")
    .map((line) => line.split(","));
}

test("satiation: the log judges another policy as its exact value says, step by step", () =>
  inNewFolder(async () => {
    const set = ["--set", "genres=2", "--set", "leave=[0.4]", "--set", "fatigue=0.3"];
    const policies = ["--policy", "epsilon-greedy", "--epsilon", "0.8", "--target", "least-satiated"];
    const made = await simulate(
      "--world",
      "satiation",
      ...set,
      ...policies,
      "--users",
      "3000",
      "--discount",
      "0.9",
      "--out",
      "log",
    );
    assert.equal(made.status, 0, made.stderr);
    const value = JSON.parse(await readFile(join("log", "value.json"), "utf8"));
    assert.equal(value["least-satiated"].standardError, 0);
    assert.match(made.stdout, /least-satiated +\d\.\d{4} +exact/);

    const rounds = await rowsOf(join("log", "rounds.csv"));
    assert.deepEqual(rounds[0], ["round_id", "user_id", "step", "action", "reward", "propensity"]);
    const targets = await rowsOf(join("log", "target.csv"));
    assert.equal(targets.length - 1, 2 * (rounds.length - 1));
    const interactions = await rowsOf(join("log", "interactions.csv"));
    assert.deepEqual(interactions[0], ["user_id", "item_id", "timestamp", "weight", "propensity"]);
    assert.equal(interactions.length, rounds.length);
    for (const [, , , , , propensity] of rounds.slice(1))
      assert.ok(["0.4", "0.6"].includes(Number(propensity).toFixed(1)));

    const judged = await ran(
      ...(["ope", describeOpe] as const),
      ...["--log", join("log", "rounds.csv"), "--target", join("log", "target.csv")],
      ...["--discount", "0.9", "--json", "ope.json"],
    );
    assert.equal(judged.status, 0, judged.stderr);
    const { sequential } = JSON.parse(await readFile("ope.json", "utf8"));
    const { lower, upper } = sequential.estimators.pdis;
    const truth = value["least-satiated"].value;
    assert.ok(lower < truth && truth < upper, `${lower} ${truth} ${upper}`);
  }));

test("interest-evolution: slates with probabilities of topics given those above; the same seed, the same bytes", () =>
  inNewFolder(async () => {
    const run = (out: string) =>
      simulate(
        "--world",
        "interest-evolution",
        "--users",
        "5",
        "--steps",
        "4",
        "--target",
        "greedy",
        "--target",
        "random",
        "--out",
        out,
      );
    assert.equal((await run("a")).status, 0);
    assert.equal((await run("b")).status, 0);
    for (const file of await readdir("a"))
      assert.equal(await readFile(join("a", file), "utf8"), await readFile(join("b", file), "utf8"), file);
    const rounds = await rowsOf(join("a", "rounds.csv"));
    assert.deepEqual(rounds[0].slice(-2), ["slate_id", "position"]);
    assert.equal(rounds.length - 1, 5 * 4 * 3);
    const sums = new Map<string, number>();
    for (const [round, , probability] of (await rowsOf(join("a", "target-greedy.csv"))).slice(1))
      sums.set(round, (sums.get(round) ?? 0) + Number(probability));
    for (const sum of sums.values()) assert.ok(Math.abs(sum - 1) < 1e-9);
    // Who made the log, asked as a target, says of what was shown what the log says, of topics with several documents too.
    const again = new Map<string, string>();
    for (const [round, action, probability] of await rowsOf(join("a", "target-random.csv")))
      again.set(`${round} ${action}`, probability);
    for (const row of rounds.slice(1))
      assert.ok(Math.abs(Number(again.get(`${row[0]} ${row[2]}`)) - Number(row[4])) < 1e-12, row.join());
    // Chance shows a topic as often as it stands among the documents that are left.
    for (const row of rounds.slice(1)) {
      const left = 10 - Number(row.at(-1));
      const documents = Number(row[4]) * left;
      assert.ok(Math.abs(documents - Math.round(documents)) < 1e-9 && documents > 0.5, row.join());
    }
    const taken = await rowsOf(join("a", "interactions.csv"));
    assert.equal(taken.length - 1, rounds.slice(1).filter((row) => Number(row[3]) > 0).length);
  }));

test("a target that knows readers is asked before they change: of greedy's own log it is certain", () =>
  inNewFolder(async () => {
    const policies = ["--policy", "greedy", "--target", "greedy", "--set", "fatigue=0.5"];
    assert.equal(
      (await simulate("--world", "dirichlet", ...policies, "--users", "5", "--steps", "9", "--out", "log"))
        .status,
      0,
    );
    const shown = new Set(
      (await rowsOf(join("log", "rounds.csv"))).slice(1).map((row) => `${row[0]} ${row[3]}`),
    );
    const certain = (await rowsOf(join("log", "target.csv"))).filter((row) => row[2] === "1");
    assert.deepEqual(new Set(certain.map((row) => `${row[0]} ${row[1]}`)), shown);
    assert.equal(shown.size, 45);
  }));

for (const [argv, said] of [
  [["--world", "mars"], /no world mars, expected one of dirichlet, satiation/],
  [["--world", "satiation", "--policy", "clever"], /no policy clever, expected one of random, greedy/],
  [["--world", "satiation", "--set", "genre=4"], /known settings, got "genre"/],
  [["--world", "boredom", "--target", "random"], /up to 200 choices where there are targets, got 1000/],
] as const)
  test(`refused with what was expected: ${argv.join(" ")}`, () =>
    inNewFolder(async () => {
      const { status, stderr } = await simulate(...argv, "--users", "2", "--out", "log");
      assert.equal(status, 2, stderr);
      assert.match(stderr, said);
      assert.deepEqual(await readdir("."), []);
    }));
