import { type BaselineName, fitBaselines } from "../baselines/fitBaselines";
import { requestMoments } from "../baselines/recentPopularity";
import { defaultSettings } from "../baselines/settings";
import { random } from "../math/random";
import type { ScoringRecommender } from "../retrieval/scorer";
import type { ExperimentData } from "../runs/experimentData";
import { sharedBaselineSettings } from "../runs/sharedBaselines";
import type { PlannedRow } from "./experimentRows";
import { type Judged, type Judging, judge, readJudged } from "./judged";

export interface BaselineRequest {
  readonly judging: Judging;
  /** Where a row's figures are kept. */
  readonly fileOf: (row: PlannedRow) => string;
  readonly root?: string;
  readonly onProgress?: (label: string, done: number, total: number, detail: string) => void;
}

/**
 * Fits and judges the methods in closed form, those with settings chosen on validation rows together, so that what
 * two of them need is fitted once. What was judged before is read.
 */
export async function judgeBaselines(
  rows: readonly PlannedRow[],
  data: ExperimentData,
  request: BaselineRequest,
): Promise<Map<PlannedRow, () => Promise<Judged>>> {
  const { judging, fileOf, onProgress } = request;
  const missing: PlannedRow[] = [];
  for (const row of rows) if ((await readJudged(fileOf(row), judging)) === undefined) missing.push(row);
  for (const tune of [true, false]) {
    const group = missing.filter(({ config }) => (config.agent.tune === true) === tune);
    if (group.length === 0) continue;
    const { interactions } = data.dataset;
    const settings = tune
      ? await sharedBaselineSettings(data, request)
      : defaultSettings(interactions, data.split, data);
    const names = [...new Set(group.map(({ entry }) => entry.name as BaselineName))];
    let done = 0;
    const fitted = fitBaselines(interactions, data.rows, {
      settings,
      random: random(1),
      moments: requestMoments(interactions, data.split.test),
      names,
      onFitted: (name) => onProgress?.("fitting baselines", ++done, Math.max(done, names.length), name),
    });
    const of = new Map<string, ScoringRecommender>(names.map((name, i) => [name, fitted[i]!]));
    for (const row of group) await judge(fileOf(row), of.get(row.entry.name)!, judging);
  }
  return new Map(rows.map((row) => [row, async () => (await readJudged(fileOf(row), judging))!]));
}
