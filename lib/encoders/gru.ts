import type { Histories } from "../data/histories";
import { type GruWeights, gruSequence } from "../tensors/gruSequence";
import { type Tensor, type Tensor2D, type Tensor3D, tf } from "../tensors/tf";
import type { Encoder } from "./encoder";
import { lengthBuckets } from "./lengthBuckets";

/** A frozen recurrent encoder, as plain numbers: what is saved, and what `gruEncoder` runs. */
export interface GruParameters {
  /** E − 1: width of an item vector. */
  readonly width: number;
  /** S: numbers in a state. */
  readonly units: number;
  /** [N × width] */
  readonly itemVectors: Float32Array;
  /** Kernels [E + S, 2S] and [E + S, S], biases [2S] and [S]; see gruSequence. */
  readonly weights: GruWeights<Float32Array>;
  /** A weight w enters as (w − centre) / spread. */
  readonly weightScale: WeightScale;
}

/** How ratings are brought to about −1 … 1. */
export interface WeightScale {
  readonly centre: number;
  readonly spread: number;
}

/**
 * The middle and half the range of the weights learned from; spread 1 where all are equal.
 *
 * @example weightScaleOf([1, 5, 3]) // { centre: 3, spread: 2 }
 */
export function weightScaleOf(weights: ArrayLike<number>): WeightScale {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < weights.length; i++) {
    low = Math.min(low, weights[i]!);
    high = Math.max(high, weights[i]!);
  }
  if (low > high) return { centre: 0, spread: 1 };
  return { centre: (low + high) / 2, spread: high > low ? (high - low) / 2 : 1 };
}

/** Sequences run together, and steps before the state is taken off the device and handed on: bounds memory. */
const batchSize = 256;
const stepsAtOnce = 64;

/**
 * The state encoder: a frozen gated recurrent unit over [item vector; scaled rating], 65 → 128 numbers by
 * default. Every entry is read, however long the history; histories of like length run together and what pads
 * a shorter one never reaches its states, so a state depends on its own history alone (up to the last bits of
 * single precision).
 *
 * @throws when the lengths of vectors or weights do not fit.
 */
export function gruEncoder(parameters: GruParameters): Encoder {
  const { width, units, itemVectors, weights: values, weightScale } = parameters;
  const inputs = width + 1;
  const shapes = [[inputs + units, 2 * units], [inputs + units, units], [2 * units], [units]];
  shapes.forEach((shape, i) => {
    const size = shape.reduce((product, side) => product * side, 1);
    if (values[i]!.length !== size)
      throw new Error(
        `gruEncoder requires weights ${i} of shape [${shape}], got ${values[i]!.length} numbers`,
      );
  });
  if (itemVectors.length % width !== 0)
    throw new Error(`gruEncoder requires item vectors of ${width} numbers, got ${itemVectors.length} in all`);
  const items = itemVectors.length / width;
  const weights = values.map((value, i) =>
    tf().keep(tf().tensor(value, shapes[i]!)),
  ) as unknown as GruWeights<Tensor>;

  /** Runs all histories and hands over the state after every entry: visit(history, entry, states, row). */
  function run(
    histories: Histories,
    visit: (history: number, entry: number, states: Float32Array, row: number) => void,
  ): void {
    for (const item of histories.items)
      if (!(item >= 0 && item < items))
        throw new Error(`gruEncoder requires item rows in 0 .. ${items - 1}, got ${item}`);
    const lengths = histories.offsets.subarray(1).map((end, h) => end - histories.offsets[h]!);
    for (const bucket of lengthBuckets(lengths, { batchSize, maximumEntries: Number.POSITIVE_INFINITY })) {
      const longest = lengths[bucket[0]!]!;
      let carried: Tensor2D | undefined;
      for (let from = 0; from < longest; from += stepsAtOnce) {
        const steps = Math.min(stepsAtOnce, longest - from);
        const running = bucket.filter((h) => lengths[h]! > from); // longest first: a prefix
        const input = paddedInputs(histories, running, from, steps, { width, itemVectors, weightScale });
        const states: Tensor3D = tf().tidy(() => {
          const initial = carried?.slice([0, 0], [running.length, units]) as Tensor2D | undefined;
          return gruSequence(
            tf().tensor3d(input, [running.length, steps, inputs]),
            weights,
            initial ? { initial } : {},
          );
        });
        const table = states.dataSync<"float32">();
        carried?.dispose();
        carried = states
          .slice([0, steps - 1, 0], [running.length, 1, units])
          .reshape([running.length, units]) as Tensor2D;
        states.dispose();
        running.forEach((h, row) => {
          const until = Math.min(steps, lengths[h]! - from);
          for (let step = 0; step < until; step++)
            visit(h, histories.offsets[h]! + from + step, table, row * steps + step);
        });
      }
      carried?.dispose();
    }
  }

  return {
    name: "gru",
    stateSize: units,
    encode(histories) {
      const result = new Float32Array(histories.size * units);
      tf().tidy(() => {
        run(histories, (h, entry, states, row) => {
          if (entry === histories.offsets[h + 1]! - 1)
            result.set(states.subarray(row * units, (row + 1) * units), h * units);
        });
      });
      return result;
    },
    encodePositions(histories) {
      const result = new Float32Array(histories.items.length * units);
      tf().tidy(() => {
        run(histories, (_, entry, states, row) => {
          result.set(states.subarray(row * units, (row + 1) * units), entry * units);
        });
      });
      return result;
    },
    dispose() {
      for (const weight of weights) weight.dispose();
    },
  };
}

/** [rows × steps × (width + 1)]: item vector and scaled weight of entries from .. from + steps; zeros after the end. */
function paddedInputs(
  histories: Histories,
  rows: Int32Array,
  from: number,
  steps: number,
  { width, itemVectors, weightScale }: Pick<GruParameters, "width" | "itemVectors" | "weightScale">,
): Float32Array {
  const inputs = new Float32Array(rows.length * steps * (width + 1));
  rows.forEach((h, row) => {
    const start = histories.offsets[h]! + from;
    const end = Math.min(start + steps, histories.offsets[h + 1]!);
    for (let entry = start; entry < end; entry++) {
      const item = histories.items[entry]!;
      const place = (row * steps + entry - start) * (width + 1);
      inputs.set(itemVectors.subarray(item * width, (item + 1) * width), place);
      inputs[place + width] = (histories.weights[entry]! - weightScale.centre) / weightScale.spread;
    }
  });
  return inputs;
}
