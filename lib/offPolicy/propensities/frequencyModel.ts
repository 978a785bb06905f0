import type { BehaviourModel, ChoiceColumns } from "./choiceColumns";

/**
 * How often each action was chosen, whatever the context: what a log without contexts allows, and what a model with
 * contexts has to beat.
 *
 * @param rows the rounds that are counted
 * @param options.pseudoCount added to the count of every action, so that none gets 0; 1 by default
 * @throws when the pseudo-count is not above 0.
 * @example // actions 0, 0, 1 of 3: (2 + 1) / 6, (1 + 1) / 6, (0 + 1) / 6
 */
export function frequencyModel(
  { actions, actionCount }: Pick<ChoiceColumns, "actions" | "actionCount">,
  rows: Int32Array,
  { pseudoCount = 1 }: { readonly pseudoCount?: number } = {},
): BehaviourModel {
  if (!(pseudoCount > 0))
    throw new Error(`frequencyModel requires a pseudo-count above 0, got ${pseudoCount}`);
  const shares = new Float64Array(actionCount).fill(pseudoCount);
  for (const row of rows) shares[actions[row]]++;
  const total = rows.length + pseudoCount * actionCount;
  for (let a = 0; a < actionCount; a++) shares[a] /= total;
  return { write: (_context, into) => into.set(shares) };
}
