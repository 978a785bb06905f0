import { pairedInterval } from "../math/bootstrap";
import { meanOf } from "../math/mean";
import { random } from "../math/random";
import { changedLists } from "../metrics/changedLists";
import type { Keep } from "../settings/runConfig";
import { chosenByOthers, keptStep, type ValidatedStep } from "./keptStep";
import { type StepZeroComparison, stepZeroVerdict } from "./runRecord";
import { type ValidationResult, validationLength } from "./validator";

/**
 * The run beside its step 0, on validation users that did not choose (`chosenByOthers`); undefined with so few
 * users that nobody is left to judge.
 *
 * @param start the validation before the first update
 * @param chosen the validation of the step that is kept
 */
export function compareWithStart(
  start: ValidationResult,
  chosen: ValidationResult,
  {
    validations,
    keep,
    seed,
  }: { readonly validations: readonly ValidatedStep[]; readonly keep: Keep; readonly seed: number },
): StepZeroComparison | undefined {
  const draw = random(seed);
  const judged = chosenByOthers(validations, keep, draw.fork("folds"));
  if (judged.users.length === 0) return undefined;
  const difference = pairedInterval(judged.chosen, judged.start, draw.fork("step 0"));
  const mean = meanOf(judged.start);
  return {
    users: judged.users.length,
    k: validationLength,
    start: mean,
    chosen: meanOf(judged.chosen),
    difference,
    evaluatedSteps: judged.steps,
    changedLists: changedLists(chosen.lists, start.lists, validationLength),
    verdict:
      keep === "any" && keptStep(validations, keep) === 0
        ? "learning was not seen to help; step 0 is kept"
        : stepZeroVerdict(difference, mean),
  };
}
