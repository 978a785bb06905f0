import { cascadeDoublyRobust } from "./cascadeDoublyRobust";
import type { SlateEstimator } from "./slateEstimator";
import { iips, rips, sips, sniips, snrips, snsips } from "./slateInversePropensity";
import type { LoggedSlates } from "./slateRounds";

/** All of them, in the order in which reports list them; cascade-DR only where there is a reward model. */
export function slateEstimators({ slots }: Pick<LoggedSlates, "slots">): readonly SlateEstimator[] {
  const all = [sips, snsips, iips, sniips, rips, snrips, cascadeDoublyRobust];
  return all.filter(({ needs }) => needs === "nothing" || slots.model !== undefined);
}
