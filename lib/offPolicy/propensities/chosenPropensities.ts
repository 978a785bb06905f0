import type { Random } from "../../math/random";
import type { ChoiceColumns, FitBehaviour } from "./choiceColumns";
import { crossFittedPropensities, type EstimatedPropensities } from "./crossFitted";
import { frequencyModel } from "./frequencyModel";
import { multinomialModel } from "./multinomialModel";

/** A way to model the log's policy, by name. */
export interface NamedFit {
  readonly name: string;
  readonly fit: FitBehaviour;
}

/** Frequencies whatever the context, and multinomial models from free to stiff. */
export const behaviourFits: readonly NamedFit[] = [
  { name: "frequencies", fit: (choices, rows) => frequencyModel(choices, rows) },
  ...[10, 100, 1000].map((ridge) => ({
    name: `multinomial, ridge ${ridge}`,
    fit: (choices: ChoiceColumns, rows: Int32Array) => multinomialModel(choices, rows, { ridge }),
  })),
];

export interface ChosenPropensities {
  readonly name: string;
  readonly estimated: EstimatedPropensities;
  /** Every model's mean −log propensity out of fold, in the order given. */
  readonly losses: readonly { readonly name: string; readonly logLoss: number }[];
}

/**
 * The model of the log's policy that tells most about rounds it did not see (the least mean −log propensity), all on
 * the same folds; of equals the first. Where frequencies win, the contexts say nothing of how the log's policy
 * chose. A model that is too free is worse than none: it takes rare actions for rarer than they are, and one
 * propensity that is ten times too small is one weight that is ten times too large.
 *
 * @param options.fits the models; by default `behaviourFits`, of which a log without contexts has only the frequencies
 * @throws when there is no model to choose from, or as crossFittedPropensities does.
 * @example chosenPropensities(choices, random(1)).name // "multinomial, ridge 100" on Open Bandit's bts logs
 */
export function chosenPropensities(
  choices: ChoiceColumns,
  random: Random,
  {
    fits = choices.width === 0 ? behaviourFits.slice(0, 1) : behaviourFits,
    folds = 5,
  }: { readonly fits?: readonly NamedFit[]; readonly folds?: number } = {},
): ChosenPropensities {
  if (fits.length === 0) throw new Error("chosenPropensities requires at least one model, got none");
  const found = fits.map(({ name, fit }) => ({
    name,
    // The same name forks the same stream: all models have the same folds.
    estimated: crossFittedPropensities(choices, random.fork("folds"), { folds, fit }),
  }));
  const best = found.reduce((a, b) => (b.estimated.logLoss < a.estimated.logLoss ? b : a));
  return { ...best, losses: found.map(({ name, estimated }) => ({ name, logLoss: estimated.logLoss })) };
}
