import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { test } from "node:test";
import { random } from "../math/random";
import { banditWorld } from "../worlds/banditWorld";
import { inNewFolder, ran } from "./files.fixture";
import { describeOpe } from "./ope";

const ope = (...argv: string[]) => ran("ope", describeOpe, ...argv);

test("a log without propensities: fitted to the context, stamped, never ok; a missing context is noticed", () =>
  inNewFolder(async () => {
    const world = banditWorld(random(1), { actions: 5, contexts: 100, contextSize: 2 });
    const [behaviour, target] = [world.policy(3, random(2), 0), world.policy(6, random(3), 0)];
    const { actions, contexts, rewards } = world.collect(behaviour, 1500, random(4));
    const rows = (head: string, row: (i: number) => string): string =>
      `${head}\n${Array.from(actions, (_, i) => row(i)).join("\n")}\n`;
    await writeFile(
      "log.csv",
      rows("round_id,action,reward", (i) => `r${i},a${actions[i]},${rewards[i]}`),
    );
    const seen = (i: number, d: number): number => world.features[contexts[i] * 2 + d];
    const context = rows("x,round_id,y", (i) => `${seen(i, 0)},r${i},${seen(i, 1)}`);
    await writeFile("context.csv", context);
    await writeFile(
      "target.csv",
      rows("round_id,action,probability", (i) =>
        [0, 1, 2, 3, 4].map((a) => `r${i},a${a},${target[contexts[i] * 5 + a]}`).join("\n"),
      ),
    );
    const files = ["--log", "log.csv", "--target", "target.csv", "--json", "card.json"];
    const refused = await ope(...files);
    assert.equal(refused.status, 2);
    for (const [head, row] of [
      ["round_id,action,reward", (i: number) => `r${i},a,1`],
      ["round_id,user_id,action,reward", (i: number) => `r${i},u${i % 4},a,1`],
    ] as const) {
      const few = head.includes("user_id")
        ? Array.from({ length: 40 }, (_, i) => row(i))
        : [0, 1, 2, 3].map(row);
      await writeFile("few.csv", `${head}\n${few.join("\n")}\n`);
      const told = await ope("--log", "few.csv", "--estimate-propensities");
      assert.equal(told.status, 2);
      assert.match(
        told.stderr,
        /^few\.csv: 4 (rounds|users) are too few to estimate propensities from, expected at least 5/m,
      );
    }
    assert.match(refused.stderr, /log\.csv:1: no propensity column/);
    const card = async (...more: string[]) => {
      const told = await ope(...files, "--estimate-propensities", ...more);
      assert.equal(told.status, 0, told.stderr);
      assert.match(told.stdout, /propensities ESTIMATED/);
      return JSON.parse(await readFile("card.json", "utf8"));
    };
    const [blind, seeing] = [await card(), await card("--context", "context.csv")];
    assert.deepEqual([blind.propensities, blind.propensityModel.name], ["ESTIMATED", "frequencies"]);
    assert.match(seeing.propensityModel.name, /multinomial/);
    const off = ({ estimators }: typeof blind): number =>
      Math.abs(estimators.snips.value - world.valueOf(target));
    assert.ok(off(seeing) < off(blind), `${off(seeing)} ${off(blind)}`);
    assert.equal(blind.verdict, "unreliable");
    assert.match(blind.reasons.join(), /propensities are wrong/);
    assert.ok(Math.abs(seeing.diagnostics.meanWeight - 1) < Math.abs(blind.diagnostics.meanWeight - 1));
    for (const each of [blind, seeing]) {
      assert.notEqual(each.verdict, "ok");
      assert.match(each.reasons.join(), /ESTIMATED/);
      const { lowest, highest } = each.propensityModel.sensitivity;
      assert.ok(lowest < each.estimators.snips.value && each.estimators.snips.value < highest);
    }
    const bad: readonly (readonly [string, RegExp])[] = [
      [
        context.replace(/\n[^\n]*,r3,[^\n]*/, ""),
        /log\.csv:5: round "r3" has no context, expected a row in context\.csv/,
      ],
      [context.replace(",r3,", ",r2,"), /context\.csv:5: round_id "r2" comes twice/],
      [context.replace(/\n[^\n]*,r1,/, "\nx,r1,"), /context\.csv:3: x "x" is not a number/],
    ];
    for (const [text, message] of bad) {
      await writeFile("context.csv", text);
      const told = await ope(...files, "--estimate-propensities", "--context", "context.csv");
      assert.equal(told.status, 2);
      assert.match(told.stderr, message);
    }
    assert.equal((await ope(...files, "--context", "context.csv")).status, 2);
  }));
