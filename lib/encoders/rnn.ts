import { glorotUniform, orthogonal } from "../tensors/initialisers";
import { type Tensor2D, tf } from "../tensors/tf";
import { project } from "./project";
import type { SequenceNetwork, SequenceSize } from "./sequenceNetwork";
import { unroll } from "./unroll";

/**
 * The plain recurrent network (Elman 1990): h' = tanh(x·W + h·U + b). Nothing guards its memory, so what it
 * keeps fades or saturates within some steps: the one that gates were invented for.
 */
export function rnn({ inputs, units }: SequenceSize): SequenceNetwork {
  return {
    name: "rnn",
    stateSize: units,
    arrays: [
      { name: "inputKernel", shape: [inputs, units] },
      { name: "stateKernel", shape: [units, units] },
      { name: "bias", shape: [units] },
    ],
    start: (random) => [
      glorotUniform(inputs, units, random),
      orthogonal(units, random),
      new Float32Array(units),
    ],
    forward([inputKernel, stateKernel, bias], x, { carried } = {}) {
      return unroll(project(x, inputKernel, bias), { units, memories: 1, carried }, (brought, [h]) => {
        return [tf().tanh(brought.add(tf().matMul(h, stateKernel as Tensor2D))) as Tensor2D];
      });
    },
  };
}
