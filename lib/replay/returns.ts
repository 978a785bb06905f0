import type { Histories } from "../data/histories";

/**
 * The discounted return from each entry of some histories to the end of its history:
 * G(e) = r(e) + γ·G(e + 1). What the log holds stops where the log stops, so near the end of a history this
 * is less than what would have followed.
 *
 * @param rewards [entries]
 * @param discount γ in [0, 1]
 * @returns [entries]
 * @throws when there is not one reward an entry, or the discount lies outside [0, 1].
 * @example one history with rewards 1, 0, 4 at discount .5: [2, 2, 4]
 */
export function discountedReturns(
  histories: Pick<Histories, "size" | "offsets">,
  rewards: ArrayLike<number>,
  discount: number,
): Float64Array {
  const { size, offsets } = histories;
  if (rewards.length !== offsets[size])
    throw new Error(`discountedReturns requires ${offsets[size]} rewards, got ${rewards.length}`);
  if (!(discount >= 0 && discount <= 1))
    throw new Error(`discountedReturns requires a discount in [0, 1], got ${discount}`);
  const returns = new Float64Array(rewards.length);
  for (let h = 0; h < size; h++) {
    let later = 0;
    for (let e = offsets[h + 1] - 1; e >= offsets[h]; e--) later = returns[e] = rewards[e] + discount * later;
  }
  return returns;
}

/**
 * Mean return by the number of entries that follow: place 0 is the last entry of each history, place 1 the one
 * before it. Histories shorter than `places` are left out, so that every place is a mean over the same ones.
 *
 * @returns [places]
 * @throws when no history is long enough.
 */
export function returnsFromTheEnd(
  histories: Pick<Histories, "size" | "offsets">,
  returns: ArrayLike<number>,
  places: number,
): Float64Array {
  const means = new Float64Array(places);
  let count = 0;
  for (let h = 0; h < histories.size; h++) {
    const end = histories.offsets[h + 1];
    if (end - histories.offsets[h] < places) continue;
    count++;
    for (let place = 0; place < places; place++) means[place] += returns[end - 1 - place];
  }
  if (count === 0)
    throw new Error(`returnsFromTheEnd requires a history of ${places} entries, got only shorter ones`);
  return means.map((sum) => sum / count);
}
