import assert from "node:assert/strict";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { inNewFolder, quickSettings, ran, smallLog } from "./files.fixture";
import { describeOpe } from "./ope";
import { describeSimulate } from "./simulate";
import { describeTrain } from "./train";

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
    assert.deepEqual(interactions[0], [
      "user_id",
      "item_id",
      "timestamp",
      "weight",
      "propensity",
      "terminal",
    ]);
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

test("a trained run makes the log: its values, its probabilities as a target, and what does not fit it", () =>
  inNewFolder(async () => {
    const satiation = ["--world", "satiation", "--steps", "6", "--discount", "0.9"];
    const made = await simulate(...satiation, "--users", "60", "--out", "sim");
    assert.equal(made.status, 0, made.stderr);
    const files = ["--interactions", join("sim", "interactions.csv"), "--items", join("sim", "items.csv")];
    const trained = await ran(
      ...(["train", describeTrain] as const),
      ...[...files, "--agent", "next-item", "--out", "run", ...quickSettings.slice(0, 6)],
    );
    assert.equal(trained.status, 0, trained.stderr);

    const few = ["--users", "20", "--value-users", "300"];
    const served = await simulate(
      ...[
        ...satiation,
        ...few,
        "--run",
        "run",
        "--target",
        "run:run",
        "--target",
        "greedy",
        "--out",
        "served",
      ],
    );
    assert.equal(served.status, 0, served.stderr);
    assert.match(served.stdout, /places filled by run:run/);
    const value = JSON.parse(await readFile(join("served", "value.json"), "utf8"));
    assert.deepEqual(Object.keys(value), ["run:run", "greedy"]);
    assert.ok(value["run:run"].standardError > 0 && value["run:run"].value < 7.06);
    // Who made the log, asked as a target, says of what was shown what the log says.
    const again = new Map<string, string>();
    const sums = new Map<string, number>();
    for (const [round, action, probability] of (await rowsOf(join("served", "target-run-run.csv"))).slice(
      1,
    )) {
      again.set(`${round} ${action}`, probability);
      sums.set(round, (sums.get(round) ?? 0) + Number(probability));
    }
    for (const row of (await rowsOf(join("served", "rounds.csv"))).slice(1))
      assert.equal(again.get(`${row[0]} ${row[3]}`), row[5], row.join());
    for (const sum of sums.values()) assert.ok(Math.abs(sum - 1) < 1e-9);

    const foreign = await simulate("--world", "dirichlet", "--run", "run", "--out", "none");
    assert.equal(foreign.status, 2);
    assert.match(foreign.stderr, /3 of the run's 3 items are not in world dirichlet, such as "genre-0"/);
    const both = await simulate(
      "--world",
      "satiation",
      "--run",
      "run",
      "--policy",
      "greedy",
      "--out",
      "none",
    );
    assert.match(both.stderr, /--run: not with --policy/);
    assert.equal((await simulate("--world", "satiation", "--run", "nowhere", "--out", "none")).status, 2);
  }));

test("memory: fitted to a log of one's own; its validity is said and kept; titles with commas stay one field", () =>
  inNewFolder(async () => {
    await writeFile("log.csv", smallLog());
    const world = ["--world", "memory", "--interactions", "log.csv", "--value-users", "50"];
    const set = ["width=3", "similarity=linear", "positive=2", "steps=3"].flatMap((each) => ["--set", each]);
    const made = await simulate(...world, ...set, "--users", "10", "--policy", "popular", "--out", "sim");
    assert.equal(made.status, 0, made.stderr);
    assert.match(made.stdout, /truth of this world is the memory's, never that of readers/);
    assert.match(made.stdout, /beware +the memory says no more of other users than each item's own rates/);
    const validity = JSON.parse(await readFile(join("sim", "validity.json"), "utf8"));
    assert.deepEqual([validity.users, validity.rows, validity.entries], [10, 80, 80]);
    assert.ok(validity.unsupported >= 0 && validity.unsupported <= 1);
    assert.match(await readFile(join("sim", "items.csv"), "utf8"), /^"item, \d+","item, \d+",$/m);
    assert.match(await readFile(join("sim", "rounds.csv"), "utf8"), /^0,user-0,0,"item, \d+",[01],1$/m);
  }));

for (const [argv, said] of [
  [["--world", "mars"], /no world mars, expected one of dirichlet, satiation/],
  [["--world", "satiation", "--policy", "clever"], /no policy clever, expected one of random, greedy/],
  [["--world", "memory"], /fitted to a log, and which is not said, expected --dataset NAME/],
  [["--world", "satiation", "--dataset", "synthetic"], /world satiation is fitted to no log/],
  [["--world", "interest-evolution", "--policy", "optimal"], /optimal: its optimum cannot be computed/],
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

test("readers of a service: what does not go with it is refused, and a service that is not there", () =>
  inNewFolder(async () => {
    const at = ["--world", "satiation", "--service", "http://127.0.0.1:9"];
    for (const [more, message] of [
      [["--out", "x"], /--out: not with --service, expected the service recommends/],
      [["--policy", "greedy"], /--policy: not with --service/],
      [["--value-users", "3"], /--value-users: not with --service/],
      [[], /http:\/\/127\.0\.0\.1:9 does not answer/],
    ] as const) {
      const { status, stderr } = await ran("simulate", describeSimulate, ...at, ...more);
      assert.equal(status, 2, stderr);
      assert.match(stderr, message);
    }
    const bare = await ran("simulate", describeSimulate, "--world", "satiation");
    assert.deepEqual([bare.status, /required option '--out <folder>'/.test(bare.stderr)], [2, true]);
  }));
