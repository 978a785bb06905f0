import { product } from "../tensors/linearAlgebra";
import { type MapShape, rowsOf, transposed, type VectorMap } from "./vectorMap";

/** Weights held at once: 4 million single-precision numbers, 16 MB. */
const weightsAtOnce = 2 ** 22;

/**
 * What near ones are: a mean of the targets, each weighted by exp(sharpness · x·xᵢ) for inputs of length 1, so by
 * how near its own input is (the kernel regression of Nadaraya 1964 and Watson 1964). A straight map has to find
 * one meaning for each direction of the inputs; this one can know every series and every author by heart.
 *
 * @param inputs [n × F], rows of length 1
 * @param targets [n × A]
 * @throws when the sizes do not fit, fewer than two rows are given or the sharpness is not above 0.
 * @example neighbourMap(Float32Array.of(1, 0, 0, 1), Float32Array.of(0, 1), { from: 2, to: 1, sharpness: Math.log(3) })
 *   .apply(Float32Array.of(0, 1)) // [.75]: three times the weight on the input that is equal
 */
export function neighbourMap(
  inputs: Float32Array,
  targets: Float32Array,
  options: MapShape & { readonly sharpness: number },
): VectorMap {
  const { from, to, sharpness } = options;
  const rows = rowsOf("neighbourMap", inputs, targets, options);
  if (!(sharpness > 0 && Number.isFinite(sharpness)))
    throw new Error(`neighbourMap requires a sharpness above 0, got ${sharpness}`);
  const across = transposed(inputs, from);
  return {
    apply(given) {
      const found = new Float32Array((given.length / from) * to);
      const step = Math.max(1, Math.floor(weightsAtOnce / rows));
      for (let start = 0; start < given.length / from; start += step) {
        const part = given.subarray(start * from, (start + step) * from);
        const weights = product(part, across, { inner: from }); // [step × n], cosines at first
        for (let row = 0; row < weights.length; row += rows) toShares(weights, row, row + rows, sharpness);
        found.set(product(weights, targets, { inner: rows }), start * to);
      }
      return found;
    },
  };
}

/** Softmax of sharpness times the entries from .. to, in place. */
function toShares(weights: Float32Array, from: number, to: number, sharpness: number): void {
  let nearest = Number.NEGATIVE_INFINITY;
  for (let i = from; i < to; i++) nearest = Math.max(nearest, weights[i]);
  let sum = 0;
  for (let i = from; i < to; i++) {
    weights[i] = Math.exp(sharpness * (weights[i] - nearest));
    sum += weights[i];
  }
  for (let i = from; i < to; i++) weights[i] /= sum;
}
