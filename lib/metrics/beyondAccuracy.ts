import { giniOf } from "../math/gini";
import type { Lists } from "../retrieval/lists";

/** One set of item vectors, fixed per data set (never the agent's own), [N × width]. */
export interface ItemVectors {
  readonly vectors: Float32Array;
  readonly width: number;
}

export interface BeyondAccuracy {
  /** Distinct items recommended / N. */
  readonly coverage: number;
  /** Mean −log2 of the recommended items' share of the train interactions, add-one smoothed: bits. */
  readonly novelty: number;
  /** Mean pairwise 1 − cosine within a list, then over lists of two or more; NaN without item vectors. */
  readonly diversity: number;
  /** Of the recommendation counts over all N items: 0 when all are shown equally often, near 1 when one is. */
  readonly gini: number;
  /** Share of the recommended places that each popularity stratum holds. */
  readonly strata: Readonly<Record<Stratum, number>>;
}

/** Items that carry the first 20%, the next 60% and the last 20% of the train interactions. */
export const strataNames = ["head", "middle", "tail"] as const;
export type Stratum = (typeof strataNames)[number];

/**
 * What lists are like apart from being right: a recommender that shows everybody the same ten items can look
 * fine in NDCG, and shows here.
 *
 * @param lists the first k places of each are looked at
 * @param trainCounts [N] train interactions of each item
 * @throws when a length does not fit or no place is filled.
 */
export function beyondAccuracy(
  lists: Lists,
  k: number,
  facts: { readonly trainCounts: ArrayLike<number>; readonly itemVectors?: ItemVectors },
): BeyondAccuracy {
  const { trainCounts, itemVectors } = facts;
  const items = trainCounts.length;
  if (itemVectors && itemVectors.vectors.length !== items * itemVectors.width)
    throw new Error(
      `beyondAccuracy requires ${items} item vectors of ${itemVectors.width} numbers, got ${itemVectors.vectors.length}`,
    );
  const stratum = strataOf(trainCounts);
  const counts = new Float64Array(items);
  const places = [0, 0, 0];
  let [filled, total, bits] = [0, 0, 0];
  for (let i = 0; i < items; i++) total += trainCounts[i];
  for (let list = 0; list < lists.size; list++)
    for (let place = 0; place < k; place++) {
      const item = lists.items[list * lists.k + place];
      if (item < 0) break;
      counts[item]++;
      filled++;
      places[stratum[item]]++;
      bits -= Math.log2((trainCounts[item] + 1) / (total + items));
    }
  if (filled === 0) throw new Error("beyondAccuracy requires at least one recommended item, got none");
  return {
    coverage: counts.reduce((shown, count) => shown + (count > 0 ? 1 : 0), 0) / items,
    novelty: bits / filled,
    diversity: itemVectors ? intraListDiversity(lists, k, itemVectors) : Number.NaN,
    gini: giniOf(counts),
    strata: { head: places[0] / filled, middle: places[1] / filled, tail: places[2] / filled },
  };
}

/**
 * Popularity stratum of each item: 0 head, 1 middle, 2 tail. Items stand by falling count (ties: the smaller
 * row first); an item is in the head while those before it carry less than 20%, then in the middle below 80%.
 *
 * @example strataOf([50, 30, 10, 10]) // [0, 1, 2, 2]
 */
export function strataOf(trainCounts: ArrayLike<number>): Uint8Array {
  const order = Int32Array.from({ length: trainCounts.length }, (_, i) => i);
  order.sort((a, b) => trainCounts[b] - trainCounts[a] || a - b);
  let [total, before] = [0, 0];
  for (const item of order) total += trainCounts[item];
  const stratum = new Uint8Array(trainCounts.length);
  for (const item of order) {
    stratum[item] = 10 * before < 2 * total ? 0 : 10 * before < 8 * total ? 1 : 2;
    before += trainCounts[item];
  }
  return stratum;
}

/**
 * How much two users' lists have in common: the mean over all pairs of users of the share of places that hold
 * the same items. 1 means one list for everybody. Σ c(c − 1) / (k n (n − 1)) with c the lists that hold an item.
 *
 * @throws with fewer than two lists.
 * @example overlapOf(lists, 10) // lists [[0, 1], [1, 2]], k = 2: 0.5
 */
export function overlapOf(lists: Lists, k: number): number {
  const { size } = lists;
  if (size < 2) throw new Error(`overlapOf requires at least two lists, got ${size}`);
  const counts = new Map<number, number>();
  for (let list = 0; list < size; list++)
    for (const item of lists.items.subarray(list * lists.k, list * lists.k + k))
      if (item >= 0) counts.set(item, (counts.get(item) ?? 0) + 1);
  let shared = 0;
  for (const count of counts.values()) shared += count * (count - 1);
  return shared / (k * size * (size - 1));
}

/** With unit vectors u, Σ_{i<j} u_i·u_j = (|Σu|² − Σ|u|²) / 2: one pass a list instead of all pairs. */
function intraListDiversity(lists: Lists, k: number, { vectors, width }: ItemVectors): number {
  const sum = new Float64Array(width);
  let [total, counted] = [0, 0];
  for (let list = 0; list < lists.size; list++) {
    sum.fill(0);
    let [count, squares] = [0, 0];
    for (let place = 0; place < k; place++) {
      const item = lists.items[list * lists.k + place];
      if (item < 0) break;
      count++;
      let length = 0;
      for (let i = item * width; i < (item + 1) * width; i++) length += vectors[i] ** 2;
      if (length === 0) continue; // a zero vector has cosine 0 with everything
      squares++;
      const scale = 1 / Math.sqrt(length);
      for (let i = 0; i < width; i++) sum[i] += vectors[item * width + i] * scale;
    }
    if (count < 2) continue;
    let whole = 0;
    for (const value of sum) whole += value * value;
    total += 1 - (whole - squares) / (count * (count - 1));
    counted++;
  }
  return total / counted;
}
