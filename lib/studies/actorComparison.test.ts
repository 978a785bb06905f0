import assert from "node:assert/strict";
import { test } from "node:test";
import { actorComparison } from "./actorComparison";
import type { Judged } from "./judged";
import type { JudgedRow } from "./runMany";

/** Of fifty users under each seed: the level, and a little of their own. */
const judgedAt = (level: number, seed: number, start = 0.2): Judged => {
  const column = (base: number) => (): Float64Array =>
    Float64Array.from({ length: 50 }, (_, user) => base + 0.02 * ((user * 7 + seed) % 5));
  return {
    ...{ users: 50, column: column(level), coverage: () => 1 },
    stepZero: { column: column(start), changedLists: () => 0.5 },
  };
};
const rowOf = (name: string, levels: Readonly<Record<number, number>>, withoutCritic?: string): JudgedRow => {
  const seeds = Object.entries(levels).map(([seed, level]) => ({
    seed: Number(seed),
    judged: async () => judgedAt(level, Number(seed)),
  }));
  return { name, seeds, config: { agent: { name, criticWeight: 1 } }, withoutCritic } as unknown as JudgedRow;
};
const compared = async (own: Readonly<Record<number, number>>, without: Readonly<Record<number, number>>) => {
  const row = rowOf("ddpg", own, "critic off");
  const judged = await Promise.all(row.seeds.map((run) => run.judged()));
  return actorComparison(row, judged, { rows: [row, rowOf("critic off", without)], k: 10 });
};

test("a critic that brings more helped, one that brings less did harm, seed beside seed", async () => {
  const help = await compared({ 1: 0.4, 2: 0.5, 3: 0.6 }, { 3: 0.5, 2: 0.4, 1: 0.3 });
  assert.ok(Math.abs(help.fromWithoutCritic!.difference.mean - 0.1) < 1e-9);
  assert.ok(Math.abs(help.fromWithoutCritic!.difference.standardError) < 1e-9); // .1 under every seed
  assert.equal(help.fromWithoutCritic!.verdict, "the critic helped");
  assert.ok(Math.abs(help.fromStepZero.difference.mean - 0.3) < 1e-9);
  const harm = await compared({ 1: 0.3, 2: 0.4 }, { 1: 0.4, 2: 0.5 });
  assert.equal(harm.fromWithoutCritic!.verdict, "the critic did harm");
  const neither = await compared({ 1: 0.3, 2: 0.5 }, { 1: 0.5, 2: 0.3 });
  assert.ok(!/helped|harm/.test(neither.fromWithoutCritic!.verdict));
});
