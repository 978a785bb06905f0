import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { describeEvaluate } from "./evaluate";
import { inNewFolder, quickSettings, ran, smallLog } from "./files.fixture";
import { describeMetrics } from "./metrics";
import { describeRecommend } from "./recommend";
import { describeTrain } from "./train";

const train = (...argv: string[]) => ran("train", describeTrain, ...argv);
const recommend = (...argv: string[]) => ran("recommend", describeRecommend, ...argv);
const evaluate = (...argv: string[]) => ran("evaluate", describeEvaluate, ...argv);

test("a log nobody has seen trains with one command and recommends with another, without its file", () =>
  inNewFolder(async () => {
    await writeFile("shop.csv", smallLog());
    const trained = await train("--interactions", "shop.csv", ...quickSettings, "--json", "train.json");
    assert.equal(trained.status, 0, trained.stderr);
    const run = join("data", "runs", "shop-ddpg-seed1");
    assert.match(trained.stdout, /run folder +data\/runs\/shop-ddpg-seed1/);
    assert.match(trained.stderr, /no weight|data: shop\.csv \(20 users, 160 interactions\)/);
    assert.equal(JSON.parse(await readFile("train.json", "utf8")).agent, "ddpg");

    const twice = await train("--interactions", "shop.csv", ...quickSettings);
    assert.equal(twice.status, 2);
    assert.match(twice.stderr, /shop-ddpg-seed1: is not empty, expected another --out/);

    await rm("shop.csv");
    const user = await recommend("--run", run, "--user", "ü-3", "--k", "4", "--json", "list.json");
    assert.equal(user.status, 0, user.stderr);
    const { recommendations } = JSON.parse(await readFile("list.json", "utf8"));
    assert.equal(recommendations.length, 4);
    const had = smallLog()
      .split("\n")
      .filter((line) => line.startsWith("ü-3,"));
    for (const { item_id: id, probability } of recommendations) {
      assert.ok(!had.some((line) => line.includes(`"${id}"`)), `${id} was had`);
      assert.ok(probability > 0 && probability < 1);
    }
    assert.deepEqual(
      recommendations.map((one: { rank: number }) => one.rank),
      [1, 2, 3, 4],
    );

    const random = await recommend("--run", run, "--random", "3", "--json", "list.json");
    assert.equal(random.status, 0);
    const three = JSON.parse(await readFile("list.json", "utf8"));
    assert.equal(three.given.length, 3);
    assert.equal(three.recommendations.length, 3);
    assert.deepEqual((await recommend("--run", run, "--random", "3")).stdout, random.stdout);

    const titled = await recommend("--run", run, "--items", "ITEM, 3; item 5; itm, 11", "--k", "3");
    assert.equal(titled.status, 0, titled.stderr);
    assert.match(titled.stdout, /given: item, 3; item, 5; item, 11/);
    const unclear = await recommend("--run", run, "--items", "item");
    assert.equal(unclear.status, 2);
    assert.match(unclear.stderr, /may mean any of\n {2}id:item, 0/);

    await writeFile("users.csv", "user_id\nü-1\nü-19\n");
    const batch = await recommend("--run", run, "--users", "users.csv", "--k", "2", "--out", "lists.csv");
    assert.equal(batch.status, 0, batch.stderr);
    const lines = (await readFile("lists.csv", "utf8")).trimEnd().split("\n");
    assert.equal(lines[0], "user_id,item_id,rank,score");
    assert.match(lines[1], /^ü-1,"item, \d+",1,-?[\d.e-]+$/);
    assert.equal(lines.length, 5);
    const both = ["--users", "users.csv", "--k", "2", "--out", "again.csv", "--json", "lists.json"];
    assert.equal((await recommend("--run", run, ...both)).status, 0);
    const written = JSON.parse(await readFile("lists.json", "utf8"));
    assert.deepEqual([written.users, written.rows], [2, 4]);
    assert.deepEqual(
      written.recommendations.map((one: Record<string, unknown>) => [
        ...[one.user_id, `"${one.item_id}"`, one.rank, one.score],
      ]),
      lines.slice(1).map((line) => {
        const [, user, item, rank, score] = /^([^,]+),("[^"]+"),(\d+),(.+)$/.exec(line)!;
        return [user, item, Number(rank), Number(score)];
      }),
    );
    await writeFile("users.csv", "user_id\nü-1\nnobody\nü-19\n");
    const stranger = await recommend(
      ...["--run", run, "--users", "users.csv", "--out", "no.csv", "--strict"],
    );
    assert.equal(stranger.status, 2);
    assert.match(stranger.stderr, /^users\.csv:3: user "nobody" is not in the run's log/);
    assert.ok(!existsSync("no.csv"));
    const mixed = await recommend("--run", run, "--users", "users.csv", "--k", "2");
    assert.match(mixed.stderr, /1 of 3 users are not in .*\(nobody\): their list is what is popular now/);
    const rows = mixed.stdout.trimEnd().split("\n");
    assert.deepEqual([rows[1], rows[2], rows[5], rows[6]], lines.slice(1), "the others get their own lists");
    assert.ok(rows[3].startsWith('nobody,"item, '));
    const strangers = Array.from({ length: 520 }, (_, i) => `stranger-${i}`); // more than are asked for at once
    await writeFile("users.csv", `user_id\n${strangers.join("\n")}\nü-1\nü-19\n`);
    const many = await recommend("--run", run, "--users", "users.csv", "--k", "2");
    assert.deepEqual(many.stdout.trimEnd().split("\n").slice(-4), lines.slice(1));
    const nobody = await recommend("--run", run, "--user", "nobody", "--k", "2", "--json", "list.json");
    assert.match(nobody.stderr, /user "nobody" is not in .*: the list is what is popular now/);
    const popular = JSON.parse(await readFile("list.json", "utf8")).recommendations;
    assert.deepEqual(
      popular.map((one: { item_id: string; rank: number }) => `nobody,"${one.item_id}",${one.rank}`),
      rows.slice(3, 5).map((line) => line.slice(0, line.lastIndexOf(","))),
    );
    const liking = ["--items", "item 5; item 11", "--k", "3", "--json", "list.json"];
    assert.equal((await recommend("--run", run, "--user", "nobody", ...liking)).status, 0);
    const byItems = await readFile("list.json", "utf8");
    assert.equal((await recommend("--run", run, ...liking)).status, 0);
    assert.equal(
      byItems,
      await readFile("list.json", "utf8"),
      "somebody new who names items gets what items give",
    );
    assert.equal((await recommend("--run", run, "--user", "ü-1", ...liking)).status, 2);
    assert.equal((await recommend("--run", run, "--user", "nobody", "--strict")).status, 2);

    const above = await recommend("--run", join("data", "runs"), "--random", "2");
    assert.equal(above.status, 2);
    assert.match(above.stderr, new RegExp(`holds runs and is none itself, expected one of them: .*${run}`));

    const judged = await evaluate("--run", run, "--no-controls", "--k", "5,10", "--json", "table.json");
    assert.equal(judged.status, 0, judged.stderr);
    const table = JSON.parse(await readFile("table.json", "utf8"));
    const names = table.rows.map((row: { name: string }) => row.name);
    for (const name of ["ddpg", "next-item", "Random", "MostPopular", "RecentPop", "EASE"])
      assert.ok(names.includes(name), name);
    const actor = table.rows.find((row: { name: string }) => row.name === "ddpg");
    assert.match(actor.stepZero.verdict, /step 0/);
    assert.ok(actor.intervals["10"].ndcg.lower <= actor.at["10"].ndcg);
    const sampled = await evaluate("--run", run, "--protocol", "ncf-99neg");
    assert.equal(sampled.status, 2);
    assert.match(sampled.stderr, /trained under the temporal protocol and has seen rows that ncf-99neg/);
    const replayed = await evaluate("--run", run, "--protocol", "drr-rerank", "--k", "2");
    assert.equal(replayed.status, 0, replayed.stderr);
    assert.match(
      replayed.stdout,
      /DRR-RERANK: \d+ users' own rated test items.*comparable with nothing else/,
    );
    assert.match(replayed.stdout, /Random .*\(\d\.\d{4} to \d\.\d{4}\)/);
    assert.equal((await evaluate("--run", run, "--protocol", "leave-one-out")).status, 2);
  }));

test("twelve kinds of broken logs are refused by line, and nothing is left behind", () =>
  inNewFolder(async () => {
    const head = "user_id,item_id,timestamp,rating\n";
    const row = "1,10,100,5\n";
    const broken: readonly (readonly [content: string, line: number])[] = [
      ["", 1],
      [head, 1],
      ["1,10,100,5\n2,11,101,4\n", 1],
      ["user_id,thing,rating\n1,2,3\n", 1],
      ["user_id,item_id,rating,rating\n1,2,3,4\n", 1],
      [`${head}${row},11,101,4\n`, 3],
      [`${head}${row}2,,101,4\n`, 3],
      [`${head}${row}2,11,101,good\n`, 3],
      [`${head}${row}2,11,101,-4\n`, 3],
      [`${head}${row}2,11,yesterday,4\n`, 3],
      [`${head}${row}2,11,101,4,5,6\n`, 3],
      [`${head}${row}2,11\n`, 3],
      [`${head}${row}2,"11,101,4\n`, 3],
    ];
    for (const [content, line] of broken) {
      await writeFile("bad.csv", content);
      const refused = await train("--interactions", "bad.csv");
      assert.equal(refused.status, 2, `${JSON.stringify(content)}: ${refused.stderr}`);
      assert.ok(
        refused.stderr.startsWith(`bad.csv:${line}: `),
        `${JSON.stringify(content)}: ${refused.stderr}`,
      );
      assert.equal(refused.stdout, "");
      assert.deepEqual(readdirSync("."), ["bad.csv"]);
    }
  }));

test("an empty cell in the column a reward is made of is refused by file, line and column", () =>
  inNewFolder(async () => {
    const [head, ...rows] = smallLog().trimEnd().split("\n");
    const log = [`${head},clicks`, ...rows.map((row, i) => `${row},${i === 40 ? "" : i % 3}`), ""];
    await writeFile("shop.csv", log.join("\n"));
    const asked = ["--interactions", "shop.csv", ...quickSettings, "--out"];
    const refused = await train(...asked, "run", "--set", "reward=clicks");
    assert.equal(refused.status, 2);
    assert.match(
      refused.stderr,
      /^shop\.csv:42: clicks is empty, expected a finite number, since the reward/,
    );
    assert.deepEqual(readdirSync("."), ["shop.csv"]);
    const skipped = await train(...asked, "run", "--skip-bad-rows", "--set", "reward={clicks: 2}");
    assert.equal(skipped.status, 0, skipped.stderr);
    assert.match(skipped.stderr, /1 bad rows were left out/);
    assert.equal((await train(...asked, "one", "--set", "reward=one")).status, 0);
  }));

test("bad settings are refused by line before any data is read", () =>
  inNewFolder(async () => {
    await writeFile("run.yaml", "seed: 1\nagent:\n  discout: 0.9\n");
    const slip = await train("--config", "run.yaml", "--interactions", "nowhere.csv");
    assert.equal(slip.status, 2);
    assert.match(
      slip.stderr,
      /^run\.yaml:3: unknown key "discout" of agent, expected one of name, discount, /,
    );
    assert.match(
      (await train("--agent", "dpg", "--dataset", "synthetic")).stderr,
      /unknown agent "dpg", expected one of ddpg, /,
    );
    assert.match(
      (await train("--interactions", "nowhere.csv")).stderr,
      /nowhere\.csv: there is no such file/,
    );
    assert.match((await train()).stderr, /which data is not said/);
    assert.match((await train("--resume", "--out", "nowhere")).stderr, /nowhere\/config\.yaml: is missing/);
    for (const [option, ...value] of [
      ...[
        ["--dataset", "synthetic"],
        ["--interactions", "a.csv"],
        ["--items", "b.csv"],
        ["--agent", "ddpg"],
      ],
      ...[["--config", "run.yaml"], ["--set", "seed=1"], ["--seed", "1"], ["--skip-bad-rows"], ["--full"]],
    ] as [string, ...string[]][]) {
      const ignored = await train("--resume", "--out", "nowhere", option, ...value);
      assert.equal(ignored.status, 2);
      assert.ok(ignored.stderr.startsWith(`${option}: not with --resume, `), ignored.stderr);
    }
  }));

test("every command shows its help, and bad usage is status 2", async () => {
  const commands = {
    train: describeTrain,
    recommend: describeRecommend,
    evaluate: describeEvaluate,
    metrics: describeMetrics,
  };
  for (const [name, describe] of Object.entries(commands)) {
    const help = await ran(name, describe, "--help");
    assert.equal(help.status, 0);
    assert.match(help.stdout, new RegExp(`^Usage: npm run -s ${name} -- `));
    const wrong = await ran(name, describe, "--nonsense");
    assert.equal(wrong.status, 2);
    assert.match(wrong.stderr, /^error: (unknown option|required option)/);
    assert.equal(wrong.stdout, "");
  }
  const { stdout } = await train("--help");
  assert.match(
    stdout,
    /\n {2}agent\.discount=0\.9\n {6}how much the next step counts \(γ\).*; a number in \[0, 1\)\n/,
  );
  assert.match(stdout, /\n {2}nextItem\.dropout=0\.5\n {6}share of .*; a number in \[0, 1\)\n/);
  assert.match((await train("--agent", "bcq", "--help")).stdout, /\n {2}agent\.latentWeight=0\.1\n/);
});

test("a process ends with the status, results on stdout, messages on stderr, no stack", () => {
  const file = join(__dirname, "metrics.ts");
  const argv = ["--import", "tsx", file, "--truth", "nowhere.csv", "--recommendations", "nowhere.csv"];
  const ended = spawnSync(process.execPath, argv, { cwd: join(__dirname, "..", ".."), encoding: "utf8" });
  assert.equal(ended.status, 2);
  assert.equal(ended.stdout, "");
  assert.equal(ended.stderr, "nowhere.csv: there is no such file, expected a CSV or Parquet file\n");
});
