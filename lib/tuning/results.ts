import { deviationOf } from "../math/deviation";
import { meanOf } from "../math/mean";
import { rankCorrelation } from "../math/rankCorrelation";
import type { TuneConfig } from "../settings/tuneConfig";
import type { Confirmation } from "./confirm";
import type { Report, Trial } from "./driver";

/** What came of a search: plain numbers. */
export interface TuneResults extends Report {
  readonly format: 1;
  readonly study: string;
  readonly agent: string;
  readonly data: string;
  readonly protocol: string;
  /** Validation users, and the seeds of each trial. */
  readonly users: number;
  readonly seeds: readonly number[];
  readonly searched: readonly string[];
  /** The trial with the highest value; absent while none is complete. */
  readonly best?: number;
  /**
   * Spearman's ρ of each searched number with the value, over the complete trials: whether more of it went with more;
   * null where it is none or nothing can be told.
   */
  readonly directions: Readonly<Record<string, number | null>>;
  /** Standard deviation over the seeds of a trial, pooled over trials; null where each has one seed. */
  readonly trialNoise: number | null;
  readonly confirmation?: Confirmation;
}

/** Complete trials, highest value first; of equals the earlier. */
export function ranked(trials: readonly Trial[]): Trial[] {
  return trials
    .filter(({ state, value }) => state === "complete" && value !== null)
    .sort((a, b) => b.value! - a.value! || a.number - b.number);
}

/** The best trials that are worth training again: different settings, and not the default ones. */
export function candidates(trials: readonly Trial[], count: number): Trial[] {
  const seen = new Set<string>();
  return ranked(trials)
    .filter(({ params, about }) => {
      const key = JSON.stringify(Object.entries(params).sort());
      const fresh = !seen.has(key) && about.default !== true;
      seen.add(key);
      return fresh;
    })
    .slice(0, count);
}

/** What of a report and a search is worth keeping. */
export function resultsOf(
  { trials, importances }: Report,
  tune: TuneConfig,
  about: Pick<TuneResults, "data" | "protocol" | "users"> & { readonly study: string },
  confirmation?: Confirmation,
): TuneResults {
  const best = ranked(trials);
  const spreads = best.flatMap(({ about: { values } }) =>
    values !== undefined && values.length > 1 ? [deviationOf(Float64Array.from(values)) ** 2] : [],
  );
  return {
    format: 1,
    ...about,
    agent: tune.entry.name,
    seeds: tune.study.seeds,
    searched: tune.search.map(({ name }) => name),
    trials,
    importances,
    ...(best.length > 0 && { best: best[0].number }),
    directions: Object.fromEntries(tune.search.map(({ name }) => [name, directionOf(name, best)])),
    trialNoise: spreads.length === 0 ? null : Math.sqrt(meanOf(Float64Array.from(spreads))),
    ...(confirmation && { confirmation }),
  };
}

function directionOf(name: string, trials: readonly Trial[]): number | null {
  const values = trials.map(({ params }) => params[name]);
  if (values.length < 5 || values.some((value) => typeof value !== "number")) return null;
  const found = rankCorrelation(
    Float64Array.from(values as number[]),
    Float64Array.from(trials, ({ value }) => value!),
  );
  return Number.isNaN(found) ? null : found;
}
