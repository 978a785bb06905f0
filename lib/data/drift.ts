import type { Interactions } from "./interactions";

/** What was popular when: the log cut into slices of equally many rows, oldest first. */
export interface Drift {
  readonly slices: number;
  /** How many items count as popular in a slice. */
  readonly top: number;
  /** [slices × N] interactions of each item in each slice. */
  readonly counts: Int32Array;
  /** [slices] rows of the log in each slice. */
  readonly sizes: Int32Array;
  /** [slices × top] the items with most interactions in each slice, best first, ties to the smaller row; -1 where there are too few. */
  readonly topItems: Int32Array;
  /** [slices] share of the slice's rows whose item never occurred before it; NaN in the first, which has no past. */
  readonly newItems: Float64Array;
  /** [slices × slices] share of one slice's top items that are also among the other's. */
  readonly overlap: Float64Array;
}

/**
 * Follows popularity through the log. If nothing changed with time, the same items would be on top in every
 * slice and each `overlap` would be near 1.
 *
 * @throws when there are fewer rows than slices.
 * @example driftOf(interactions, { slices: 10, top: 50 }).overlap[9] // what the first and the last tenth share
 */
export function driftOf(
  interactions: Interactions,
  { slices = 10, top = 50 }: { readonly slices?: number; readonly top?: number } = {},
): Drift {
  const { size, items, itemIds } = interactions;
  if (!(Number.isInteger(slices) && slices >= 1 && slices <= size))
    throw new Error(`driftOf requires between 1 and ${size} slices, got ${slices}`);
  if (!(Number.isInteger(top) && top >= 1))
    throw new Error(`driftOf requires a whole number of top items from 1, got ${top}`);
  const itemCount = itemIds.length;
  const counts = new Int32Array(slices * itemCount);
  const sizes = new Int32Array(slices);
  for (let row = 0; row < size; row++) {
    const slice = Math.floor((row * slices) / size);
    counts[slice * itemCount + items[row]]++;
    sizes[slice]++;
  }
  const newItems = new Float64Array(slices).fill(Number.NaN);
  const seen = new Uint8Array(itemCount);
  for (let slice = 0; slice < slices; slice++) {
    const own = counts.subarray(slice * itemCount, (slice + 1) * itemCount);
    const fresh = own.reduce((sum, count, item) => sum + (seen[item] === 0 ? count : 0), 0);
    if (slice > 0) newItems[slice] = fresh / sizes[slice];
    own.forEach((count, item) => {
      if (count > 0) seen[item] = 1;
    });
  }
  const topItems = new Int32Array(slices * top).fill(-1);
  for (let slice = 0; slice < slices; slice++)
    topItems.set(mostCounted(counts.subarray(slice * itemCount, (slice + 1) * itemCount), top), slice * top);
  return { slices, top, counts, sizes, topItems, newItems, overlap: overlapOfSlices(topItems, slices, top) };
}

/**
 * The items with the largest counts, best first, ties to the smaller row; items that never occur are left out.
 *
 * @example mostCounted([0, 7, 7, 9], 2) // Int32Array [3, 1]
 */
export function mostCounted(counts: ArrayLike<number>, k: number): Int32Array {
  const present: number[] = [];
  for (let item = 0; item < counts.length; item++) if (counts[item] > 0) present.push(item);
  present.sort((a, b) => counts[b] - counts[a] || a - b);
  return Int32Array.from(present.slice(0, k));
}

/**
 * The item of the moment in each slice: the one whose share of the slice's rows exceeds its mean share of the
 * other slices by most. These are the titles worth drawing, because they rise and fall.
 *
 * @returns [slices] item rows; the same item may stand for several slices.
 */
export function itemsOfTheMoment({ slices, counts, sizes }: Drift): Int32Array {
  const itemCount = counts.length / slices;
  const chosen = new Int32Array(slices);
  for (let slice = 0; slice < slices; slice++) {
    let best = Number.NEGATIVE_INFINITY;
    for (let item = 0; item < itemCount; item++) {
      let others = 0;
      for (let s = 0; s < slices; s++) if (s !== slice) others += counts[s * itemCount + item] / sizes[s];
      const excess = counts[slice * itemCount + item] / sizes[slice] - others / Math.max(1, slices - 1);
      if (excess > best) [best, chosen[slice]] = [excess, item];
    }
  }
  return chosen;
}

function overlapOfSlices(topItems: Int32Array, slices: number, top: number): Float64Array {
  const overlap = new Float64Array(slices * slices);
  const sets = Array.from(
    { length: slices },
    (_, s) => new Set(topItems.subarray(s * top, (s + 1) * top).filter((item) => item >= 0)),
  );
  for (let a = 0; a < slices; a++)
    for (let b = 0; b < slices; b++) {
      let both = 0;
      for (const item of sets[a]) if (sets[b].has(item)) both++;
      overlap[a * slices + b] = both / Math.max(1, sets[a].size);
    }
  return overlap;
}
