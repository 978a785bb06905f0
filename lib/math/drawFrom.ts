import type { Random } from "./random";

/**
 * A place drawn from a distribution. What rounding leaves over goes to the last place that can be drawn, never to one of
 * probability 0.
 *
 * @param probabilities numbers from 0 that sum to 1
 * @example drawFrom(Float64Array.of(0, 1, 0), random(1)) // 1
 */
export function drawFrom(probabilities: Float64Array, random: Random): number {
  let left = random.next();
  let last = 0;
  for (let place = 0; place < probabilities.length; place++) {
    if (probabilities[place] === 0) continue;
    last = place;
    left -= probabilities[place];
    if (left < 0) break;
  }
  return last;
}
