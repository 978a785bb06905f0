import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { test } from "node:test";
import { describeEvaluate } from "./evaluate";
import { inNewFolder, ran, smallLog } from "./files.fixture";
import { describeRecommend } from "./recommend";
import { describeTrain } from "./train";

const train = (...argv: string[]) => ran("train", describeTrain, ...argv);
const recommend = (...argv: string[]) => ran("recommend", describeRecommend, ...argv);

const names = ["q-learning", "sarsa", "lin-ucb"];

for (const agent of names)
  test(`${agent} trains from a CSV and recommends in all four ways, with probabilities`, () =>
    inNewFolder(async () => {
      await writeFile("shop.csv", smallLog());
      await writeFile("users.csv", "user_id\nü-1\nü-19\n");
      const asked = ["--interactions", "shop.csv", "--agent", agent];
      const trained = await train(...asked, "--out", agent);
      assert.equal(trained.status, 0, trained.stderr);
      const ways = [
        ["--user", "ü-3"],
        ["--items", "ITEM, 3; item 5"],
        ["--random", "3"],
      ];
      for (const way of ways) {
        const list = await recommend("--run", agent, ...way, "--k", "4", "--json", "list.json");
        assert.equal(list.status, 0, list.stderr);
        const { given, recommendations } = JSON.parse(await readFile("list.json", "utf8"));
        assert.equal(recommendations.length, 4);
        const had = smallLog()
          .split("\n")
          .filter((line) => line.startsWith("ü-3,"));
        let before = 1;
        for (const { item_id: id, probability } of recommendations) {
          assert.ok(!given.some((one: { item_id: string }) => one.item_id === id));
          if (way[0] === "--user") assert.ok(!had.some((line) => line.includes(`"${id}"`)));
          assert.ok(probability > 0 && probability <= before);
          before = probability;
        }
      }
      const batch = await recommend("--run", agent, "--users", "users.csv", "--k", "2");
      assert.equal(batch.status, 0, batch.stderr);
      assert.equal(batch.stdout.trimEnd().split("\n").length, 5);
      const refused = await train(...asked, "--out", "no", "--set", "agent.temperature=0");
      assert.equal(refused.status, 2);
      assert.match(
        refused.stderr,
        /^--set agent\.temperature=0: agent\.temperature is 0, expected a number above 0$/m,
      );
    }));

test("they stand in one table, as agents, and --help names them", () =>
  inNewFolder(async () => {
    await writeFile("shop.csv", smallLog());
    for (const agent of names)
      assert.equal((await train("--interactions", "shop.csv", "--agent", agent, "--out", agent)).status, 0);
    const judged = await ran(
      "evaluate",
      describeEvaluate,
      "--run",
      ...names,
      "--k",
      "5",
      "--json",
      "table.json",
    );
    assert.equal(judged.status, 0, judged.stderr);
    const { rows } = JSON.parse(await readFile("table.json", "utf8"));
    for (const agent of names)
      assert.equal(rows.find((row: { name: string }) => row.name === agent).kind, "agent");
    const { stdout } = await train("--help");
    for (const agent of names) assert.match(stdout, new RegExp(`^ {2}${agent} +\\w`, "m"));
  }));
