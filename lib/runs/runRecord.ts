import type { Interval } from "../math/bootstrap";
import type { Keep } from "../settings/runConfig";
import { verdictText } from "./signedText";

/** One figure over the updates. */
export interface Curve {
  readonly steps: readonly number[];
  readonly values: readonly number[];
}

/**
 * What learning earned beside the actor before its first update, on validation users that did not choose the step
 * they are evaluated on (`chosenByOthers`).
 */
export interface StepZeroComparison {
  /** Users that are evaluated; the others only choose. */
  readonly users: number;
  readonly k: number;
  /** Mean NDCG of those users before the first update, and at the steps that others chose for them. */
  readonly start: number;
  readonly chosen: number;
  /** Paired over users: chosen − start. */
  readonly difference: Interval;
  /** The step that each fold was evaluated on; one, the last, where nothing is chosen. */
  readonly evaluatedSteps: readonly number[];
  /** Share of all validation users whose list at the kept step is another one than at step 0. */
  readonly changedLists: number;
  /** What the interval allows to say, or that step 0 is kept. */
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
  /** The rule by which the kept step is chosen. */
  readonly keep: Keep;
  /** The step whose weights are kept: by that rule, or the last without validation users. */
  readonly chosenStep: number;
  /** What any policy's value must lie within (and 0, where critics start). */
  readonly valueBounds: readonly [number, number];
  /**
   * By name. From learning (means over the updates since the last point): criticLoss, meanQ, alarmShare,
   * actorLoss … ; from validations: validationNdcg, distinctItems, distanceToNearest,
   * distanceFromStart.
   */
  readonly curves: Readonly<Record<string, Curve>>;
  /** Absent where there are no validation users, or nothing was learned. */
  readonly stepZero?: StepZeroComparison;
  readonly warnings: readonly string[];
}

/**
 * What the interval of a difference from step 0 allows to say. One that holds 0 does not show that there is none:
 * the largest effect it leaves open is told.
 *
 * @param start the mean the difference is from, for its size in parts of it
 * @example stepZeroVerdict({ mean: .002, lower: -.0006, upper: .0047, standardError: .001 }, .084) // "no difference from step 0 shown; up to +.0047 (+5.6%) is left open"
 */
export function stepZeroVerdict(difference: Interval, start?: number): string {
  return verdictText(difference, fromStepZero, start);
}

const fromStepZero = { better: "better than step 0", worse: "worse than step 0", from: "step 0" };

/** Why the kept step is kept, in words. */
export function keptText({ keep, chosenStep, steps, stepZero }: RunRecord): string {
  const place = `step ${chosenStep.toLocaleString("en-US")} of ${steps.toLocaleString("en-US")}`;
  if (stepZero === undefined || keep === "last") return `${place}: nothing was chosen`;
  if (keep === "learned") return `${place}: the best on validation of those in which the actor learned`;
  return chosenStep === 0
    ? "step 0: learning was not seen to help (no later step is better on validation by more than one standard error)"
    : `${place}: the best on validation of those better than step 0 by more than one standard error`;
}

/** Whether anybody was evaluated on another step than step 0; else there is no difference to tell. */
export function isMoved({ evaluatedSteps }: StepZeroComparison): boolean {
  return evaluatedSteps.some((step) => step !== 0);
}

/** On whom the comparison with step 0 was made, in words. */
export function evaluatedOn({ keep, stepZero }: RunRecord): string {
  const users = `${stepZero?.users.toLocaleString("en-US")} validation users`;
  return keep === "last" ? users : `${users}, each with a step chosen on other readers`;
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
