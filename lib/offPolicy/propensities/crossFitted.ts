import type { Random } from "../../math/random";
import { foldsOf, rowsOfFold } from "../bandit/folds";
import { type ChoiceColumns, contextOf, type FitBehaviour, type RoundDistributions } from "./choiceColumns";
import { multinomialModel } from "./multinomialModel";

/** Propensities that nobody wrote down: fitted to the log, and to be stamped so wherever they are used. */
export interface EstimatedPropensities extends RoundDistributions {
  /** [n] π₀(aᵢ | xᵢ), above 0 */
  readonly propensities: Float64Array;
  readonly provenance: "estimated";
  /** [n] the fold of each round: its model saw the others. */
  readonly foldOf: Int32Array;
  /** Mean −log propensity: of two models of one log the one with the lower tells more about it. */
  readonly logLoss: number;
}

export interface CrossFittingOptions {
  /** k: how many models; 5 by default. */
  readonly folds?: number;
  /** What is fitted; `multinomialModel` with its defaults unless told, `frequencyModel` for a log without contexts. */
  readonly fit?: FitBehaviour;
}

/**
 * The propensity of each round from a model that did not see it, nor any other round of its user. A model that has seen
 * a round knows a little of what was chosen in it, so its propensities are too large, the weights too small, and the
 * fit looks better than it is.
 *
 * @throws when there are fewer users (or rounds) than folds, or a model gives a logged action no probability.
 * @example loggedRounds({ rewards, targetProbabilities, ...crossFittedPropensities(choices, random(1)) })
 */
export function crossFittedPropensities(
  choices: ChoiceColumns,
  random: Random,
  { folds = 5, fit = (some, rows) => multinomialModel(some, rows) }: CrossFittingOptions = {},
): EstimatedPropensities {
  const { size, actionCount, users } = choices;
  const foldOf = foldsOf(size, random, { users, folds });
  const models = Array.from({ length: folds }, (_, fold) => fit(choices, rowsOfFold(foldOf, fold).outside));
  const write = (round: number, into: Float64Array): void =>
    models[foldOf[round]].write(contextOf(choices, round), into);
  const propensities = propensitiesOf({ size, actionCount, write }, choices.actions);
  let loss = 0;
  for (const propensity of propensities) loss -= Math.log(propensity);
  return { size, actionCount, write, propensities, provenance: "estimated", foldOf, logLoss: loss / size };
}

/**
 * [n] The probability that distributions give to what was chosen.
 *
 * @throws when it is not above 0 and at most 1.
 */
export function propensitiesOf(distributions: RoundDistributions, actions: Int32Array): Float64Array {
  const shares = new Float64Array(distributions.actionCount);
  return Float64Array.from(actions, (action, i) => {
    distributions.write(i, shares);
    const share = shares[action];
    // Shares that were summed up may pass 1 by rounding.
    if (!(share > 0 && share <= 1 + 1e-9))
      throw new Error(`propensitiesOf requires probabilities in (0, 1], got ${share} in round ${i + 1}`);
    return Math.min(share, 1);
  });
}
