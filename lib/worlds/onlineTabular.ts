/**
 * Q-learning and SARSA in a table, learning by acting (Sutton and Barto, Reinforcement learning, second edition 2018,
 * sections 6.4 and 6.5):
 *
 *   Q(s, a) ← Q(s, a) + α [ r + γ F − Q(s, a) ]      F = max_a′ Q(s′, a′)  (Q-learning)
 *                                                    F = Q(s′, a′), a′ what is really done next  (SARSA)
 *
 * and F = 0 where the reader has left. The rules of what follows are those of the agents that learn from logs. Unlike
 * these, every choice is possible in every state, and again, so that values begin at 0 and not where a log has support.
 */

import { bestFollowing } from "../agents/tabular/qLearning";
import { loggedFollowing } from "../agents/tabular/sarsa";
import type { TabularRule } from "../agents/tabular/tabularAgent";
import { valueTable } from "../agents/tabular/valueTable";
import { type OnlineLearner, type ScoredLearnerParts, scoredLearner } from "./onlineLearner";

export interface TableLearnerOptions extends Pick<ScoredLearnerParts, "choices" | "width" | "epsilon"> {
  readonly name?: string;
  /** γ in [0, 1] */
  readonly discount: number;
  /** α in (0, 1], or what gives it by how often the pair was moved, from 1; .1 by default. */
  readonly learningRate?: number | ((visits: number) => number);
  /** The state of a reader, by its observation [O]; by default every observation is a state of its own. */
  readonly stateOf?: (observation: Float32Array) => number | string;
}

/** A learner whose table can be looked into. */
export interface TableLearner extends OnlineLearner {
  /** Q(s, a), 0 of what was never seen. */
  value(state: number | string, choice: number): number;
  /** How often the value was moved. */
  visits(state: number | string, choice: number): number;
}

/**
 * Learns what the best known course would bring, whatever it does itself.
 *
 * @throws on a discount outside [0, 1].
 * @example onlineQLearning({ choices: 3, width: 3, discount: 0.9, learningRate: (visits) => visits ** -0.7 })
 */
export const onlineQLearning = (options: TableLearnerOptions): TableLearner =>
  tableLearner({ name: "q-learning", follows: bestFollowing, waits: false }, options);

/**
 * Learns what going on as it does brings, its own chance included.
 *
 * @throws on a discount outside [0, 1].
 * @example onlineSarsa({ choices: 3, width: 3, discount: 0.9, epsilon: constant(0.3) })
 */
export const onlineSarsa = (options: TableLearnerOptions): TableLearner =>
  tableLearner({ name: "sarsa", follows: loggedFollowing, waits: true }, options);

function tableLearner(rule: TabularRule, options: TableLearnerOptions): TableLearner {
  const { choices, width, discount, learningRate = 0.1, epsilon } = options;
  const { name = rule.name, stateOf = (observation) => observation.join() } = options;
  if (!(discount >= 0 && discount <= 1))
    throw new Error(`${name} requires a discount in [0, 1], got ${discount}`);
  const table = valueTable();
  const rows = new Map<number | string, number>();
  const visits: number[] = [];
  const rowOf = (state: number | string): number => {
    const known = rows.get(state);
    if (known !== undefined) return known;
    const row = rows.size;
    rows.set(state, row);
    for (let a = 0; a < choices; a++) {
      table.support(row, a);
      visits.push(0);
    }
    return row;
  };
  const rowAt = (observations: Float32Array, i: number): number =>
    rowOf(stateOf(observations.subarray(i * width, (i + 1) * width)));
  const isSeen = (): boolean => false; // anything may be shown again

  const learner = scoredLearner({
    ...{ name, choices, width },
    ...(epsilon && { epsilon }),
    waits: rule.waits,
    values(observations) {
      const values = new Float64Array((observations.length / width) * choices);
      for (let i = 0; i * width < observations.length; i++) {
        const row = rowAt(observations, i);
        for (let a = 0; a < choices; a++) values[i * choices + a] = table.value(row, a)!;
      }
      return values;
    },
    learn({ observations, choice, result, live, nextActions }) {
      for (let i = 0; i < live.length; i++) {
        if (live[i] === 0) continue;
        const [row, action] = [rowAt(observations, i), choice.actions[i]];
        const next = { state: rowAt(result.observations, i), action: nextActions?.[i], isSeen };
        const follows = result.terminated[i] === 1 ? 0 : rule.follows(table, next)!;
        const moved = ++visits[row * choices + action];
        const rate = typeof learningRate === "number" ? learningRate : learningRate(moved);
        table.move(row, action, { target: result.rewards[i] + discount * follows, rate });
      }
    },
  });
  return {
    ...learner,
    value: (state, choice) => table.value(rows.get(state) ?? -1, choice) ?? 0,
    visits: (state, choice) => visits[(rows.get(state) ?? -1) * choices + choice] ?? 0,
  };
}
