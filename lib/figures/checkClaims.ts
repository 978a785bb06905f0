import { say } from "./say";

/** Claims by the dataset they are about; "always" for those that hold whatever the data. */
export type Claims = Readonly<Record<string, Readonly<Record<string, boolean>>>>;

/**
 * The last cell of a notebook: what its text claims, checked. What is said of one dataset is checked on that dataset alone, so
 * that a notebook can be run on a log of one's own.
 *
 * @param dataset the dataset's name, as `Dataset.name` has it
 * @returns the sentence that was shown
 * @throws naming the first claim that does not hold any more.
 * @example checkClaims("goodbooks", { always: { "parts do not overlap": true }, goodbooks: { "4 is the commonest rating": true } })
 */
export function checkClaims(dataset: string, claims: Claims): string {
  let [held, passedOver] = [0, 0];
  for (const [about, each] of Object.entries(claims))
    for (const [claim, holds] of Object.entries(each)) {
      if (about !== "always" && about !== dataset) {
        passedOver++;
        continue;
      }
      if (!holds) throw new Error(`no longer true: ${claim}`);
      held++;
    }
  const sentence =
    passedOver === 0
      ? `All ${held} claims hold.`
      : `${held} claims hold; ${passedOver} about other data were not checked on ${dataset}.`;
  say(sentence);
  return sentence;
}
