import { deviationOf } from "../math/deviation";
import { meanOf } from "../math/mean";
import { type Random, shuffle } from "../math/random";
import type { Keep } from "../settings/runConfig";
import { alarmThreshold } from "./warnings";

/** What is known of a step at which the validation users were asked. */
export interface ValidatedStep {
  readonly step: number;
  /** The actor has had an update of its own, or it is the last step. */
  readonly learned: boolean;
  /** Mean share of a batch that left what any policy could earn, since the validation before. */
  readonly alarm: number;
  /** [users] NDCG@10; empty without validation users. */
  readonly ndcg: Float64Array;
}

/**
 * The step to keep. Steps on whose way the alarm on impossible values rang are passed over where there is another
 * to take; the first of equals is taken.
 *
 * The standard error is that of the mean paired difference over the users. Luck alone passes one standard error
 * with one validation in six, and the best of many more often: ties and small luck go to step 0, which needs no
 * learning at all, and what the rule lets through is still to be evaluated on users that did not choose
 * (`chosenByOthers`).
 *
 * @param validations by ascending step, the first of them step 0
 * @param users rows of the users that choose; all by default. Without any, the last step is kept
 */
export function keptStep(validations: readonly ValidatedStep[], keep: Keep, users?: Int32Array): number {
  const [start, ...later] = validations.map((each) => ({ ...each, ndcg: taken(each.ndcg, users) }));
  const last = later.at(-1) ?? start;
  if (keep === "last" || start.ndcg.length === 0) return last.step;
  const calm = ({ alarm }: ValidatedStep): boolean => alarm <= alarmThreshold;
  if (keep === "any")
    return best(later.filter((each) => calm(each) && gains(each, start)))?.step ?? start.step;
  const learned = later.filter((each) => each.learned);
  return (best(learned.filter(calm)) ?? best(learned) ?? start).step;
}

/** What other users chose for a user, beside step 0, on that user. */
export interface ChosenByOthers {
  /** [users] rows of the users that are evaluated, ascending. */
  readonly users: Int32Array;
  /** [users] NDCG@10 of the step chosen for each, and of step 0. */
  readonly chosen: Float64Array;
  readonly start: Float64Array;
  /** The step that each fold was evaluated on. */
  readonly steps: readonly number[];
}

/**
 * Evaluates a way of choosing on users that did not choose. The best of many validations flatters itself on those who chose
 * it: with no effect at all and ten validations, up to a third of such comparisons came out as "better". Here the users
 * are dealt into five folds, and each but the first is evaluated on the step that the folds before it choose.
 *
 * Folds evaluated on all the others would use every user, but then two folds that choose alike have each chosen what
 * the other is evaluated on: their errors go together, the interval over users does not know, and with fifteen validations 5
 * to 7 in 100 were still called "better" (2 to 3 here). What came before cannot depend on what comes after, so these
 * differences have mean 0 given all before them when nothing helped. (Dawid, 1984, The prequential approach.)
 *
 * Where nothing is chosen ("last") all users are evaluated.
 *
 * @param validations as for `keptStep`
 * @param draw deals the folds
 */
export function chosenByOthers(
  validations: readonly ValidatedStep[],
  keep: Keep,
  draw: Random,
): ChosenByOthers {
  const start = validations[0].ndcg;
  const size = start.length;
  const byStep = new Map(validations.map((each) => [each.step, each.ndcg]));
  const everybody = Int32Array.from({ length: size }, (_, user) => user);
  if (keep === "last") {
    const step = keptStep(validations, keep);
    return { users: everybody, chosen: byStep.get(step)!, start, steps: [step] };
  }
  const dealt = shuffle(everybody.slice(), draw);
  const cut = (fold: number): number => Math.floor((fold * size) / foldCount);
  const chosen = new Float64Array(size);
  const steps: number[] = [];
  for (let fold = 1; fold < foldCount; fold++) {
    const [from, to] = [cut(fold), cut(fold + 1)];
    if (from === 0) continue; // fewer users than folds: nobody to choose yet
    const step = keptStep(validations, keep, dealt.slice(0, from));
    for (const user of dealt.subarray(from, to)) chosen[user] = byStep.get(step)![user];
    if (to > from) steps.push(step);
  }
  const users = dealt.slice(Math.max(cut(1), Math.min(1, size))).sort();
  return { users, chosen: taken(chosen, users), start: taken(start, users), steps };
}

/** Folds that validation users are dealt into; the first of them only chooses. */
export const foldCount = 5;

/** Whether the mean gain over step 0 is above one standard error; never with fewer than two users. */
function gains({ ndcg }: ValidatedStep, start: ValidatedStep): boolean {
  const differences = ndcg.map((value, user) => value - start.ndcg[user]);
  return meanOf(differences) > deviationOf(differences) / Math.sqrt(differences.length);
}

/** The first of the highest mean. */
function best(validations: readonly ValidatedStep[]): ValidatedStep | undefined {
  let [found, highest]: [ValidatedStep | undefined, number] = [undefined, Number.NEGATIVE_INFINITY];
  for (const each of validations) {
    const mean = meanOf(each.ndcg);
    if (mean > highest) [found, highest] = [each, mean];
  }
  return found;
}

function taken(values: Float64Array, users: Int32Array | undefined): Float64Array {
  return users === undefined ? values : Float64Array.from(users, (user) => values[user]);
}
