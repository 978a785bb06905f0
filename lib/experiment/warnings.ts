import type { ExperimentData } from "./experimentData";
import type { RunRecord } from "./runRecord";

/** What has to be said about choosing, whatever was trained. */
export function generalWarnings({ refit, validation }: ExperimentData): string[] {
  if (refit) return ["refitted on train and validation rows: nothing was chosen"];
  if (validation === undefined) return ["no validation users: nothing was chosen"];
  const { size } = validation.histories;
  return size < 100 ? [`only ${size} validation users: choices are mostly luck`] : [];
}

/**
 * The same with what a run's curves show. The first tenth of the updates is passed over: a critic starts from
 * random weights, and what it says before it has learned anything is nobody's belief.
 */
export function runWarnings(data: ExperimentData, curves: RunRecord["curves"]): string[] {
  const { steps = [], values = [] } = curves.alarmShare ?? {};
  const late = values.filter((_, point) => steps[point]! > 0.1 * steps.at(-1)!);
  const alarm = Math.max(0, ...late);
  if (alarm <= 0.01) return generalWarnings(data);
  const share = (100 * alarm).toFixed(0);
  return [
    ...generalWarnings(data),
    `Q left what any policy could earn (up to ${share}% of a batch): do not believe it`,
  ];
}
