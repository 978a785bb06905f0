import { glorotUniform } from "../tensors/initialisers";
import { type Tensor3D, tf } from "../tensors/tf";
import { lastEntries } from "./lastEntries";
import { project } from "./project";
import type { SequenceNetwork, SequenceSize } from "./sequenceNetwork";

/**
 * A window of fixed length: the vectors and ratings of the last n entries side by side, newest first and zeros
 * where there are fewer, through one dense layer: h = tanh([x_t, x_{t−1} … x_{t−n+1}]·W + b). The "frame"
 * environments of recommender reinforcement learning read users so; a sequence environment reads all there is.
 *
 * @param frameSize n, from 1
 */
export function frame({ inputs, units }: SequenceSize, frameSize: number): SequenceNetwork {
  return {
    name: "frame",
    stateSize: units,
    arrays: [
      { name: "kernel", shape: [frameSize * inputs, units] },
      { name: "bias", shape: [units] },
    ],
    start: (random) => [glorotUniform(frameSize * inputs, units, random), new Float32Array(units)],
    forward([kernel, bias], x, { carried } = {}) {
      const { rows, past } = lastEntries(x, { count: frameSize, past: carried?.[0] });
      return { states: tf().tanh(project(rows, kernel, bias)) as Tensor3D, carried: [past] };
    },
  };
}
