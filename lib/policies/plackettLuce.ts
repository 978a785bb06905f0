import type { Random } from "../math/random";

/**
 * Plackett-Luce: a slate is drawn place by place, each time by the softmax over what is left. (Luce 1959,
 * Plackett 1975.) The probability of an ordered slate is the product of the places' conditional ones.
 */

/**
 * Log probability of each place of an ordered slate given the places above it.
 *
 * @param logits [N] scores divided by the temperature; -Infinity for what may not be drawn
 * @param slate distinct rows of `logits`, first place first
 * @returns [K]; their sum is the log probability of the slate
 * @throws when the slate repeats a row, leaves the range, or is longer than there are items.
 * @example placeLogProbabilities(Float64Array.of(0, 0), Int32Array.of(1, 0)) // [log ½, 0]
 */
export function placeLogProbabilities(logits: Float64Array, slate: Int32Array): Float64Array {
  const taken = new Uint8Array(logits.length);
  for (const row of slate) {
    if (!(row >= 0 && row < logits.length) || taken[row] === 1)
      throw new Error(`placeLogProbabilities requires distinct rows below ${logits.length}, got ${row}`);
    taken[row] = 1;
  }
  taken.fill(0);
  return Float64Array.from(slate, (row) => {
    const value = logits[row] - logSumExp(logits, taken);
    taken[row] = 1;
    return Number.isNaN(value) ? Number.NEGATIVE_INFINITY : value;
  });
}

/** Log probability of an ordered slate: the sum of its places'. */
export function slateLogProbability(logits: Float64Array, slate: Int32Array): number {
  return placeLogProbabilities(logits, slate).reduce((sum, value) => sum + value, 0);
}

/**
 * Draws an ordered slate of k items: the k largest of logit + Gumbel noise, which has exactly the
 * Plackett-Luce distribution (Yellott 1977) and costs one pass.
 *
 * @returns [k] rows; shorter when fewer items have a finite logit
 */
export function sampleSlate(logits: Float64Array, k: number, random: Random): Int32Array {
  if (!(Number.isSafeInteger(k) && k >= 1)) throw new Error(`sampleSlate requires k of at least 1, got ${k}`);
  const keys = Float64Array.from(logits, (logit) => {
    const gumbel = -Math.log(-Math.log(1 - random.next()));
    return logit === Number.NEGATIVE_INFINITY ? logit : logit + gumbel;
  });
  const rows = Int32Array.from(keys.keys()).filter((row) => keys[row] > Number.NEGATIVE_INFINITY);
  return rows.sort((a, b) => keys[b] - keys[a] || a - b).slice(0, k);
}

function logSumExp(logits: Float64Array, taken: Uint8Array): number {
  let top = Number.NEGATIVE_INFINITY;
  for (let row = 0; row < logits.length; row++) if (taken[row] === 0 && logits[row] > top) top = logits[row];
  if (top === Number.NEGATIVE_INFINITY) return top;
  let sum = 0;
  for (let row = 0; row < logits.length; row++) if (taken[row] === 0) sum += Math.exp(logits[row] - top);
  return top + Math.log(sum);
}
