import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { defaultSettings } from "../baselines/settings";
import { catalogOfIds } from "../data/catalog";
import type { Dataset } from "../data/dataset";
import { smallLog } from "../data/smallLog.fixture";
import { agentEntry } from "../settings/agents";
import { resolveConfig } from "../settings/resolveConfig";
import { evaluateBaselines, fittedBaselines } from "../studies/evaluateBaselines";
import { readEvaluated } from "../studies/evaluated";
import type { PlannedRow } from "../studies/plan";
import { prepareData } from "./preparedData";
import { sharedBaselineSettings } from "./sharedBaselines";
import { trainRun } from "./trainRun";

const root = mkdtemp(join(tmpdir(), "offshelf-leave-one-out-"));
after(async () => rm(await root, { recursive: true, force: true }));

/**
 * A row a day. Users 0 to 2 read item 0; the crowd, whose two rows are both learned from, reads 1 and 3; users 0 to 2
 * read 1, which validates; the crowd reads 2; users 0 to 2 read 2, which tests. What is popular at the moment is
 * right each time, and wrong at the other: 2 before validation is not read yet, and 3 was popular then alone.
 */
const [readers, crowd] = [
  [0, 1, 2],
  [3, 4, 5, 6, 7],
];
const all = (users: readonly number[], items: readonly number[]) =>
  users.map((user, i) => [user, items[i], 5] as const);
const interactions = smallLog(
  [
    ...all(readers, [0, 0, 0]),
    ...all(crowd, [3, 1, 1, 3, 1]),
    ...all(readers, [1, 1, 1]),
    ...all(crowd, [2, 2, 2, 2, 2]),
    ...all(readers, [2, 2, 2]),
  ],
  { users: 8, items: 5, order: "timestamp" },
);
const dataset: Dataset = {
  ...{ name: "hand", label: "hand", origin: "made here", skippedRows: 0, notices: [] },
  interactions,
  catalog: catalogOfIds(interactions.itemIds),
};
const data = prepareData(dataset, { protocol: "leave-one-out" });
const settled = (...set: string[]) =>
  resolveConfig({ agent: "recent-popularity", set: ["protocol=leave-one-out", ...set] });

test("a run of recent popularity is validated at the moments of the validation rows, tuned or not", async () => {
  const windowOf = async (folder: string, ...set: string[]) => {
    const made = await trainRun({
      folder: join(await root, folder),
      root: await root,
      dataset,
      config: settled(...set),
    });
    return { window: made.baseline!.recentPopularity.window, ndcg: made.validation?.ndcg.mean };
  };
  const usual = defaultSettings(interactions, data.split).recentPopularity.window;
  assert.deepEqual(await windowOf("usual", "agent.tune=false"), { window: usual, ndcg: 1 });
  // All lengths are right on validation, and of equals the first is taken.
  assert.deepEqual(await windowOf("tuned", "agent.tune=true"), { window: 3, ndcg: 1 });
  // With validation rows learned from, nothing can be chosen on them: what train rows alone chose stands.
  const refitted = await windowOf("refitted", "agent.tune=true", "refit=true");
  assert.deepEqual(refitted, { window: 3, ndcg: undefined });
});

test("settings for refitted rows are those that train rows alone choose, made first or not", async () => {
  const folder = await mkdtemp(join(await root, "fresh-"));
  const both = prepareData(dataset, { protocol: "leave-one-out", refit: true });
  const refitted = await sharedBaselineSettings(both, { root: folder });
  assert.equal(refitted.recentPopularity.window, 3);
  assert.deepEqual(await sharedBaselineSettings(data, { root: folder }), refitted);
});

test("a study asks recent popularity at the moments of the test rows, tuned or not, and keeps what it gave", async () => {
  const folder = await root;
  const rows = ["agent.tune=false", "agent.tune=true"].map(
    (tune): PlannedRow => ({
      ...{ name: tune, role: "compulsory", config: settled(tune), runs: [] },
      entry: agentEntry("recent-popularity"),
      fitted: { figures: join(folder, `${tune}.arrays`) },
    }),
  );
  const on = { task: data.test(), ks: [1], trainCounts: new Float64Array(5).fill(1) };
  const evaluated = await evaluateBaselines(rows, data, on, { root: folder });
  for (const row of rows) {
    assert.deepEqual([...(await evaluated.get(row)!()).column("ndcg", 1)], [1, 1, 1], row.name);
    assert.ok(await readEvaluated(row.fitted!.figures!, on));
  }
});

test("beside finished runs recent popularity is asked at the moments of the test rows", async () => {
  const recommenders = await fittedBaselines(data, { root: await root });
  const recent = recommenders.find(({ name }) => name === "RecentPop")!;
  assert.deepEqual([...recent.recommend(data.test().histories, 1).items], [2, 2, 2]);
});
