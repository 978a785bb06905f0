import type { Interval } from "../math/bootstrap";

/** One figure over the updates. */
export interface Curve {
  readonly steps: readonly number[];
  readonly values: readonly number[];
}

/** The chosen actor beside the one before its first update, on the validation users. */
export interface StepZeroComparison {
  readonly users: number;
  readonly k: number;
  /** Mean NDCG before the first update, and of the chosen step. */
  readonly start: number;
  readonly chosen: number;
  /** Paired over users: chosen − start. */
  readonly difference: Interval;
  /** Share of users whose list is another one. */
  readonly changedLists: number;
  /** "RL added nothing" where the interval holds 0. */
  readonly verdict: string;
}

/** What a run was and what it came to: plain numbers and words, the same for the same seed. */
export interface RunRecord {
  readonly agent: string;
  /** What figures print about the data. */
  readonly data: string;
  readonly encoder: string;
  /** The agent's settings, all of them. */
  readonly config: object;
  readonly seed: number;
  readonly steps: number;
  readonly batchSize: number;
  readonly transitions: number;
  /** The step whose weights are kept: the best on the validation users, or the last without them. */
  readonly chosenStep: number;
  /** What any policy's value must lie within (and 0, where critics start). */
  readonly valueBounds: readonly [number, number];
  /**
   * By name. From learning (means over the updates since the last point): criticLoss, meanQ, alarmShare,
   * actorLoss … ; from looking at the validation users: validationNdcg, distinctItems, distanceToNearest,
   * distanceFromStart.
   */
  readonly curves: Readonly<Record<string, Curve>>;
  /** Absent where there are no validation users, or nothing was learned. */
  readonly stepZero?: StepZeroComparison;
  readonly warnings: readonly string[];
}

/** What the interval of chosen − start allows to say. */
export function verdictOf(difference: Interval): string {
  if (difference.lower > 0) return "better than step 0";
  if (difference.upper < 0) return "worse than step 0";
  return "RL added nothing";
}

/** Collects points of curves; `curves` can be kept in a checkpoint and given back. */
export function curveBook(before: Readonly<Record<string, Curve>> = {}) {
  const curves: Record<string, { steps: number[]; values: number[] }> = {};
  for (const [name, { steps, values }] of Object.entries(before))
    curves[name] = { steps: [...steps], values: [...values] };
  return {
    curves: curves as Readonly<Record<string, Curve>>,
    add(step: number, figures: Readonly<Record<string, number>>): void {
      for (const [name, value] of Object.entries(figures)) {
        curves[name] ??= { steps: [], values: [] };
        curves[name].steps.push(step);
        curves[name].values.push(value);
      }
    },
  };
}

/** Means of named figures over some updates. */
export function meansBook() {
  let sums = new Map<string, { sum: number; count: number }>();
  return {
    add(figures: Readonly<Record<string, number>>): void {
      for (const [name, value] of Object.entries(figures)) {
        const entry = sums.get(name) ?? { sum: 0, count: 0 };
        entry.sum += value;
        entry.count++;
        sums.set(name, entry);
      }
    },
    /** The means since the last call. */
    take(): Record<string, number> {
      const means = Object.fromEntries([...sums].map(([name, { sum, count }]) => [name, sum / count]));
      sums = new Map();
      return means;
    },
  };
}
