import { type BaselineName, baselineLimit, baselineNames, fitBaselines } from "../baselines/fitBaselines";
import { requestMoments } from "../baselines/recentPopularity";
import { defaultSettings } from "../baselines/settings";
import { random } from "../math/random";
import type { ScoringRecommender } from "../retrieval/scorer";
import type { PreparedData } from "../runs/preparedData";
import { sharedBaselineSettings } from "../runs/sharedBaselines";
import { type Evaluated, type EvaluationTask, evaluate, readEvaluated } from "./evaluated";
import type { PlannedRow } from "./plan";

export interface BaselineOptions {
  /** Settings chosen on validation rows; yes by default. */
  readonly tune?: boolean;
  /** All that fit a log of this size by default. */
  readonly names?: readonly BaselineName[];
  /** The project's folder, for data/cache. */
  readonly root?: string;
  readonly onProgress?: (label: string, done: number, total: number, detail: string) => void;
}

/**
 * Methods in closed form, fitted together, so that what two of them need is fitted once. They are asked at the moments
 * of the test rows.
 */
export async function fittedBaselines(
  data: PreparedData,
  options: BaselineOptions = {},
): Promise<ScoringRecommender[]> {
  const { interactions } = data.dataset;
  const fitting = baselineNames.filter((name) => baselineLimit(name, interactions) === undefined);
  const { tune = true, names = fitting, onProgress } = options;
  const settings = tune
    ? await sharedBaselineSettings(data, options)
    : defaultSettings(interactions, data.split, data);
  let done = 0;
  return fitBaselines(interactions, data.rows, {
    settings,
    random: random(1),
    moments: requestMoments(interactions, data.split.test),
    names,
    onFitted: (name) => onProgress?.("fitting baselines", ++done, Math.max(done, names.length), name),
  });
}

/**
 * Fits and evaluates the rows of methods in closed form, those whose settings are chosen on validation rows together.
 * Figures that are kept in a row's file are read.
 */
export async function evaluateBaselines(
  rows: readonly PlannedRow[],
  data: PreparedData,
  on: EvaluationTask,
  options: Pick<BaselineOptions, "root" | "onProgress">,
): Promise<Map<PlannedRow, () => Promise<Evaluated>>> {
  const found = new Map<PlannedRow, () => Promise<Evaluated>>();
  const missing: PlannedRow[] = [];
  for (const row of rows) {
    const file = row.fitted?.figures;
    if (file === undefined || (await readEvaluated(file, on)) === undefined) missing.push(row);
    else found.set(row, async () => (await readEvaluated(file, on))!);
  }
  for (const tune of [true, false]) {
    const group = missing.filter(({ config }) => (config.agent.tune === true) === tune);
    if (group.length === 0) continue;
    const names = [...new Set(group.map(({ entry }) => entry.name as BaselineName))];
    const fitted = await fittedBaselines(data, { ...options, tune, names });
    const of = new Map<string, ScoringRecommender>(names.map((name, i) => [name, fitted[i]]));
    for (const row of group) {
      const file = row.fitted?.figures;
      const figures = await evaluate(of.get(row.entry.name)!, on, { file });
      found.set(row, file === undefined ? async () => figures : async () => (await readEvaluated(file, on))!);
    }
  }
  return found;
}
