/**
 * Fitted Q evaluation (Ernst, Geurts and Wehenkel 2005, as evaluation; Le, Voloshin and Yue 2019, algorithm 3):
 *
 *   Q₀ = 0;  Qₕ = the regression of r + γ Σ_a π(a | s′) Qₕ₋₁(s′, a) on (s, a)
 *
 * Qₕ is what π earns with h steps to go, so that h rounds give a model for each step of a trajectory, and more and more
 * rounds what it earns without end.
 */

import { bellmanTargets, censoringWeights, stepsToGo, terminalsOf } from "./bellmanTargets";
import type { StepModel, Trajectories } from "./trajectories";

/** Something that learns a number for each step, from those steps that have one. Columns by place. */
export interface StepRegression {
  /**
   * Learns.
   *
   * @param targets [n] NaN where there is none
   * @param weights [n] what each square counts; 0 wherever there is no target
   * @returns the mean squared error left
   */
  fit(targets: Float64Array, weights: Float64Array): number;
  /** What it says now of all n steps. */
  model(): StepModel;
}

export interface FittedQOptions {
  /** [n] 1 where the world ended with the step, in the order of the log's rows; none by default. */
  readonly terminals?: Uint8Array;
  /** [m] 1 for the trajectories to learn from; all by default. */
  readonly learnFrom?: Uint8Array;
  /**
   * false, the default: each step's value counts the steps that are left to go, which is what sequential estimators
   * correct. true: values without end, at every step the same; sdm then speaks of a policy that never stops.
   */
  readonly endless?: boolean;
  /** Rounds of an endless fit at most. */
  readonly iterations?: number;
  /** An endless fit ends when no value moves by more than this, in units of the largest. 1e-12 by default. */
  readonly tolerance?: number;
}

export interface FittedQ {
  /** In the order of the log's rows, ready for `withModel`. */
  readonly model: StepModel;
  /** [rounds] mean squared error of each regression */
  readonly losses: Float64Array;
  /** Whether an endless fit came to rest. */
  readonly settled: boolean;
  /**
   * Share of the q̂ of logged steps that no policy could earn: more than a hundredth beyond what the largest or the
   * smallest reward at every step would give.
   */
  readonly alarmShare: number;
}

/** @throws when an endless fit has a discount of 1, flags have another size, or nothing is there to learn from. */
export function fittedQIteration(
  log: Trajectories,
  regression: StepRegression,
  {
    terminals: flags,
    learnFrom,
    endless = false,
    iterations = 100_000,
    tolerance = 1e-12,
  }: FittedQOptions = {},
): FittedQ {
  const terminals = terminalsOf(log, flags);
  if (endless && log.discount === 1)
    throw new Error("fittedQIteration requires a discount below 1 to count without end, got 1");
  const left = stepsToGo(log, terminals);
  const n = log.rows.length;
  const [first, weights] = [new Float64Array(n).fill(1), censoringWeights(log, terminals)];
  for (const place of placesLeftOut(log, learnFrom)) first[place] = weights[place] = 0;
  const model = { logged: new Float64Array(n), expected: new Float64Array(n) };
  const losses: number[] = [];
  let later: Float64Array | undefined;
  let settled = !endless;
  const rounds = endless ? iterations : log.horizon;
  for (let h = 1; h <= rounds && !(endless && settled); h++) {
    // Without end there is no last step whose reward is all that counts: v̂ starts at 0, and truncated ends drop out.
    const targets = bellmanTargets(log, terminals, later ?? (endless ? new Float64Array(n) : undefined));
    losses.push(regression.fit(targets, h === 1 && !endless ? first : weights));
    const now = regression.model();
    for (let place = 0; place < n; place++)
      if (endless || left[place] === h) {
        model.logged[log.rows[place]] = now.logged[place];
        model.expected[log.rows[place]] = now.expected[place];
      }
    settled ||= moved(later, now.expected) <= tolerance;
    later = now.expected;
  }
  const alarmShare = shareBeyond(log, model.logged, (place) => (endless ? undefined : left[place]));
  return { model, losses: Float64Array.from(losses), settled, alarmShare };
}

function placesLeftOut({ size, offsets }: Trajectories, learnFrom: Uint8Array | undefined): number[] {
  const places: number[] = [];
  if (learnFrom === undefined) return places;
  if (learnFrom.length !== size || !learnFrom.includes(1))
    throw new Error(`fittedQIteration requires trajectories to learn from, ${size} flags, got ${learnFrom}`);
  for (let i = 0; i < size; i++)
    if (learnFrom[i] === 0) for (let place = offsets[i]; place < offsets[i + 1]; place++) places.push(place);
  return places;
}

/** Largest difference of two columns in units of the largest number. */
function moved(before: Float64Array | undefined, after: Float64Array): number {
  if (before === undefined) return Number.POSITIVE_INFINITY;
  let [largest, difference] = [0, 0];
  for (let i = 0; i < after.length; i++) {
    largest = Math.max(largest, Math.abs(after[i]));
    difference = Math.max(difference, Math.abs(after[i] - before[i]));
  }
  return largest === 0 ? difference : difference / largest;
}

/** An ended world earns nothing more, so a value may lie anywhere between one reward and all that are left. */
function shareBeyond(
  { rewards, rows, discount }: Trajectories,
  values: Float64Array,
  left: (place: number) => number | undefined,
): number {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const reward of rewards) {
    low = Math.min(low, reward);
    high = Math.max(high, reward);
  }
  let outside = 0;
  rows.forEach((row, place) => {
    const steps = left(place);
    const all =
      steps === undefined
        ? 1 / (1 - discount)
        : discount === 1
          ? steps
          : (1 - discount ** steps) / (1 - discount);
    const [least, most] = [Math.min(low, low * all), Math.max(high, high * all)];
    const slack = 0.01 * Math.max(Math.abs(least), Math.abs(most));
    if (!(values[row] >= least - slack && values[row] <= most + slack)) outside++;
  });
  return outside / rows.length;
}
