import { deviationOf } from "../../math/deviation";
import { meanOf } from "../../math/mean";
import { normalDistribution, normalQuantile } from "../../math/normal";
import type { Trajectories } from "./trajectories";
import { returnsToGo } from "./trajectorySampling";

/** Something after which other things come than after all else. */
export interface CarryOverEffect {
  /** What was done: an action, or any of those of the last steps again. */
  readonly done: string;
  /** What the later steps earn more or less, discounted, per user: as if it had been done once more at every step. */
  readonly change: number;
  /** By how many standard errors that is away from 0, less what looking at several things would find by luck. */
  readonly errors: number;
}

/** So many actions are looked at, those that most steps show. */
const mostActions = 20;
/** Fewer users with an action tell nothing of it. */
const fewestUsers = 20;
/** Steps back in which an action counts as done before. */
const recent = 5;

/**
 * Does what is done change what comes? Where it does not, what a user earns after step t is the same on average whatever
 * was done at t, so that Σₜ γᵗ (1[aₜ = a] / π₀(a | sₜ) − 1) (Gₜ₊₁ − Ḡₜ₊₁), with G what the log earned afterwards and Ḡ its
 * mean over users, is 0 on average for every action, and so is the sum over actions with each counted as often as it was
 * done in the last five steps: who tires of an action tires of its repeats. One-step estimators rest on that: they hold
 * states as the log's policy made them. It asks for one weight a step, so it sees what products of weights are too noisy
 * for. Where k things are looked at, p-values are multiplied by k (Bonferroni).
 *
 * It cannot tell the world from a policy of the log that minds what it did before, it may miss a small effect, and it sees
 * only that there is one, not what it makes of another policy's value: that is for sequential estimators to say.
 *
 * @param actions in the order of the log's rows
 * @returns what has the clearest effect; nothing where nothing varies
 * @example readers leave after "b" more often than after "a": { done: "b", change: -0.4, errors: 6.1 }
 */
export function carryOverEffect(log: Trajectories, actions: readonly string[]): CarryOverEffect | undefined {
  const { size, horizon, offsets, rows, propensities, discount } = log;
  const togo = returnsToGo(log);
  const after = (place: number, end: number): number => (place + 1 < end ? discount * togo[place + 1] : 0);
  const [sums, counts] = [new Float64Array(horizon), new Float64Array(horizon)];
  for (let i = 0; i < size; i++)
    for (let place = offsets[i]; place < offsets[i + 1]; place++) {
      sums[place - offsets[i]] += after(place, offsets[i + 1]);
      counts[place - offsets[i]]++;
    }
  // How often each was done where it counts, over its probability, less how often that is on average.
  const looks: { readonly done: string; readonly surplus: (place: number, start: number) => number }[] =
    commonActions(log, actions).map((action) => ({
      done: `action ${JSON.stringify(action)}`,
      surplus: (place) => (actions[rows[place]] === action ? 1 / propensities[place] : 0) - 1,
    }));
  looks.push({
    done: "an action of the last steps again",
    surplus(place, start) {
      const first = Math.max(start, place - recent);
      let again = 0;
      for (let before = first; before < place; before++)
        if (actions[rows[before]] === actions[rows[place]]) again++;
      return again / propensities[place] - (place - first);
    },
  });
  let found: CarryOverEffect | undefined;
  for (const { done, surplus } of looks) {
    const each = new Float64Array(size);
    for (let i = 0; i < size; i++)
      for (let place = offsets[i], power = 1; place < offsets[i + 1]; place++, power *= discount) {
        const t = place - offsets[i];
        const unlike = after(place, offsets[i + 1]) - sums[t] / counts[t];
        each[i] += power * surplus(place, offsets[i]) * unlike;
      }
    const change = meanOf(each);
    const error = deviationOf(each) / Math.sqrt(size);
    const errors = error > 0 ? errorsOfBest(Math.abs(change) / error, looks.length) : 0;
    if (errors > (found?.errors ?? 0)) found = { done, change, errors };
  }
  return found;
}

/** Standard errors with the p-value of the best of some. Beyond seven that changes nothing worth saying. */
function errorsOfBest(errors: number, looks: number): number {
  if (errors > 7) return errors;
  return Math.max(0, normalQuantile(1 - Math.min(0.5, looks * (1 - normalDistribution(errors)))));
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
