import { pairedInterval } from "../math/bootstrap";
import { meanOf } from "../math/mean";
import { random } from "../math/random";
import { changedLists } from "../metrics/compare";
import type { Keep } from "../settings/runConfig";
import { chosenByOthers, keptStep, type LookedStep } from "./keptStep";
import { type Look, lookedAt } from "./look";
import { type StepZeroComparison, stepZeroVerdict } from "./runRecord";

/**
 * The run beside its step 0, on validation users that did not choose (`chosenByOthers`); undefined with so few
 * users that nobody is left to judge.
 *
 * @param start the look before the first update
 * @param chosen the look at the step that is kept
 */
export function compareWithStart(
  start: Look,
  chosen: Look,
  {
    looks,
    keep,
    seed,
  }: { readonly looks: readonly LookedStep[]; readonly keep: Keep; readonly seed: number },
): StepZeroComparison | undefined {
  const draw = random(seed);
  const judged = chosenByOthers(looks, keep, draw.fork("folds"));
  if (judged.users.length === 0) return undefined;
  const difference = pairedInterval(judged.chosen, judged.start, draw.fork("step 0"));
  const mean = meanOf(judged.start);
  return {
    users: judged.users.length,
    k: lookedAt,
    start: mean,
    chosen: meanOf(judged.chosen),
    difference,
    judgedSteps: judged.steps,
    changedLists: changedLists(chosen.lists, start.lists, lookedAt),
    verdict:
      keep === "any" && keptStep(looks, keep) === 0
        ? "learning was not seen to help; step 0 is kept"
        : stepZeroVerdict(difference, mean),
  };
}
