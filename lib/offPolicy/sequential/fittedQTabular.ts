import { type FittedQ, type FittedQOptions, fittedQIteration } from "./fittedQIteration";
import type { Trajectories } from "./trajectories";

/** What the steps of a log are in a world of S states and A actions; columns in the order of the log's rows. */
export interface TabularSteps {
  /** [n] */
  readonly states: Int32Array;
  /** [n] */
  readonly actions: Int32Array;
  /** [S × A] π(a | s), the policy under test */
  readonly policy: Float64Array;
  /** A */
  readonly actionCount: number;
}

export interface FittedQTable extends FittedQ {
  /** [S × A] Q after the last round, 0 where the log has nothing to say: with the whole horizon, or without end, to go. */
  readonly table: Float64Array;
  /** Mean probability that π gives, in the states of the log, to what the log never does there. */
  readonly unseenMass: number;
}

/**
 * Fitted Q evaluation on tables, where the regression is a mean: dynamic programming on the world that the log's counts
 * describe, swept row by row.
 *
 * A pair that the log never shows is worth 0, which is a guess; `unseenMass` says how much of π rests on it.
 *
 * @throws as fittedQIteration; when an endless fit does not settle, a row lies outside the policy, or the log is evaluated for another policy.
 * @example one state, rewards 1, endless, discount .9: table [10]
 */
export function fittedQTabular(
  log: Trajectories,
  steps: TabularSteps,
  options: FittedQOptions = {},
): FittedQTable {
  const { actionCount, policy } = steps;
  const n = log.rows.length;
  const pairs = pairsOf(log, steps);
  const states = pairs.map((pair) => Math.floor(pair / actionCount));
  const table = new Float64Array(policy.length);
  const counts = new Float64Array(policy.length);
  const sums = new Float64Array(policy.length);
  const stateValues = new Float64Array(policy.length / actionCount);
  const seen = new Uint8Array(policy.length);
  const found = fittedQIteration(
    log,
    {
      fit(targets, weights) {
        counts.fill(0);
        sums.fill(0);
        for (let place = 0; place < n; place++) {
          if (weights[place] === 0) continue;
          counts[pairs[place]] += weights[place];
          sums[pairs[place]] += weights[place] * targets[place];
        }
        stateValues.fill(0);
        for (let pair = 0; pair < table.length; pair++) {
          // Known from truncated ends alone: its reward is all that is known, and stays.
          if (counts[pair] > 0) {
            table[pair] = sums[pair] / counts[pair];
            seen[pair] = 1;
          }
          stateValues[Math.floor(pair / actionCount)] += policy[pair] * table[pair];
        }
        let [squares, total] = [0, 0];
        for (let place = 0; place < n; place++) {
          if (weights[place] === 0) continue;
          squares += weights[place] * (targets[place] - table[pairs[place]]) ** 2;
          total += weights[place];
        }
        return total === 0 ? 0 : squares / total;
      },
      model: () => ({
        logged: Float64Array.from(pairs, (pair) => table[pair]),
        expected: Float64Array.from(states, (state) => stateValues[state]),
      }),
    },
    options,
  );
  if (!found.settled)
    throw new Error(`fittedQTabular requires more than ${found.losses.length} iterations to settle`);
  let unseenMass = 0;
  for (const state of states)
    for (let pair = state * actionCount; pair < (state + 1) * actionCount; pair++)
      if (seen[pair] === 0) unseenMass += policy[pair] / n;
  return { ...found, table, unseenMass };
}

/** [n] s · A + a by place */
function pairsOf(log: Trajectories, { states, actions, policy, actionCount }: TabularSteps): Int32Array {
  const n = log.rows.length;
  if (states.length !== n || actions.length !== n)
    throw new Error(
      `fittedQTabular requires ${n} states and actions, got ${states.length} and ${actions.length}`,
    );
  return Int32Array.from(log.rows, (row, place) => {
    const [state, action] = [states[row], actions[row]];
    const pair = state * actionCount + action;
    if (!(state >= 0 && action >= 0 && action < actionCount && pair < policy.length))
      throw new Error(
        `fittedQTabular requires states and actions that the policy knows, got ${state} and ${action} in row ${row + 1}`,
      );
    if (!(Math.abs(policy[pair] - log.targetProbabilities[place]) <= 1e-6))
      throw new Error(
        `fittedQTabular requires the policy that the log is evaluated for, got probability ${policy[pair]} for ${log.targetProbabilities[place]} in row ${row + 1}`,
      );
    return pair;
  });
}
