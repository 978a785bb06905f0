import { deviationOf } from "../../math/deviation";
import { meanOf } from "../../math/mean";
import type { Trajectories } from "./trajectories";
import { returnsToGo } from "./trajectorySampling";

/** An action after which other things come than after the others. */
export interface CarryOver {
  readonly action: string;
  /** What the later steps earn more, discounted, per user: as if the action had been done once more at every step. */
  readonly change: number;
  /** By how many standard errors that is away from 0. */
  readonly errors: number;
}

/** So many actions are looked at, those that most steps show. */
const mostActions = 20;
/** Fewer users with an action tell nothing of it. */
const fewestUsers = 20;

/**
 * Does what is done change what comes? Where it does not, what a user earns after step t is the same on average whatever
 * was done at t, so that Σₜ γᵗ (1[aₜ = a] / π₀(a | sₜ) − 1) (Gₜ₊₁ − Ḡₜ₊₁), with G what the log earned afterwards and Ḡ its
 * mean over users, is 0 on average for every action. One-step estimators rest on that: they hold states as the log's
 * policy made them. It asks for one weight a step, so it sees what products of weights are too noisy for.
 *
 * It cannot tell the world from a policy of the log that minds what it did before, and it sees only that there is an
 * effect, not what it makes of another policy's value: that is for sequential estimators to say.
 *
 * @param actions in the order of the log's rows
 * @returns the action with the clearest effect; nothing where no action was done by twenty users, or nothing varies
 * @example readers leave after "b" more often than after "a": { action: "b", change: -0.4, errors: 6.1 }
 */
export function carryOver(log: Trajectories, actions: readonly string[]): CarryOver | undefined {
  const { size, horizon, offsets, rows, propensities, discount } = log;
  const togo = returnsToGo(log);
  const after = (place: number, end: number): number => (place + 1 < end ? discount * togo[place + 1] : 0);
  const [sums, counts] = [new Float64Array(horizon), new Float64Array(horizon)];
  for (let i = 0; i < size; i++)
    for (let place = offsets[i]; place < offsets[i + 1]; place++) {
      sums[place - offsets[i]] += after(place, offsets[i + 1]);
      counts[place - offsets[i]]++;
    }
  let found: CarryOver | undefined;
  for (const action of commonActions(log, actions)) {
    const each = new Float64Array(size);
    for (let i = 0; i < size; i++)
      for (let place = offsets[i], power = 1; place < offsets[i + 1]; place++, power *= discount) {
        const t = place - offsets[i];
        const weight = actions[rows[place]] === action ? 1 / propensities[place] : 0;
        each[i] += power * (weight - 1) * (after(place, offsets[i + 1]) - sums[t] / counts[t]);
      }
    const change = meanOf(each);
    const error = deviationOf(each) / Math.sqrt(size);
    const errors = error === 0 ? 0 : Math.abs(change) / error;
    if (errors > (found?.errors ?? 0)) found = { action, change, errors };
  }
  return found;
}

/** Those that most steps show, done by enough users. */
function commonActions({ size, offsets, rows }: Trajectories, actions: readonly string[]): readonly string[] {
  const steps = new Map<string, number>();
  const users = new Map<string, number>();
  for (let i = 0; i < size; i++) {
    const own = rows.subarray(offsets[i], offsets[i + 1]);
    for (const row of own) steps.set(actions[row], (steps.get(actions[row]) ?? 0) + 1);
    for (const action of new Set(Array.from(own, (row) => actions[row])))
      users.set(action, (users.get(action) ?? 0) + 1);
  }
  return [...steps]
    .filter(([action]) => users.get(action)! >= fewestUsers)
    .sort((a, b) => b[1] - a[1])
    .slice(0, mostActions)
    .map(([action]) => action);
}
