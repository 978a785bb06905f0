import { type Random, shuffle } from "../math/random";

/**
 * The Wasserstein-1 distance of two samples of numbers: how far mass has to be moved to turn the one
 * distribution into the other, ∫ |F(x) − G(x)| dx (Vallender 1974).
 *
 * @throws when a sample is empty.
 * @example wassersteinDistance([0, 1], [1, 2]) // 1
 */
export function wassersteinDistance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length === 0 || b.length === 0)
    throw new Error(`wassersteinDistance requires two samples, got ${a.length} and ${b.length} numbers`);
  const [x, y] = [Float64Array.from(a).sort(), Float64Array.from(b).sort()];
  let [i, j, distance] = [0, 0, 0];
  let at = Math.min(x[0], y[0]);
  while (i < x.length || j < y.length) {
    const next = Math.min(x[i] ?? Number.POSITIVE_INFINITY, y[j] ?? Number.POSITIVE_INFINITY);
    distance += Math.abs(i / x.length - j / y.length) * (next - at);
    at = next;
    while (x[i] === at) i++;
    while (y[j] === at) j++;
  }
  return distance;
}

/** A distance beside what chance alone gives. */
export interface AgainstNull {
  readonly distance: number;
  /** [draws] distances of some real numbers, drawn at random, from the other real ones: the null */
  readonly chance: Float64Array;
  /**
   * (1 + how many of those are at least as large) / (draws + 1): small where the difference is no accident. The
   * measured distance counts among the draws, so that the share is never 0 and rejecting below 5% errs in 5%.
   */
  readonly share: number;
}

/**
 * How far generated numbers are from real ones, beside how far real ones are from real ones: without that null a
 * distance says nothing. As often as `draws` says, as many real numbers as were generated are drawn at random and
 * compared with the rest; half of the real ones where more were generated, which makes the null too wide and the
 * test careful. Two halves would not do for a small sample: chance alone takes 500 numbers further from 5,000
 * than 2,500 from 2,500, by 1.7 times.
 *
 * The share is a p-value by permutation (Phipson and Smyth 2010).
 *
 * @throws when nothing was generated, or the real sample has fewer than four numbers.
 * @example distanceFromReal([7, 7], [0, 1, 2, 3, 4, 5], { random: random(1), draws: 99 }).share // .01
 */
export function distanceFromReal(
  generated: ArrayLike<number>,
  real: ArrayLike<number>,
  { random, draws = 200 }: { readonly random: Random; readonly draws?: number },
): AgainstNull {
  if (real.length < 4) throw new Error(`distanceFromReal requires four real numbers, got ${real.length}`);
  const distance = wassersteinDistance(generated, real);
  const size = Math.min(generated.length, Math.floor(real.length / 2));
  const mixed = Float64Array.from(real);
  const chance = Float64Array.from({ length: draws }, () => {
    shuffle(mixed, random);
    return wassersteinDistance(mixed.subarray(0, size), mixed.subarray(size));
  });
  const atLeast = chance.reduce((count, each) => count + (each >= distance ? 1 : 0), 0);
  return { distance, chance, share: (1 + atLeast) / (draws + 1) };
}
