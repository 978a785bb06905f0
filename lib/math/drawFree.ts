import type { Random } from "./random";

/** Running sums of weights (each from 0), for draws from many places: a draw then takes log n steps. */
export function runningSums(weights: ArrayLike<number>): Float64Array {
  const sums = new Float64Array(weights.length);
  let total = 0;
  for (let place = 0; place < weights.length; place++) {
    total += weights[place];
    sums[place] = total;
  }
  return sums;
}

/** Vain draws after which the free places are few enough to be looked for one by one. */
const patience = 200;

/**
 * A place drawn with probability proportional to its weight among those that are not taken. Where 200 draws find
 * only taken ones, it is the first free place from a random one on, so that it ends whatever has been taken.
 *
 * @param sums as `runningSums` gives them, the last above 0
 * @param taken [places] 1 where it is
 * @throws when every place is taken.
 * @example drawFree(runningSums([1, 1, 0]), Uint8Array.of(1, 0, 0), random(1)) // 1
 */
export function drawFree(sums: Float64Array, taken: Uint8Array, random: Random): number {
  for (let tries = 0; tries < patience; tries++) {
    const place = placeOf(sums, random.next() * sums[sums.length - 1]);
    if (taken[place] === 0) return place;
  }
  const from = random.integer(taken.length);
  for (let i = 0; i < taken.length; i++) {
    const place = (from + i) % taken.length;
    if (taken[place] === 0) return place;
  }
  throw new Error("drawFree requires a place that is not taken, got none");
}

/** The first place whose sum is above a number. */
function placeOf(sums: Float64Array, goal: number): number {
  let [low, high] = [0, sums.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sums[middle] > goal) high = middle;
    else low = middle + 1;
  }
  return low;
}
