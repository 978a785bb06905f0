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

/** The normal density's ziggurat of 128 layers of equal area: their right ends, and how far each lies under the curve. */
const ziggurat = (() => {
  const [layers, last, area] = [128, 3.442619855899, 9.91256303526217e-3];
  const height = (x: number): number => Math.exp(-0.5 * x * x);
  const ends = new Float64Array(layers + 1);
  ends[0] = area / height(last);
  ends[1] = last;
  for (let i = 2; i < layers; i++)
    ends[i] = Math.sqrt(-2 * Math.log(area / ends[i - 1] + height(ends[i - 1])));
  const inner = Float64Array.from({ length: layers }, (_, i) => ends[i + 1] / ends[i]);
  return { layers, last, ends, inner };
})();

/**
 * `size` normal draws with this standard deviation, five times as fast as `gaussian`, whose numbers are others: the
 * noise of every update. By the ziggurat of Marsaglia and Tsang (2000) as Doornik (2005) has it: one uniform draw names
 * a layer and a place in it, which lies under the curve 99 times in a hundred.
 *
 * @example normals(2, 0.2, random(1)) // two numbers, most likely within ±.4
 */
export function normals(size: number, deviation: number, random: Random): Float32Array {
  const { layers, last, ends, inner } = ziggurat;
  const values = new Float32Array(size);
  for (let n = 0; n < size; ) {
    const draw = layers * random.next();
    const layer = Math.floor(draw);
    const place = 2 * (draw - layer) - 1; // the bits that did not name the layer
    if (Math.abs(place) < inner[layer]) {
      values[n++] = deviation * place * ends[layer];
    } else if (layer === 0) {
      values[n++] = deviation * Math.sign(place) * beyond(last, random);
    } else {
      const x = place * ends[layer];
      const over = Math.exp(-0.5 * (ends[layer] ** 2 - x * x));
      const under = Math.exp(-0.5 * (ends[layer + 1] ** 2 - x * x));
      if (over + random.next() * (under - over) < 1) values[n++] = deviation * x;
    }
  }
  return values;
}

/** A standard normal draw, given that it is larger than `least` (Marsaglia 1964). */
function beyond(least: number, random: Random): number {
  for (;;) {
    const x = -Math.log(1 - random.next()) / least;
    if (-2 * Math.log(1 - random.next()) > x * x) return least + x;
  }
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
