import { type Random, shuffle } from "../../math/random";

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
  let at = Math.min(x[0]!, y[0]!);
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
  /** [draws] distances of two random parts of the real sample, of the sizes compared */
  readonly chance: Float64Array;
  /** Share of those that is at least as large: small where the difference is no accident. */
  readonly share: number;
}

/**
 * How far generated numbers are from real ones, beside how far real ones are from real ones: without that null a
 * distance says nothing. The real sample is split at random `draws` times into two parts of equal size.
 *
 * @throws when the real sample has fewer than four numbers.
 */
export function distanceFromReal(
  generated: ArrayLike<number>,
  real: ArrayLike<number>,
  { random, draws = 200 }: { readonly random: Random; readonly draws?: number },
): AgainstNull {
  if (real.length < 4) throw new Error(`distanceFromReal requires four real numbers, got ${real.length}`);
  const distance = wassersteinDistance(generated, real);
  const half = Math.floor(real.length / 2);
  const mixed = Float64Array.from(real);
  const chance = Float64Array.from({ length: draws }, () => {
    shuffle(mixed, random);
    return wassersteinDistance(mixed.subarray(0, half), mixed.subarray(half));
  });
  const share = chance.reduce((count, each) => count + (each >= distance ? 1 : 0), 0) / draws;
  return { distance, chance, share };
}
