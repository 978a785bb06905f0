import assert from "node:assert/strict";
import { test } from "node:test";
import { actorComparison } from "./actorComparison";
import type { Evaluated, EvaluatedRow, ListFigures } from "./evaluated";

/** Of fifty users under each seed: the level, and a little of their own. */
const evaluatedAt = (level: number, seed: number, start = 0.2): Evaluated => {
  const column = (base: number) => (): Float64Array =>
    Float64Array.from({ length: 50 }, (_, user) => base + 0.02 * ((user * 7 + seed) % 5));
  return {
    ...{ users: 50, column: column(level), lists: () => ({}) as ListFigures },
    stepZero: { column: column(start), changedLists: () => 0.5 },
  };
};
const rowOf = (name: string, levels: Readonly<Record<number, number>>, criticOff?: string): EvaluatedRow => {
  const seeds = Object.entries(levels).map(([seed, level]) => ({
    seed: Number(seed),
    evaluated: async () => evaluatedAt(level, Number(seed)),
  }));
  return {
    name,
    seeds,
    config: { agent: { name, criticWeight: 1 } },
    criticOff,
  } as unknown as EvaluatedRow;
};
const compared = async (own: Readonly<Record<number, number>>, without: Readonly<Record<number, number>>) => {
  const row = rowOf("ddpg", own, "critic off");
  const evaluated = await Promise.all(row.seeds.map((run) => run.evaluated()));
  return actorComparison(row, evaluated, { rows: [row, rowOf("critic off", without)], k: 10 });
};

test("a critic that brings more helped, one that brings less did harm, seed beside seed", async () => {
  const help = await compared({ 1: 0.4, 2: 0.5, 3: 0.6 }, { 3: 0.5, 2: 0.4, 1: 0.3 });
  assert.ok(Math.abs(help.fromCriticOff!.difference.mean - 0.1) < 1e-9);
  assert.ok(Math.abs(help.fromCriticOff!.difference.standardError) < 1e-9); // .1 under every seed
  assert.equal(help.fromCriticOff!.verdict, "the critic helped");
  assert.ok(Math.abs(help.fromStepZero.difference.mean - 0.3) < 1e-9);
  const harm = await compared({ 1: 0.3, 2: 0.4 }, { 1: 0.4, 2: 0.5 });
  assert.equal(harm.fromCriticOff!.verdict, "the critic did harm");
  const neither = await compared({ 1: 0.3, 2: 0.5 }, { 1: 0.5, 2: 0.3 });
  assert.ok(!/helped|harm/.test(neither.fromCriticOff!.verdict));
});
