import { type Random, shuffle } from "../../math/random";
import type { StepModel, Trajectories } from "./trajectories";

/**
 * A model in which no trajectory is evaluated by what was learned from it: the trajectories are dealt into folds, and each
 * fold's numbers come from a fit of the others (Chernozhukov et al. 2018, definition 3.1). Otherwise a model that
 * remembers its log would leave sequential DR nothing to correct.
 *
 * @param fit learns from the trajectories with flag 1 of [m], and says something of all n rows of the log, in its order
 * @throws when there are fewer than two folds or more folds than trajectories.
 * @example
 * withModel(log, crossFitted(log, (learnFrom) => fittedQTabular(log, steps, { learnFrom }).model, { random: random(1) }))
 */
export function crossFitted(
  log: Trajectories,
  fit: (learnFrom: Uint8Array, random: Random) => StepModel,
  { folds = 2, random }: { readonly folds?: number; readonly random: Random },
): StepModel {
  const { size, offsets, rows } = log;
  if (!(Number.isInteger(folds) && folds >= 2 && folds <= size))
    throw new Error(`crossFitted requires from 2 to ${size} folds, got ${folds}`);
  const order = shuffle(
    Int32Array.from({ length: size }, (_, i) => i),
    random.fork("folds"),
  );
  const whole = { logged: new Float64Array(rows.length), expected: new Float64Array(rows.length) };
  for (let fold = 0; fold < folds; fold++) {
    const learnFrom = new Uint8Array(size).fill(1);
    for (let at = fold; at < size; at += folds) learnFrom[order[at]] = 0;
    const { logged, expected } = fit(learnFrom, random.fork(`fold ${fold}`));
    for (let at = fold; at < size; at += folds)
      for (let place = offsets[order[at]]; place < offsets[order[at] + 1]; place++) {
        whole.logged[rows[place]] = logged[rows[place]];
        whole.expected[rows[place]] = expected[rows[place]];
      }
  }
  return whole;
}
