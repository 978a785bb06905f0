import type { Histories } from "../data/histories";
import { type Tensor, tf } from "../tensors/tf";
import type { Encoder } from "./encoder";
import { type EntryFeatures, type Features, featureReader } from "./features";
import { lengthBuckets } from "./lengthBuckets";
import { type SequenceNetwork, type SequencePass, sequenceVariables } from "./sequenceNetwork";
import type { WeightScale } from "./weightScale";

/** A sequence network's numbers: what is saved, and what `sequenceEncoder` runs. */
export interface SequenceParameters {
  /** [N × A] */
  readonly itemVectors: Float32Array;
  /** In the order of the network's arrays. */
  readonly weights: readonly Float32Array[];
  readonly weightScale: WeightScale;
  /** Further columns that it reads; none by default. */
  readonly features?: Features;
}

/** Sequences run together, and steps before the state is taken off the device and handed on: bounds memory. */
const batchSize = 256;
const stepsAtOnce = 64;

/**
 * A frozen encoder: a sequence network over [item vector; scaled rating; further columns], 65 → 128 numbers by default. Every
 * entry is read, however long the history; histories of like length run together and what pads a shorter one
 * never reaches its states, so a state depends on its own history alone (up to the last bits of single
 * precision).
 *
 * @param width A: numbers in an item vector
 * @throws when the lengths of vectors or weights do not fit.
 * @example sequenceEncoder(lstm({ inputs: 65, units: 128 }), 64, { itemVectors, weights, weightScale })
 */
export function sequenceEncoder(
  network: SequenceNetwork,
  width: number,
  parameters: SequenceParameters,
): Encoder {
  const { itemVectors, weightScale } = parameters;
  const { name, stateSize } = network;
  const reader = parameters.features && featureReader(parameters.features);
  const inputs = width + 1 + (reader?.width ?? 0);
  if (itemVectors.length % width !== 0)
    throw new Error(
      `sequenceEncoder requires item vectors of ${width} numbers, got ${itemVectors.length} in all`,
    );
  const items = itemVectors.length / width;
  const weights = sequenceVariables(network, parameters.weights);

  /** Runs all histories and hands over the state after every entry: visit(history, entry, states, row). */
  function run(
    histories: Histories,
    visit: (history: number, entry: number, states: Float32Array, row: number) => void,
  ): void {
    for (const item of histories.items)
      if (!(item >= 0 && item < items))
        throw new Error(`sequenceEncoder requires item rows in 0 .. ${items - 1}, got ${item}`);
    const features = reader?.of(histories);
    const lengths = histories.offsets.subarray(1).map((end, h) => end - histories.offsets[h]);
    for (const bucket of lengthBuckets(lengths, { batchSize, maximumEntries: Number.POSITIVE_INFINITY })) {
      const longest = lengths[bucket[0]];
      let carried: readonly Tensor[] | undefined;
      for (let from = 0; from < longest; from += stepsAtOnce) {
        const steps = Math.min(stepsAtOnce, longest - from);
        const running = bucket.filter((h) => lengths[h] > from); // longest first: a prefix
        const input = paddedInputs(histories, running, from, {
          ...{ steps, inputs, width, itemVectors, weightScale, features },
        });
        const pass: SequencePass = tf().tidy(() => {
          const before = carried?.map((tensor) => tensor.slice([0], [running.length]));
          const x = tf().tensor3d(input, [running.length, steps, inputs]);
          const { states, carried: after } = network.forward(weights, x, before ? { carried: before } : {});
          return { states, carried: [...after] };
        });
        const table = pass.states.dataSync<"float32">();
        pass.states.dispose();
        for (const tensor of carried ?? []) tensor.dispose();
        carried = pass.carried;
        running.forEach((h, row) => {
          const until = Math.min(steps, lengths[h] - from);
          for (let step = 0; step < until; step++)
            visit(h, histories.offsets[h] + from + step, table, row * steps + step);
        });
      }
      for (const tensor of carried ?? []) tensor.dispose();
    }
  }

  return {
    name,
    stateSize,
    encode(histories) {
      const result = new Float32Array(histories.size * stateSize);
      run(histories, (h, entry, states, row) => {
        if (entry === histories.offsets[h + 1] - 1)
          result.set(states.subarray(row * stateSize, (row + 1) * stateSize), h * stateSize);
      });
      return result;
    },
    encodePositions(histories) {
      const result = new Float32Array(histories.items.length * stateSize);
      run(histories, (_, entry, states, row) => {
        result.set(states.subarray(row * stateSize, (row + 1) * stateSize), entry * stateSize);
      });
      return result;
    },
    dispose() {
      for (const weight of weights) weight.dispose();
    },
  };
}

/** [rows × steps × E]: item vector, scaled weight and further columns of entries from .. from + steps; zeros after the end. */
function paddedInputs(
  histories: Histories,
  rows: Int32Array,
  from: number,
  {
    steps,
    inputs: size,
    width,
    itemVectors,
    weightScale,
    features,
  }: Omit<SequenceParameters, "weights" | "features"> & {
    readonly steps: number;
    readonly inputs: number;
    readonly width: number;
    readonly features: EntryFeatures | undefined;
  },
): Float32Array {
  const inputs = new Float32Array(rows.length * steps * size);
  rows.forEach((h, row) => {
    const start = histories.offsets[h] + from;
    const end = Math.min(start + steps, histories.offsets[h + 1]);
    for (let entry = start; entry < end; entry++) {
      const item = histories.items[entry];
      const place = (row * steps + entry - start) * size;
      inputs.set(itemVectors.subarray(item * width, (item + 1) * width), place);
      inputs[place + width] = (histories.weights[entry] - weightScale.centre) / weightScale.spread;
      features?.write(entry, inputs, place + width + 1);
    }
  });
  return inputs;
}
