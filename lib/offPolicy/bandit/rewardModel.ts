import type { Random } from "../../math/random";
import { type ChoiceColumns, contextOf, type RoundDistributions } from "../propensities/choiceColumns";
import { foldsOf, rowsOfFold } from "./folds";
import type { RewardModel } from "./loggedRounds";
import { type RewardFunction, ridgeRewards } from "./ridgeRewards";

/** A reward model's columns, each round's from a model that did not see it. */
export interface CrossFittedRewards extends RewardModel {
  /** [n] the fold of each round: its model saw the others. */
  readonly foldOf: Int32Array;
}

/** Fits what actions earn to some of the rounds. */
export type FitRewards = (choices: ChoiceColumns, rewards: Float64Array, rows: Int32Array) => RewardFunction;

export interface RewardModelOptions {
  /** k: how many models; 5 by default. */
  readonly folds?: number;
  /** What is fitted; `ridgeRewards` with its defaults unless told. */
  readonly fit?: FitRewards;
}

/**
 * A model of rewards for DM, DR and their kin, cross-fitted (Chernozhukov and others 2018, definition 3.2): the model
 * that speaks of a round saw neither it nor any other round of its user. Otherwise r − q̂ would be too small where it is
 * needed, and the correction that makes DR right would fade.
 *
 * @param rewards [n]
 * @param target the policy under test, round by round
 * @throws when lengths differ, or there are fewer users (or rounds) than folds.
 * @example loggedRounds({ ...columns, model: crossFittedRewards(choices, rewards, { target, random: random(1) }) })
 */
export function crossFittedRewards(
  choices: ChoiceColumns,
  rewards: Float64Array,
  {
    target,
    random,
    folds = 5,
    fit = (some, earned, rows) => ridgeRewards(some, earned, { rows }),
  }: RewardModelOptions & { readonly target: RoundDistributions; readonly random: Random },
): CrossFittedRewards {
  const { size, actionCount, actions, users } = choices;
  if (rewards.length !== size)
    throw new Error(`crossFittedRewards requires rewards for ${size} rounds, got ${rewards.length}`);
  if (target.size !== size || target.actionCount !== actionCount)
    throw new Error(
      `crossFittedRewards requires a target of ${size} rounds and ${actionCount} actions, got ${target.size} and ${target.actionCount}`,
    );
  const foldOf = foldsOf(size, random, { users, folds });
  const [logged, expected] = [new Float64Array(size), new Float64Array(size)];
  const [earned, shares] = [new Float64Array(actionCount), new Float64Array(actionCount)];
  for (let fold = 0; fold < folds; fold++) {
    const { inside, outside } = rowsOfFold(foldOf, fold);
    const model = fit(choices, rewards, outside);
    for (const row of inside) {
      model.write(contextOf(choices, row), earned);
      target.write(row, shares);
      logged[row] = earned[actions[row]];
      for (let a = 0; a < actionCount; a++) expected[row] += shares[a] * earned[a];
    }
  }
  return { logged, expected, foldOf };
}
