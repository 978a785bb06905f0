import type { Random } from "../math/random";

/** A softmax is over the whole catalogue up to so many items. */
export const wholeSoftmax = 20_000;

/**
 * How many items are drawn beside the true ones for each batch of a larger catalogue. An update over 27,000 items
 * then takes 109 ms instead of 361, over 150,000 about 120 (two cores, 2,150 and 430 entries).
 */
export const drawnOfLarge = 4000;

/**
 * Items of the largest biases, or the most frequent ones, that are always among the candidates of a large catalogue,
 * since most of the probability is theirs. On a log of 150,000 items, log Σ exp(logit) over the candidates is .002 below
 * that over all with them (deviation .09), and .3 below without (deviation .6).
 */
export const alwaysOfLarge = 2000;

/** Rows of the largest values, the smaller row first where values are equal. */
export function largestRows(values: Float32Array | Float64Array, count: number): Int32Array {
  return Int32Array.from(values.keys())
    .sort((a, b) => values[b] - values[a] || a - b)
    .slice(0, count);
}

/**
 * How many items are drawn for a batch; undefined where all of them share the softmax.
 *
 * @example candidateCount("auto", 10_000) // undefined; of 150,000 items: 4000
 */
export function candidateCount(setting: "auto" | "all" | number, itemCount: number): number | undefined {
  if (setting === "all") return undefined;
  if (setting === "auto") return itemCount > wholeSoftmax ? drawnOfLarge : undefined;
  return setting < itemCount ? setting : undefined;
}

/**
 * The batch's own true items, those that are `always` there, and `count` others drawn evenly without repeats from
 * the rest of the catalogue. The first are there for certain (log 1 = 0); the others with probability count / (N −
 * certain ones), whose log is their correction. So the sum of exp(logit − correction) over the candidates is on
 * average that over the catalogue.
 */
export function drawCandidates(
  trueItems: Int32Array,
  count: number,
  itemCount: number,
  random: Random,
  always: Int32Array = new Int32Array(0),
): { readonly rows: Int32Array; readonly labels: Int32Array; readonly correction: Float32Array } {
  const place = new Int32Array(itemCount).fill(-1);
  const rows: number[] = [];
  const labels = trueItems.map((item) => {
    if (place[item] === -1) place[item] = rows.push(item) - 1;
    return place[item];
  });
  for (const item of always) if (place[item] === -1) place[item] = rows.push(item) - 1;
  const certain = rows.length;
  const drawn = Math.min(count, itemCount - certain);
  while (rows.length < certain + drawn) {
    const item = random.integer(itemCount);
    if (place[item] === -1) place[item] = rows.push(item) - 1;
  }
  const correction = new Float32Array(rows.length).fill(Math.log(drawn / (itemCount - certain)), certain);
  return { rows: Int32Array.from(rows), labels, correction };
}
