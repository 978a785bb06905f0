import type { Random } from "../math/random";
import { shuffle } from "../math/random";
import { adam } from "../tensors/adam";
import { gradientStep } from "../tensors/gradientStep";
import { multilayerPerceptron } from "../tensors/networks";
import { type Scalar, type Tensor2D, tf } from "../tensors/tf";

export interface ReconstructionOptions {
  readonly random: Random;
  /** Numbers in the bottleneck; half of the width by default: with an eighth, item vectors come back as badly as noise. */
  readonly bottleneck?: number;
  /** Updates; 1,500 by default. */
  readonly steps?: number;
}

/** Squared errors of giving vectors back: low where they are like the real ones that were learned from. */
export interface ReconstructionScores {
  /** of real vectors that the autoencoder never saw: the null */
  readonly real: Float64Array;
  /** rows of those vectors, in the order of `real`; all others were learned from */
  readonly heldBack: Int32Array;
  /** of each group asked about, in order */
  readonly groups: readonly Float64Array[];
}

/**
 * Are these vectors of the kind that real ones are? An autoencoder with a narrow middle learns half of the real
 * vectors; how badly it gives back the other half is what "real" looks like (Japkowicz, Myers and Gluck 1995:
 * novelty as reconstruction error). Generated vectors score like that only where they lie on the same surface.
 * A low score alone proves little: the mean of all vectors is given back well too, so look at similarities beside.
 *
 * @param real [n × width], at least eight rows
 * @param groups [m × width] each
 * @throws when sizes do not fit.
 */
export function reconstructionScores(
  real: Float32Array,
  groups: readonly Float32Array[],
  width: number,
  options: ReconstructionOptions,
): ReconstructionScores {
  const { random, bottleneck = Math.max(1, Math.round(width / 2)), steps = 1500 } = options;
  const count = real.length / width;
  if (!(Number.isInteger(count) && count >= 8))
    throw new Error(`reconstructionScores requires eight rows of ${width}, got ${real.length} numbers`);
  for (const group of groups)
    if (group.length % width !== 0)
      throw new Error(`reconstructionScores requires rows of ${width}, got ${group.length} numbers`);
  const order = shuffle(
    Int32Array.from({ length: count }, (_, row) => row),
    random.fork("halves"),
  );
  const half = Math.floor(count / 2);
  const rowsOf = (rows: Int32Array): Float32Array => {
    const taken = new Float32Array(rows.length * width);
    rows.forEach((row, i) => {
      taken.set(real.subarray(row * width, (row + 1) * width), i * width);
    });
    return taken;
  };
  const network = multilayerPerceptron({
    ...{ inputs: width, hidden: [2 * width, bottleneck, 2 * width], outputs: width },
    ...{ random: random.fork("autoencoder"), activation: "tanh" },
  });
  const optimizer = adam(network.variables, { learningRate: 2e-3 });
  const learned = rowsOf(order.subarray(0, half));
  const table: Tensor2D = tf().tensor2d(learned, [half, width]);
  const draw = random.fork("batches");
  for (let step = 0; step < steps; step++)
    tf().tidy(() => {
      const rows = Int32Array.from({ length: Math.min(128, half) }, () => draw.integer(half));
      const batch = tf().gather(table, rows) as Tensor2D;
      const loss = (): Scalar => network.apply(batch).sub(batch).square().sum(1).mean();
      gradientStep(loss, network.variables, optimizer);
    });
  const scores = (vectors: Float32Array): Float64Array => {
    let errors = new Float32Array(0);
    tf().tidy(() => {
      const rows: Tensor2D = tf().tensor2d(vectors, [vectors.length / width, width]);
      errors = network.apply(rows).sub(rows).square().sum(1).dataSync<"float32">() as typeof errors;
    });
    return Float64Array.from(errors);
  };
  const heldBack = order.slice(half);
  const result = { real: scores(rowsOf(heldBack)), heldBack, groups: groups.map(scores) };
  for (const part of [network, optimizer, table]) part.dispose();
  return result;
}
