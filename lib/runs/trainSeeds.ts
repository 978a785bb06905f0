import { type Interval, pairedDifference } from "../math/bootstrap";
import { random } from "../math/random";
import type { Evaluation } from "../metrics/evaluate";
import { type AnyAgent, type SettingsOf, type TrainedRun, type TrainOptions, train } from "./train";

/**
 * The same training once a seed: everything but the seed is equal.
 *
 * @param options as for `train`, with `seeds` in place of `seed`
 * @throws as `train` does, or without seeds.
 * @example const runs = await trainSeeds(ddpg, { data, model, settings, steps: 3000, seeds: [1, 2, 3] });
 */
export async function trainSeeds<A extends string | AnyAgent>(
  agent: A,
  options: Omit<TrainOptions<SettingsOf<A>>, "seed"> & { readonly seeds: readonly number[] },
): Promise<TrainedRun[]> {
  const { seeds, ...rest } = options;
  if (seeds.length === 0) throw new Error("trainSeeds requires at least one seed, got none");
  const runs: TrainedRun[] = [];
  for (const seed of seeds)
    runs.push(await train(agent, { ...rest, seed } as unknown as TrainOptions<SettingsOf<A>>));
  return runs;
}

/** A curve of several runs: its mean, and the lowest and highest of them, at the steps that all of them have. */
export interface SeedsCurve {
  readonly name: string;
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly lower: readonly number[];
  readonly upper: readonly number[];
}

/** How a curve of several runs is drawn. */
interface CurveOptions {
  readonly name?: string;
  readonly perStep?: number;
  readonly until?: number;
  readonly at?: readonly number[];
}

/**
 * One of the curves of runs that differ in their seed, as `lines` draws it: the mean as the line, and a band from the
 * lowest to the highest run (a range, not an interval).
 *
 * @param key a name in `run.curves`, such as "validationNdcg", "meanQ", "actorQ", "distinctItems"
 * @param options.perStep what a step counts on the axis: ½ shows updates of an actor that moves every second time
 * @param options.until where the axis ends
 * @param options.at keeps these places of the axis alone, so that two curves are seen at the same ones
 * @throws when no run has that curve.
 * @example lines([curveOfSeeds(plain, "actorQ"), curveOfSeeds(held, "actorQ")])
 */
export function curveOfSeeds(
  runs: readonly Pick<TrainedRun, "name" | "curves">[],
  key: string,
  {
    name = runs[0]?.name ?? "",
    perStep = 1,
    until = Number.POSITIVE_INFINITY,
    at: places,
  }: CurveOptions = {},
): SeedsCurve {
  const curves = runs.map((run) => {
    const curve = run.curves[key];
    if (curve === undefined)
      throw new Error(
        `curveOfSeeds requires a curve of ${run.name}, got ${key}: it has ${Object.keys(run.curves).join(", ")}`,
      );
    return new Map(Array.from(curve.steps, (step, i) => [step, curve.values[i]] as const));
  });
  if (curves.length === 0) throw new Error("curveOfSeeds requires at least one run, got none");
  const steps = [...curves[0].keys()].filter(
    (step) =>
      step * perStep <= until &&
      (places === undefined || places.includes(step * perStep)) &&
      curves.every((curve) => curve.has(step)),
  );
  const at = steps.map((step) => curves.map((curve) => curve.get(step) as number));
  return {
    name,
    x: steps.map((step) => perStep * step),
    y: at.map((values) => values.reduce((sum, value) => sum + value, 0) / values.length),
    lower: at.map((values) => Math.min(...values)),
    upper: at.map((values) => Math.max(...values)),
  };
}

/**
 * Where a curve of some runs ends: the mean of their last values, with the lowest and the highest of them.
 *
 * @throws when no run has that curve.
 * @example endOfSeeds(plain, "distinctItems") // { mean: 77, lower: 54, upper: 94 }
 */
export function endOfSeeds(
  runs: readonly Pick<TrainedRun, "name" | "curves">[],
  key: string,
): { readonly mean: number; readonly lower: number; readonly upper: number } {
  const { y, lower, upper } = curveOfSeeds(runs, key);
  return { mean: y[y.length - 1], lower: lower[lower.length - 1], upper: upper[upper.length - 1] };
}

/**
 * Several curves of some runs as `learningCurves` draws them, with bands from the lowest to the highest run.
 *
 * @param keys names in `run.curves`
 * @param options.from the step at which the first update is drawn: an agent without a warm-up beside one with it
 * @throws when no run has one of the curves.
 * @example learningCurves({ curves: [measuresOfSeeds(plain, ["validationNdcg"])], measures: { validationNdcg: "NDCG@10" }, dataset })
 */
export function measuresOfSeeds(
  runs: readonly Pick<TrainedRun, "name" | "curves">[],
  keys: readonly string[],
  { name = runs[0]?.name ?? "", from = 0 } = {},
): {
  readonly name: string;
  readonly steps: readonly number[];
  readonly measures: Readonly<Record<string, readonly number[]>>;
  readonly bands: Readonly<Record<string, Pick<SeedsCurve, "lower" | "upper">>>;
} {
  const curves = keys.map((key) => [key, curveOfSeeds(runs, key)] as const);
  return {
    name,
    steps: (curves[0]?.[1].x ?? []).map((step) => from + step),
    measures: Object.fromEntries(curves.map(([key, { y }]) => [key, y])),
    bands: Object.fromEntries(curves.map(([key, { lower, upper }]) => [key, { lower, upper }])),
  };
}

/**
 * How much better one method is than another for the same users, with its 95% interval: over users and seeds where
 * there are several seeds (Student's t, `pairedIntervalOverSeeds`), over users alone where there is one (bootstrap). Seed
 * s is paired with seed s; a method without seeds is given once.
 *
 * @throws when users or seeds do not match, or nothing was judged at `k`.
 * @example gainOverSeeds(held.map(judge), [judge()]) // { mean, lower, upper }
 */
export function gainOverSeeds(
  judged: readonly Evaluation[],
  base: readonly Evaluation[],
  { k = 10, metric = "ndcg" as const, seed = 1 } = {},
): Interval {
  const column = (evaluation: Evaluation): Float64Array => {
    const found = evaluation.perUser[k]?.[metric];
    if (found === undefined)
      throw new Error(`gainOverSeeds requires metrics at ${k}, got [${evaluation.ks}]`);
    return found;
  };
  return pairedDifference(judged.map(column), base.map(column), random(seed));
}
