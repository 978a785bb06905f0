import type { Histories } from "../data/histories";
import { random } from "../math/random";

/** For tests: histories of these lengths with random items below `items` and ratings 1 to 5. */
export function historiesOfLengths(
  lengths: readonly number[],
  { items, seed }: { readonly items: number; readonly seed: number },
): Histories {
  const draw = random(seed);
  const made = lengths.map((length) => Array.from({ length }, () => draw.integer(items)));
  return historiesHolding(made, () => 1 + draw.integer(5));
}

/** For tests: histories that hold these item rows; ratings of 3 unless told. */
export function historiesHolding(
  items: readonly (readonly number[])[],
  rating: () => number = () => 3,
): Histories {
  const offsets = Int32Array.of(0, ...items.map(({ length }) => length));
  for (let h = 0; h < items.length; h++) offsets[h + 1]! += offsets[h]!;
  const all = Int32Array.from(items.flat());
  return {
    size: items.length,
    users: Int32Array.from(items, (_, h) => h),
    offsets,
    items: all,
    weights: Float32Array.from(all, rating),
    rows: new Int32Array(all.length).fill(-1),
  };
}

/** The largest |a − b| of two lists of the same length; NaN counts as infinite. */
export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length)
    throw new Error(`largestDifference requires equal lengths, got ${a.length} and ${b.length}`);
  let largest = 0;
  for (let i = 0; i < a.length; i++) {
    const difference = Math.abs(a[i]! - b[i]!);
    if (!(difference <= largest)) largest = Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference;
  }
  return largest;
}
