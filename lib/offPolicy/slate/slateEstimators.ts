import { cascadeDoublyRobust } from "./cascadeDoublyRobust";
import type { SlateEstimator } from "./slateEstimator";
import { iips, rips, sips, sniips, snrips, snsips } from "./slateInversePropensity";
import type { LoggedSlates } from "./slateRounds";

/** The longest slate of an estimator that divides position by position: it is made of several sums a position. */
export const mostPositions = 100;

/**
 * All of them, in the order in which reports list them; cascade-DR only where there is a reward model, those that divide
 * position by position only where slates have at most `mostPositions`.
 */
export function slateEstimators({
  slots,
  longest,
}: Pick<LoggedSlates, "slots" | "longest">): readonly SlateEstimator[] {
  const all = [sips, snsips, iips, sniips, rips, snrips, cascadeDoublyRobust];
  return all.filter(
    (each) =>
      (each.needs === "nothing" || slots.model !== undefined) &&
      (longest <= mostPositions || (each !== sniips && each !== snrips)),
  );
}
