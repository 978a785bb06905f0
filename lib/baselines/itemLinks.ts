import type { WeightedHistories } from "./positives";

/**
 * A sparse item × item matrix by source: source a points to targets[e] with weights[e] for
 * e in offsets[a] .. offsets[a + 1].
 */
export interface ItemLinks {
  readonly items: number;
  /** [items + 1] */
  readonly offsets: Int32Array;
  readonly targets: Int32Array;
  readonly weights: Float32Array;
}

/**
 * Scores [n × N]: the sum over a history's items a of weight(a) × link(a, b), for every item b. The cost is
 * that of the links which are followed, not N² a user.
 */
export function followLinks(links: ItemLinks, histories: WeightedHistories): Float64Array {
  const { items, offsets, targets, weights } = links;
  const scores = new Float64Array(histories.size * items);
  for (let h = 0; h < histories.size; h++) {
    const row = scores.subarray(h * items, (h + 1) * items);
    for (let e = histories.offsets[h]; e < histories.offsets[h + 1]; e++) {
      const source = histories.items[e];
      const weight = histories.weights[e];
      for (let l = offsets[source]; l < offsets[source + 1]; l++) row[targets[l]] += weight * weights[l];
    }
  }
  return scores;
}

/**
 * Sorts links given in any order by source.
 *
 * @param count how many of the columns' entries are filled
 */
export function linksOf(
  items: number,
  columns: {
    readonly sources: Int32Array;
    readonly targets: Int32Array;
    readonly weights: Float32Array;
    readonly count: number;
  },
): ItemLinks {
  const { sources, count } = columns;
  const offsets = new Int32Array(items + 1);
  for (let e = 0; e < count; e++) offsets[sources[e] + 1]++;
  for (let item = 0; item < items; item++) offsets[item + 1] += offsets[item];
  const next = offsets.slice();
  const targets = new Int32Array(count);
  const weights = new Float32Array(count);
  for (let e = 0; e < count; e++) {
    const at = next[sources[e]]++;
    targets[at] = columns.targets[e];
    weights[at] = columns.weights[e];
  }
  return { items, offsets, targets, weights };
}
