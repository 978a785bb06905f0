import assert from "node:assert/strict";
import { test } from "node:test";
import { parseConfig } from "../settings/readConfig";
import { resolveLogs } from "../settings/studyConfig";
import { carryOver, carryOverNotes, carryOverPage } from "./carryOver";
import type { EvaluatedRow } from "./evaluated";
import type { ExecutedStudy } from "./execute";

/** A row of a table with NDCG@10 by seed and user. */
const row = (name: string, kind: string, seeds: number[][], stepZero?: number[][]): EvaluatedRow =>
  ({
    name,
    entry: { kind },
    seeds: seeds.map((ndcg, s) => ({
      seed: s + 1,
      evaluated: async () => ({
        column: () => Float64Array.from(ndcg),
        ...(stepZero && { stepZero: { column: () => Float64Array.from(stepZero[s]) } }),
      }),
    })),
  }) as unknown as EvaluatedRow;
const runsOf = (...rows: EvaluatedRow[]): ExecutedStudy => ({ users: 4, rows }) as unknown as ExecutedStudy;

test("the first model stands against the best baseline of each log, never against its own start or another agent", async () => {
  const better = runsOf(
    row("default", "actor-critic", [[1, 1, 1, 0.8]], [[0.5, 0.5, 0.5, 0.5]]),
    row("its start", "supervised", [[9, 9, 9, 9]]),
    row("TD3", "actor-critic", [[8, 8, 8, 8]]),
    row("GRU", "supervised", [[0.5, 0.6, 0.7, 0.6]]),
    row("EASE", "baseline", [[0.1, 0.2, 0.3, 0.4]]),
  );
  const worse = runsOf(
    row("default", "actor-critic", [[0.2, 0.2, 0.3, 0.2]]),
    row("GRU", "supervised", [[0.1, 0.1, 0.1, 0.1]]),
    row("EASE", "baseline", [[0.4, 0.4, 0.5, 0.4]]),
  );
  const table = await carryOver(
    [
      { label: "one", runs: better },
      { label: "two", runs: worse },
    ],
    { k: 10, own: ["its start"] },
  );
  const near = (got: number, wanted: number): void => assert.ok(Math.abs(got - wanted) < 1e-12, `${got}`);
  const [one, two] = table.rows;
  assert.deepEqual([table.model, one.best.name, two.best.name], ["default", "GRU", "EASE"]);
  near(one.best.ndcg, 0.6);
  near(one.model, 0.95);
  near(one.difference.mean, 0.35);
  near(one.fromStepZero!.mean, 0.45);
  assert.equal(two.fromStepZero, undefined);
  near(two.difference.mean, -0.2);
  near(table.mean, 0.075);
  near(table.meanShare, (0.35 / 0.6 - 0.2 / 0.425) / 2);
  // Users differ by one value everywhere on the second log: p is 0 there, and Holm doubles the smaller of the two.
  near(two.adjusted, 0);
  near(one.adjusted, one.difference.p!);
  assert.match(carryOverNotes(table).join("\n"), /default is behind the best baseline on two\./);
  assert.match(carryOverPage(table), /\| two \| 4 \| EASE \| \.4250 \| \.2250 \| −\.2000/);
});

test("runs are paired by their seed, and a log without a pair is left out and named", async () => {
  const seeded = (name: string, kind: string, seeds: Record<number, number[]>): EvaluatedRow =>
    ({
      name,
      entry: { kind },
      seeds: Object.entries(seeds).map(([seed, ndcg]) => ({
        seed: Number(seed),
        evaluated: async () => ({ column: () => Float64Array.from(ndcg) }),
      })),
    }) as unknown as EvaluatedRow;
  // Alike seed by seed; the first runs of either differ much.
  const runs = runsOf(
    seeded("default", "actor-critic", { 2: [0.4, 0.5, 0.4, 0.5], 3: [0.9, 0.8, 0.9, 0.8] }),
    seeded("GRU", "supervised", {
      1: [0.1, 0.1, 0.1, 0.1],
      2: [0.4, 0.5, 0.4, 0.5],
      3: [0.9, 0.8, 0.9, 0.8],
    }),
  );
  const none = runsOf(seeded("default", "actor-critic", {}), seeded("GRU", "supervised", { 1: [0.1] }));
  const table = await carryOver(
    [
      { label: "whole", runs },
      { label: "diverged", runs: none },
    ],
    { k: 10, own: [] },
  );
  assert.equal(table.rows.length, 1);
  assert.equal(table.rows[0].difference.mean, 0);
  assert.deepEqual(table.left, ["diverged"]);
  assert.match(carryOverNotes(table).join("\n"), /Left out, since its runs diverged: diverged\./);
});

const file = (logs: string) =>
  parseConfig(
    `data: { validationRatio: 0.2 }\nlogs:\n${logs}\ntraining: { seeds: 2 }\nmodels:\n  - type: ddpg\n`,
    "logs.yaml",
  );

test("each log of a file is an experiment of its own, its data laid over what all share", () => {
  const logs = resolveLogs(
    file(`  - { name: By time, dataset: ml-100k }
  - { name: other, dataset: synthetic, users: 50, validationRatio: 0.1 }`),
    ["training.seeds=[7]"],
  )!;
  assert.deepEqual(
    logs.map(({ label, study: { name, data, seeds, models } }) => [
      label,
      name,
      data,
      seeds,
      models[0].config.validationRatio,
    ]),
    [
      ["By time", "by-time", { dataset: "ml-100k", validationRatio: 0.2 }, [7], 0.2],
      ["other", "other", { dataset: "synthetic", users: 50, validationRatio: 0.1 }, [7], 0.1],
    ],
  );
  assert.equal(
    resolveLogs(parseConfig("data: { dataset: ml-100k }\nmodels: [{ type: ddpg }]", "one")),
    undefined,
  );
});

test("what is wrong with a log is named by its own line", () => {
  const refused = (logs: string, message: RegExp): void =>
    assert.throws(() => resolveLogs(file(logs)), message);
  refused(
    "  - { name: a, dataset: ml-100k }\n  - { name: a, dataset: synthetic }",
    /logs.yaml:4: .*comes twice/,
  );
  refused(
    "  - { name: a, dataset: ml-100k }\n  - { name: b, dataset: ml-100k, users: 40 }",
    /logs.yaml:4: users/,
  );
  refused("  - { name: a, dataset: ml-100k, colour: red }", /logs.yaml:3: unknown key "colour"/);
});
