import type { Random } from "../math/random";

/**
 * Glorot and Bengio (2010), equation 16: uniform in ±√(6 / (inputs + outputs)), which keeps the variance of
 * activations and of gradients alike from layer to layer.
 *
 * @returns [inputs × outputs], row by row
 */
export function glorotUniform(inputs: number, outputs: number, random: Random): Float32Array {
  return uniform(inputs * outputs, Math.sqrt(6 / (inputs + outputs)), random);
}

/** `size` draws, uniform in [-limit, limit). */
export function uniform(size: number, limit: number, random: Random): Float32Array {
  const values = new Float32Array(size);
  for (let i = 0; i < size; i++) values[i] = (2 * random.next() - 1) * limit;
  return values;
}

/** `size` normal draws with this standard deviation. */
export function gaussian(size: number, deviation: number, random: Random): Float32Array {
  const values = new Float32Array(size);
  for (let i = 0; i < size; i++) values[i] = deviation * random.normal();
  return values;
}

/**
 * A random orthogonal matrix (Saxe et al. 2014, for recurrent weights: powers of it neither grow nor shrink),
 * by Gram-Schmidt over normal draws in double precision.
 *
 * @returns [size × size]; rows have length 1 and are orthogonal
 */
export function orthogonal(size: number, random: Random): Float32Array {
  const rows = Array.from({ length: size }, () => Float64Array.from({ length: size }, () => random.normal()));
  const result = new Float32Array(size * size);
  for (let i = 0; i < size; i++) {
    const row = rows[i];
    for (let pass = 0; pass < 2; pass++) {
      for (let j = 0; j < i; j++) {
        const other = rows[j];
        let product = 0;
        for (let k = 0; k < size; k++) product += row[k] * other[k];
        for (let k = 0; k < size; k++) row[k] -= product * other[k];
      }
    }
    let length = 0;
    for (let k = 0; k < size; k++) length += row[k] ** 2;
    length = Math.sqrt(length);
    for (let k = 0; k < size; k++) row[k] /= length;
    result.set(row, i * size);
  }
  return result;
}
