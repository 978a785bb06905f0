import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { test } from "node:test";
import { inNewFolder, quickSettings, ran, smallLog } from "./files.fixture";
import { describeRecommend } from "./recommend";
import { describeTrain } from "./train";

test("what the items file says is unavailable is never recommended, by an actor, a classic or a baseline", () =>
  inNewFolder(async () => {
    await writeFile("log.csv", smallLog());
    const gone = [2, 5, 7];
    const items = Array.from(
      { length: 15 },
      (_, row) => `"item, ${row}","Title ${row}",${gone.includes(row) ? "no" : "yes"}`,
    );
    await writeFile("items.csv", `item_id,title,available\n${items.join("\n")}\n`);
    for (const [agent, ...set] of [
      ["ddpg", ...quickSettings],
      ["dqn", ...quickSettings.slice(0, -4), "--set", "agent.hidden=[8]"],
      ["lin-ucb", "--set", "agent.vectorWidth=4"],
      ["most-popular"],
    ] as [string, ...string[]][]) {
      const out = `run-${agent}`;
      const files = ["--interactions", "log.csv", "--items", "items.csv"];
      const trained = await ran("train", describeTrain, ...files, "--agent", agent, "--out", out, ...set);
      assert.equal(trained.status, 0, trained.stderr);
      const asked = await ran("recommend", describeRecommend, "--run", out, "--user", "ü-3", "--k", "15");
      assert.equal(asked.status, 0, asked.stderr);
      assert.match(asked.stdout, /Title \d/);
      for (const row of gone) assert.doesNotMatch(asked.stdout, new RegExp(`Title ${row}\\b`), agent);
    }
  }));
