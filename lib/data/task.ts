import { feedbackOf, isRelevantTo } from "./feedback";
import { type Histories, historiesOf } from "./histories";
import { InputError } from "./inputError";
import type { Interactions } from "./interactions";
import { fittingRows, type Split } from "./split";

/**
 * What a recommender is asked and what it is evaluated by: one history an evaluated user (all rows before the cut,
 * which are also the items it must not return, unless they may come again) and the relevant items that came after.
 */
export interface Task {
  readonly stage: "validation" | "test";
  /** One an evaluated user, by ascending user row, none empty. */
  readonly histories: Histories;
  /** [histories.size + 1] */
  readonly relevantOffsets: Int32Array;
  /** [relevantOffsets[size]] item rows, ascending within a user, each once. */
  readonly relevantItems: Int32Array;
  /** [relevantOffsets[size]] all 1: relevance is binary. */
  readonly relevantGains: Float64Array;
  /** Items of the history may be recommended again, and are relevant when they are taken again; absent where not. */
  readonly repeats?: true;
}

/**
 * Makes the task of a split's validation or test rows. Validation histories hold train rows, test histories
 * train and validation rows.
 *
 * A row after the cut is relevant when its weight is at least `relevantAt`; by default that is 4 for stars,
 * what `feedbackOf` says of other ratings and any positive weight otherwise, and under leave-one-out every row whatever
 * its rating. An item the user
 * has already seen is not relevant (it may not be recommended) unless items may come again (`repeats`), an item that
 * comes twice after the cut counts once, and an item that train never saw stays. Users with no row before the cut or nothing relevant after it are not evaluated.
 *
 * @throws InputError when no row is relevant, an error when nobody can be evaluated for another reason.
 * @example taskOf(interactions, temporalSplit(interactions), "test").histories.size // evaluated users
 */
export function taskOf(
  interactions: Interactions,
  split: Split,
  stage: "validation" | "test",
  options: { readonly relevantAt?: number | null; readonly repeats?: boolean } = {},
): Task {
  const isRelevant = relevance(interactions, split, options.relevantAt);
  const past = historiesOf(interactions, fittingRows(split, { refit: stage === "test" }));
  const future = historiesOf(interactions, stage === "test" ? split.test : split.validation, {
    users: past.users,
  });

  const seen = new Int32Array(interactions.itemIds.length).fill(-1);
  const evaluated: number[] = [];
  const relevant: number[] = [];
  const offsets = [0];
  for (let h = 0; h < past.size; h++) {
    if (options.repeats !== true)
      for (let e = past.offsets[h]; e < past.offsets[h + 1]; e++) seen[past.items[e]] = h;
    const items: number[] = [];
    for (let e = future.offsets[h]; e < future.offsets[h + 1]; e++) {
      const item = future.items[e];
      if (seen[item] === h || !isRelevant(future.weights[e])) continue;
      seen[item] = h;
      items.push(item);
    }
    if (items.length === 0) continue;
    items.sort((a, b) => a - b);
    for (const item of items) relevant.push(item);
    evaluated.push(past.users[h]);
    offsets.push(relevant.length);
  }
  if (evaluated.length === 0) {
    requireRelevant(interactions, future.weights, { stage, relevantAt: options.relevantAt, isRelevant });
    throw new Error(`taskOf requires a user with a row before and a relevant one after the ${stage} cut`);
  }

  const rows = fittingRows(split, { refit: stage === "test" });
  return {
    stage,
    histories: historiesOf(interactions, rows, { users: Int32Array.from(evaluated) }),
    relevantOffsets: Int32Array.from(offsets),
    relevantItems: Int32Array.from(relevant),
    relevantGains: new Float64Array(relevant.length).fill(1),
    ...(options.repeats === true && { repeats: true }),
  };
}

function relevance(
  interactions: Interactions,
  split: Split,
  relevantAt: number | null | undefined,
): (weight: number) => boolean {
  if (relevantAt !== undefined && relevantAt !== null) return (weight) => weight >= relevantAt;
  if (split.protocol === "leave-one-out") return () => true;
  return isRelevantTo(feedbackOf(interactions));
}

/** Says what to set where the reason is that no weight reaches what counts as relevant. */
function requireRelevant(
  interactions: Interactions,
  weights: Float32Array,
  options: {
    readonly stage: Task["stage"];
    readonly relevantAt: number | null | undefined;
    readonly isRelevant: (weight: number) => boolean;
  },
): void {
  if (weights.length === 0 || weights.some(options.isRelevant)) return;
  const from = options.relevantAt ?? feedbackOf(interactions).relevantAt;
  const least = weights.reduce((a, b) => Math.min(a, b));
  const largest = weights.reduce((a, b) => Math.max(a, b));
  throw new InputError(
    `no ${options.stage} row ${from === null ? "is above 0" : `reaches ${from}`}, which would make it relevant: their weights go from ${least} to ${largest}`,
    { expected: `a lower bar: train --set relevantAt=${largest}, evaluate --relevant-at ${largest}` },
  );
}
