import type { Lists } from "../retrieval/lists";
import type { PreparedData } from "./preparedData";
import type { RunRecord } from "./runRecord";

/** A share of impossible values above this is spoken of, and a step after it is kept only for want of another. */
export const alarmThreshold = 0.01;

/** What has to be said about choosing, whatever was trained. */
export function generalWarnings({ refit, validation }: PreparedData): string[] {
  if (refit) return ["refitted on train and validation rows: nothing was chosen"];
  if (validation === undefined) return ["no validation users: nothing was chosen"];
  const { size } = validation.histories;
  return size < 100 ? [`only ${size} validation users: choices are mostly luck`] : [];
}

/**
 * The same with what a run's curves show. The first tenth of the updates is passed over: a critic starts from
 * random weights, and what it says before it has learned anything is nobody's belief.
 *
 * @param kept the step that is kept, and the alarm on its way there (`alarmBetween`)
 */
export function runWarnings(
  data: PreparedData,
  curves: RunRecord["curves"],
  kept?: { readonly step: number; readonly alarm: number },
): string[] {
  const warnings = generalWarnings(data);
  const { steps = [], values = [] } = curves.alarmShare ?? {};
  const late = values.filter((_, point) => steps[point] > 0.1 * steps.at(-1)!);
  warnings.push(...impossibleValues(Math.max(0, ...late), "of a batch"));
  if (kept !== undefined && kept.alarm > alarmThreshold)
    warnings.push(
      `the step that is kept, ${kept.step.toLocaleString("en-US")}, followed such values (${percent(kept.alarm)} of the batches before it)`,
    );
  return warnings;
}

/** Of runs that ended before their actor was to move: nothing can be said of what learning adds. */
export function stillActor(steps: number, warmUp: number): string {
  return `the actor never moved: ${steps.toLocaleString("en-US")} updates are no more than its warm-up (${warmUp.toLocaleString("en-US")} of the critic alone); set more steps, or warmUp to 0 (--set agent.warmUp=0, settings: { warmUp: 0 })`;
}

/** The alarm on impossible values, where it rings. @param of what the share is of */
export function impossibleValues(share: number, of: string): string[] {
  if (!(share > alarmThreshold)) return [];
  return [`Q left what any policy could earn (up to ${percent(share)} ${of}): do not believe it`];
}

/** Fewer than five lists' worth of different items, over at least twenty users. */
export function sameForEverybody({ size, k, items }: Lists): string[] {
  const different = new Set(items.filter((item) => item >= 0)).size;
  if (size < 20 || different >= 5 * k) return [];
  return [
    `the lists of ${size} validation users hold ${different} different items: nearly one list for everybody`,
  ];
}

/**
 * Mean share of impossible values over the updates from one step to another; 0 where nothing was watched, and
 * for what falls into the first tenth of all `steps`.
 */
export function alarmBetween(
  { alarmShare: { steps, values } = { steps: [], values: [] } }: RunRecord["curves"],
  { from, to, of }: { readonly from: number; readonly to: number; readonly of: number },
): number {
  let [sum, updates] = [0, 0];
  for (const [point, step] of steps.entries()) {
    if (step <= Math.max(from, 0.1 * of) || step > to) continue;
    const made = step - Math.max(from, steps[point - 1] ?? 0); // a point is the mean of the updates since the last
    sum += made * values[point];
    updates += made;
  }
  return updates === 0 ? 0 : sum / updates;
}

/** At least a figure that is not 0: "1.4%", "31%". */
function percent(share: number): string {
  return `${(100 * share).toFixed(share < 0.1 ? 1 : 0)}%`;
}
