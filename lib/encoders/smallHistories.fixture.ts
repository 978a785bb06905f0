import { type Histories, historiesOfLists } from "../data/histories";
import { random } from "../math/random";

/** For tests: histories of these lengths with random items below `items` and ratings 1 to 5. */
export function historiesOfLengths(
  lengths: readonly number[],
  { items, seed }: { readonly items: number; readonly seed: number },
): Histories {
  const draw = random(seed);
  const made = lengths.map((length) => Array.from({ length }, () => draw.integer(items)));
  const weights = made.map((list) => list.map(() => 1 + draw.integer(5)));
  return historiesOfLists(made, { users: [...made.keys()], weights });
}

/** The largest |a − b| of two lists of the same length; NaN counts as infinite. */
export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length)
    throw new Error(`largestDifference requires equal lengths, got ${a.length} and ${b.length}`);
  let largest = 0;
  for (let i = 0; i < a.length; i++) {
    const difference = Math.abs(a[i] - b[i]);
    if (!(difference <= largest)) largest = Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference;
  }
  return largest;
}
