import { inverse, product } from "../tensors/linearAlgebra";
import { type MapShape, rowsOf, transposed, type VectorMap } from "./vectorMap";

/**
 * Ridge regression: the W that makes |Y − XW|² + λ|W|² smallest over centred rows, W = (XᵀX + λI)⁻¹ XᵀY (Hoerl and
 * Kennard 1970), and the means, which are not shrunk. λ is `strength` times the mean of XᵀX's diagonal, so that one
 * strength means the same for few rows and for many: near 0 it is plain least squares, at ∞ the mean target alone.
 *
 * @param inputs [n × F]
 * @param targets [n × A]
 * @throws when the sizes do not fit, fewer than two rows are given or the strength is not above 0.
 * @example ridgeMap(Float32Array.of(0, 1), Float32Array.of(1, 3), { from: 1, to: 1, strength: 1 })
 *   .apply(Float32Array.of(1)) // [2.5]: half the slope, from the mean (.5, 2)
 */
export function ridgeMap(
  inputs: Float32Array,
  targets: Float32Array,
  options: MapShape & { readonly strength: number },
): VectorMap {
  const { from, to, strength } = options;
  const rows = rowsOf("ridgeMap", inputs, targets, options);
  if (!(strength > 0 && Number.isFinite(strength)))
    throw new Error(`ridgeMap requires a strength above 0, got ${strength}`);
  const [inputMean, targetMean] = [columnMeans(inputs, from), columnMeans(targets, to)];
  const centred = less(inputs, inputMean);
  const across = transposed(centred, from);
  const gram = product(across, centred, { inner: rows });
  let trace = 0;
  for (let i = 0; i < from; i++) trace += gram[i * (from + 1)];
  // Inputs that never vary leave nothing to learn from: any λ above 0 then gives the mean target.
  const lambda = trace > 0 ? (strength * trace) / from : 1;
  for (let i = 0; i < from; i++) gram[i * (from + 1)] += lambda;
  const moment = product(across, less(targets, targetMean), { inner: rows });
  const weights = product(inverse(gram, from), moment, { inner: from });
  return {
    apply(given) {
      const found = product(less(given, inputMean), weights, { inner: from });
      for (let i = 0; i < found.length; i++) found[i] += targetMean[i % to];
      return found;
    },
  };
}

function columnMeans(matrix: Float32Array, width: number): Float64Array {
  const means = new Float64Array(width);
  for (let i = 0; i < matrix.length; i++) means[i % width] += matrix[i];
  return means.map((sum) => (sum * width) / matrix.length);
}

function less(matrix: Float32Array, row: Float64Array): Float32Array {
  return matrix.map((value, i) => value - row[i % row.length]);
}
