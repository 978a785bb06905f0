import { type Rule, rules } from "./agentConfig";
import { type StateKind, stateKinds } from "./tabularStates";

/** Settings that Q-learning and SARSA share. */
export interface TabularConfig {
  /** "last-item", "user-cluster", or "user", which makes it a bandit (see `tabularStates`). */
  readonly state: StateKind;
  /** γ in [0, 1): how much the next step counts. */
  readonly discount: number;
  /**
   * "batch": each pass sets every value to the mean of its targets, which leaves no rate to choose and no order of
   * rows, and nears the log's own answer by γ a pass (batch updating, Sutton and Barto 2018, section 6.3). Else one
   * step after the other: α in (0, 1], or "1/visits", one over the times the pair was moved, a running mean; what it
   * still remembers of its first targets fades by visits^−(1 − γ) alone, which at γ = .9 takes far too long.
   */
  readonly learningRate: number | "1/visits" | "batch";
  /** Times the log is gone over, from 1; at most, with "batch", which stops when nothing moves any more. */
  readonly passes: number;
  /** Of state "user-cluster": clusters, from 1. */
  readonly clusters: number;
  /** Of state "user-cluster": numbers in an item vector, from 1. */
  readonly vectorWidth: number;
  /** κ ≥ 0: how strongly a pair is held towards its item's mean when items are ranked (`itemBelief`). */
  readonly shrinkage: number;
  /**
   * c ≥ 0: how much a value loses that rests on few rows when items are ranked (`itemBelief`). With a lot, what was
   * done often leads whatever it brought; with none, whatever brought much once.
   */
  readonly pessimism: number;
  /** T above 0 of the served policy, a softmax over scores / T. */
  readonly temperature: number;
}

/**
 * Pessimism was chosen on validation rows of goodbooks (temporal) and ml-100k (leave-one-out), where 0 and 1 fall
 * below the most popular items and more than 5 changes little or only makes values count less.
 */
export const tabularDefaults: TabularConfig = {
  state: "last-item",
  discount: 0.9,
  learningRate: "batch",
  passes: 100,
  clusters: 50,
  vectorWidth: 32,
  shrinkage: 5,
  pessimism: 5,
  temperature: 0.1,
};

const fromOne: Rule = [
  "a whole number from 1",
  (value) => Number.isSafeInteger(value) && (value as number) >= 1,
];

export const tabularChecks = {
  state: rules.oneOf(...stateKinds),
  discount: rules.below(0, 1),
  learningRate: [
    '"batch" or "1/visits" or a number in (0, 1]',
    (value) =>
      value === "batch" || value === "1/visits" || (typeof value === "number" && value > 0 && value <= 1),
  ] as Rule,
  passes: fromOne,
  clusters: fromOne,
  vectorWidth: fromOne,
  shrinkage: rules.notNegative,
  pessimism: rules.notNegative,
  temperature: rules.positive,
};
