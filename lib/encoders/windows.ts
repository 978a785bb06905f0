import type { Histories } from "../data/histories";
import { type Random, shuffle } from "../math/random";

/**
 * Stretches of histories that are read in one go: entries starts[i] .. starts[i] + lengths[i] are inputs, each
 * with the entry after it as its target.
 */
export interface Windows {
  readonly starts: Int32Array;
  readonly lengths: Int32Array;
}

/**
 * Cuts every history into windows of at most `length` inputs, so that each entry but the first is a target
 * exactly once an epoch. The first cut falls at a random place, so that over the epochs every entry is seen
 * with long and with short memory.
 *
 * @throws when the length is not a whole number of at least 1.
 * @example a history of 8 entries, length 5, first cut at 2: inputs 0-1, 2-6; targets 1-2, 3-7
 */
export function epochWindows(histories: Histories, length: number, random: Random): Windows {
  if (!(Number.isInteger(length) && length >= 1))
    throw new Error(`epochWindows requires a whole length of at least 1, got ${length}`);
  const starts: number[] = [];
  const lengths: number[] = [];
  for (let h = 0; h < histories.size; h++) {
    const first = histories.offsets[h];
    const last = histories.offsets[h + 1] - 1; // the last entry is only a target
    let from = first;
    let to = first + random.integer(length);
    if (to === first) to += length;
    while (from < last) {
      to = Math.min(to, last);
      starts.push(from);
      lengths.push(to - from);
      from = to;
      to += length;
    }
  }
  return { starts: Int32Array.from(starts), lengths: Int32Array.from(lengths) };
}

/** How many inputs the longest of some windows has. */
export function longestOf({ lengths }: Windows, chosen: Int32Array): number {
  return chosen.reduce((longest, window) => Math.max(longest, lengths[window]), 0);
}

/**
 * Groups windows of like length into batches, in random order. Ties and near ties in length are broken by
 * chance, so that batches differ from epoch to epoch.
 */
export function windowBatches(windows: Windows, batchSize: number, random: Random): Int32Array[] {
  const keys = Float64Array.from(windows.lengths, (length) => length + 12 * random.next());
  const order = Int32Array.from(keys, (_, i) => i).sort((a, b) => keys[a] - keys[b]);
  const firsts = Int32Array.from({ length: Math.ceil(order.length / batchSize) }, (_, i) => i * batchSize);
  return Array.from(shuffle(firsts, random), (first) => order.slice(first, first + batchSize));
}
