import assert from "node:assert/strict";
import { mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { test } from "node:test";
import { openRun } from "../runs/openRun";
import { openServingLog } from "../serving/log/openServingLog";
import { loggedService } from "../serving/loggedService.fixture";
import { readerHistories } from "../serving/readerHistories";
import { inNewFolder, quickSettings, ran, smallLog } from "./files.fixture";
import { describeOpe } from "./ope";
import { describeTrain } from "./train";

async function ope(...argv: string[]) {
  const told = await ran("ope", describeOpe, ...argv, "--json", "card.json");
  const card = told.status === 0 ? JSON.parse(await readFile("card.json", "utf8")) : undefined;
  return { ...told, card };
}

async function trained(name: string, ...settings: string[]) {
  const options = ["--interactions", "shop.csv", ...settings, "--out", name];
  const told = await ran("train", describeTrain, ...options);
  assert.equal(told.status, 0, told.stderr);
  return openRun(name);
}

test("the log of a service: arms first, a run on its own slates weighs 1, another does not; rows are written on demand", () =>
  inNewFolder(async () => {
    await writeFile("shop.csv", smallLog());
    const a = await trained("a", ...quickSettings, "--set", "policy.exploration=0.3");
    const fixed = await trained("fixed", "--agent", "most-popular");
    const log = await openServingLog("served");
    const histories = await readerHistories("served");
    const service = loggedService({ fixed, a }, { log, histories, rules: { variety: 0.5, temperature: 2 } });
    // Readers of the run's data and new ones; those whose last digit is odd meet a.
    for (let round = 0; round < 3; round++)
      for (let reader = 0; reader < 20; reader++) {
        const isNew = reader % 4 > 1;
        const user_id = isNew ? `new-${reader}` : `ü-${reader}`;
        const items = isNew ? [`item, ${reader % 15}`] : [];
        const { slate_id, recommendations } = await service.recommend({ user_id, items, k: 3 });
        const reward = 1 + (reader % 2);
        const { item_id } = recommendations[(reader + round) % recommendations.length];
        if (reader % 3 !== 0) await service.feedback({ slate_id, item_id, reward, kind: "taken" });
        await service.feedback({ slate_id, item_id, reward: 50, kind: "seen" });
      }
    await log.close();

    const all = await ope("--log", "served");
    assert.equal(all.status, 0, all.stderr);
    assert.deepEqual(
      all.card.arms.map(({ policy, slates, readers }: Record<string, unknown>) => [policy, slates, readers]),
      [
        ["a", 30, 10],
        ["fixed", 30, 10],
      ],
    );
    assert.ok(all.stdout.trimStart().startsWith("arm"), "arms come first");
    assert.match(all.stdout, /fixed less a: -\d/);
    assert.match(
      all.stderr,
      /arm fixed: every propensity is 1, as of fixed lists.*leave them out with --arm/,
    );
    // Of a's readers, the odd ones, 3, 9 and 15 take nothing; the others take something that earns 2 each time.
    assert.ok(Math.abs(all.card.arms[0].value - (2 * 7) / 10) < 1e-9, "taken alone earns");

    const own = await ope("--log", "served", "--arm", "a", "--target-run", "a", "--write-log", "rows.csv");
    assert.equal(own.status, 0, own.stderr);
    assert.match(own.stderr, /rows\.csv: \d+ rows of 30 slates, \d+ with a reward/);
    for (const { maxWeight, meanWeight } of [own.card, own.card.slate, own.card.sequential].map(
      ({ diagnostics }) => diagnostics,
    )) {
      assert.ok(Math.abs(maxWeight - 1) < 1e-5, `${maxWeight}`);
      assert.ok(Math.abs(meanWeight - 1) < 1e-5, `${meanWeight}`);
    }
    assert.deepEqual([own.card.slate.units, own.card.sequential.units], [30, 10]);
    assert.equal(own.card.sequential.horizon, 3, "a slate is one step");
    assert.equal(own.card.diagnostics.unsupportedMass, undefined);
    assert.match(own.stdout, /what the log never shows +unknown/);
    const head = (await readFile("rows.csv", "utf8")).split("\n")[0];
    assert.equal(head, (await readFile("served/log.csv", "utf8")).split("\n")[0]);
    // Rows alone do not tell what was asked and taken.
    const rows = await ope("--log", "rows.csv", "--target-run", "a");
    assert.match(rows.stderr, /give its folder to --log|is not in the run's data/);

    // Fixed lists show nothing of what another policy would do.
    const certain = await ope("--log", "served", "--arm", "fixed", "--target-run", "a");
    assert.equal(certain.status, 0, certain.stderr);
    assert.equal(certain.card.verdict, "unreliable");
    assert.ok(certain.card.diagnostics.unsupportedMass > 0.3);
    assert.match(certain.stdout, /of its probability on actions the log never shows/);
    for (const part of ["slate", "sequential"] as const)
      assert.equal(certain.card[part].verdict, "unreliable");
    a.dispose();
    fixed.dispose();
  }));

test("a folder without a log, a log without a slate, an unknown arm, options that go with folders alone: status 2", () =>
  inNewFolder(async () => {
    await mkdir("empty");
    await (await openServingLog("none")).close();
    const log = await openServingLog("served");
    log.append({ slateId: log.newSlateId(), time: 1, policy: "a", items: [], probabilities: [] });
    log.append({ slateId: log.newSlateId(), time: 1, policy: "a", items: ["x"], probabilities: [1] });
    await log.close();
    await writeFile("log.csv", "round_id,action,reward,propensity\n1,a,1,0.5\n");
    for (const [argv, message] of [
      [["--log", "empty"], /empty: holds no log of a service, expected log-000001\.jsonl/],
      [["--log", "none"], /none: holds no log of a service/],
      [["--log", "served", "--arm", "b"], /served: holds no slate of b/],
      [
        ["--log", "log.csv", "--write-log", "out.csv"],
        /log\.csv: --write-log goes with the log of a service/,
      ],
      [["--log", "log.csv", "--arm", "a"], /log\.csv: --arm goes with the log of a service/],
    ] as const) {
      const { status, stderr } = await ope(...argv);
      assert.equal(status, 2, stderr);
      assert.match(stderr, message);
    }
    await assert.rejects(stat("out.csv"));
    assert.equal((await ope("--log", "served")).status, 0, "an empty slate is no row");
  }));
