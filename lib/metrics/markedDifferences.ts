import type { Interval } from "../math/bootstrap";
import { holm } from "../math/holm";

/** Below this a corrected p value is marked. */
const level = 0.05;

/** What a table says of its paired differences as a whole. */
export interface MarkedDifferences {
  /** "*" or "" for each, in the order given. */
  readonly marks: readonly string[];
  /** How many were looked at, and what the mark means. Empty where there are none. */
  readonly notes: readonly string[];
}

/**
 * Marks those of a table's paired differences that stand when all of them are counted: of twenty intervals without an
 * effect one leaves 0 out. A mark needs an interval without 0 and Holm's p value below .05; a difference that was kept
 * without its p value is counted and never marked.
 *
 * @example markedDifferences([{ lower: .1, upper: .3, p: .001 }, { lower: .01, upper: .5, p: .04 }]).marks // ["*", "*"]
 */
export function markedDifferences(
  differences: readonly Pick<Interval, "lower" | "upper" | "p">[],
): MarkedDifferences {
  const count = differences.length;
  if (count === 0) return { marks: [], notes: [] };
  const corrected = holm(differences.map(({ p }) => p ?? 1));
  return {
    marks: differences.map(({ lower, upper }, i) =>
      corrected[i] < level && (lower > 0 || upper < 0) ? "*" : "",
    ),
    notes: [
      `${count} paired difference${count > 1 ? "s were" : " was"} looked at here; * marks what is not 0 after Holm's correction for all of them (p < .05).`,
    ],
  };
}
