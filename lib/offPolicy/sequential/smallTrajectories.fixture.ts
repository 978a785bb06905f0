import type { SumStatistic } from "../../math/sumStatistic";
import { type TabularLog, type TabularTrajectories, tabularTrajectories } from "../../worlds/tabularLog";
import { type TabularWorld, tabularValue, tabularWorld } from "../../worlds/tabularWorld";
import { type StepModel, type Trajectories, trajectories } from "./trajectories";

/** For the tests: worlds in which everything can be counted out, with a policy that logs and one under test. */

/** Rewards and next states by chance; action 1 of state 1 may end the world; two starts. */
export const chancy = tabularWorld({
  start: [0.75, 0.25, 0],
  transitions: [
    [
      [0.5, 0.5, 0],
      [0.25, 0.75, 0],
    ],
    [
      [1, 0, 0],
      [0.25, 0.25, 0.5],
    ],
    [
      [0, 0, 1],
      [0, 0, 1],
    ],
  ],
  rewards: [
    [[1, 3, 0], -1],
    [0.5, [0, 1, 4]],
    [0, 0],
  ],
  terminals: [2],
  horizon: 3,
});

/** One start, nothing by chance: all that varies are the actions. */
export const certain = tabularWorld({
  start: [1, 0, 0],
  transitions: [
    [
      [0, 1, 0],
      [1, 0, 0],
    ],
    [
      [1, 0, 0],
      [0, 0, 1],
    ],
    [
      [0, 0, 1],
      [0, 0, 1],
    ],
  ],
  rewards: [
    [2, -1],
    [0.5, 4],
    [0, 0],
  ],
  terminals: [2],
  horizon: 4,
});

/** [S × A] π₀ and π, in both worlds. */
export const behaviour = Float64Array.of(0.5, 0.5, 0.75, 0.25, 0.5, 0.5);
export const target = Float64Array.of(0.125, 0.875, 0.25, 0.75, 1, 0);
export const discounts = [0, 0.5, 1];

/** Steps of a tabular world as trajectories for evaluating a policy. */
export function judged(log: TabularLog, policy: Float64Array, discount: number): Trajectories {
  return trajectories({ ...log, targetProbabilities: ofPairs(log, policy), discount });
}

/** [n] a table [S × 2] read at the logged pairs */
export function ofPairs({ states, actions }: TabularLog, table: Float64Array): Float64Array {
  return Float64Array.from(states, (state, row) => table[2 * state + actions[row]]);
}

/** The true model of returns of `target`: what is left of the horizon counts, as the world knows it. */
export function exactModel(world: TabularWorld, log: TabularLog, discount: number): StepModel {
  const { tables, stateValues } = tabularValue(world, target, discount);
  const left = (row: number): number => world.horizon - log.steps[row];
  return {
    logged: Float64Array.from(log.states, (s, row) => tables[left(row)][2 * s + log.actions[row]]),
    expected: Float64Array.from(log.states, (s, row) => stateValues[left(row)][s]),
  };
}

/** A model that is wrong everywhere, but whose v̂ is the mean of its q̂ under `target`. */
export function wrongModel(log: TabularLog): StepModel {
  const table = Float64Array.of(1.5, -0.25, 3, 0.5, 0, 0);
  return {
    logged: ofPairs(log, table).map((value, row) => value + log.steps[row]),
    expected: Float64Array.from(
      log.states,
      (s, row) => target[2 * s] * table[2 * s] + target[2 * s + 1] * table[2 * s + 1] + log.steps[row],
    ),
  };
}

/** All trajectories of `behaviour`. */
export const trajectoriesOf = (world: TabularWorld): TabularTrajectories =>
  tabularTrajectories(world, behaviour);

/** Mean and variance of what a mean says on one trajectory drawn by its probability. */
export function momentsOver(
  { probabilities }: TabularTrajectories,
  { terms }: SumStatistic,
): { readonly mean: number; readonly variance: number } {
  let [mean, squares] = [0, 0];
  probabilities.forEach((probability, i) => {
    mean += probability * terms[0][i];
    squares += probability * terms[0][i] ** 2;
  });
  return { mean, variance: squares - mean * mean };
}

/** What a statistic settles on as trajectories drawn by their probabilities grow many. */
export function limitOver({ probabilities }: TabularTrajectories, { terms, of }: SumStatistic): number {
  return of(
    Float64Array.from(terms, (term) => term.reduce((sum, value, i) => sum + probabilities[i] * value, 0)),
    1,
  );
}

/** Each trajectory as often as its probability says, in whole numbers: a log whose shares are the true ones. */
export function repeated(trajectories: TabularTrajectories, times: number): TabularLog {
  const rows: number[] = [];
  const users: number[] = [];
  let user = 0;
  for (let first = 0; first < trajectories.users.length; ) {
    let end = first;
    while (trajectories.users[end] === trajectories.users[first]) end++;
    const copies = trajectories.probabilities[trajectories.users[first]] * times;
    if (copies !== Math.round(copies)) throw new Error(`${copies} is not a number of copies`);
    for (let copy = 0; copy < copies; copy++, user++)
      for (let row = first; row < end; row++) {
        rows.push(row);
        users.push(user);
      }
    first = end;
  }
  return {
    users: Int32Array.from(users),
    steps: Int32Array.from(rows, (row) => trajectories.steps[row]),
    states: Int32Array.from(rows, (row) => trajectories.states[row]),
    actions: Int32Array.from(rows, (row) => trajectories.actions[row]),
    rewards: Float64Array.from(rows, (row) => trajectories.rewards[row]),
    propensities: Float64Array.from(rows, (row) => trajectories.propensities[row]),
    terminals: Uint8Array.from(rows, (row) => trajectories.terminals[row]),
  };
}

/** What fittedQTabular needs to know of a log of the small worlds. */
export const stepsOf = ({ states, actions }: TabularLog, policy = target) => ({
  states,
  actions,
  policy,
  actionCount: 2,
});

/** The same rows, the last first. */
export function backwards(log: TabularLog): TabularLog {
  return {
    users: log.users.slice().reverse(),
    steps: log.steps.slice().reverse(),
    states: log.states.slice().reverse(),
    actions: log.actions.slice().reverse(),
    rewards: log.rewards.slice().reverse(),
    propensities: log.propensities.slice().reverse(),
    terminals: log.terminals.slice().reverse(),
  };
}

export function assertNear(got: number, wanted: number, within = 1e-12): void {
  if (!(Math.abs(got - wanted) <= within)) throw new Error(`${got} is not ${wanted}`);
}
