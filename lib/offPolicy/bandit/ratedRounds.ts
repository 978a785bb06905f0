import { type Histories, historiesOf, takeHistories } from "../../data/histories";
import type { Interactions } from "../../data/interactions";
import { fittingRows, type Split } from "../../data/split";

/** What users did first after a cut: a log of one round a user, without propensities. */
export interface RatedRounds {
  /** Everything before the cut, one history a round. */
  readonly histories: Histories;
  /** [n] item row of what was done. */
  readonly items: Int32Array;
  /** [n] rating or other weight. */
  readonly weights: Float32Array;
}

/**
 * The first row of each user in a split's validation or test rows as a logged round: the history was the state, the item
 * the action. Users without a history, and items that were seen before, are left out.
 *
 * @throws when no user is left.
 * @example ratedRounds(interactions, temporalSplit(interactions), "test").items // [n], one a user
 */
export function ratedRounds(
  interactions: Interactions,
  split: Split,
  stage: "validation" | "test",
): RatedRounds {
  const past = historiesOf(interactions, fittingRows(split, { refit: stage === "test" }));
  const future = historiesOf(interactions, stage === "test" ? split.test : split.validation, {
    users: past.users,
  });
  const seen = new Int32Array(interactions.itemIds.length).fill(-1);
  const [kept, items, weights]: [number[], number[], number[]] = [[], [], []];
  for (let h = 0; h < past.size; h++) {
    for (let e = past.offsets[h]; e < past.offsets[h + 1]; e++) seen[past.items[e]] = h;
    for (let e = future.offsets[h]; e < future.offsets[h + 1]; e++) {
      if (seen[future.items[e]] === h) continue;
      kept.push(h);
      items.push(future.items[e]);
      weights.push(future.weights[e]);
      break;
    }
  }
  if (kept.length === 0)
    throw new Error(`ratedRounds requires a user with rows before and in ${stage}, got none`);
  return {
    histories: takeHistories(past, Int32Array.from(kept)),
    items: Int32Array.from(items),
    weights: Float32Array.from(weights),
  };
}
