import { type GruWeights, gruSequence, gruWeights } from "../tensors/gruSequence";
import type { Tensor, Tensor2D } from "../tensors/tf";
import type { SequenceNetwork, SequenceSize } from "./sequenceNetwork";

/**
 * The gated recurrent unit (Cho et al. 2014), in TensorFlow's fused cell; equations and layout of the weights
 * stand in tensors/gruSequence. The default encoder.
 */
export function gru({ inputs, units }: SequenceSize): SequenceNetwork {
  return {
    name: "gru",
    stateSize: units,
    arrays: [
      { name: "gateKernel", shape: [inputs + units, 2 * units] },
      { name: "candidateKernel", shape: [inputs + units, units] },
      { name: "gateBias", shape: [2 * units] },
      { name: "candidateBias", shape: [units] },
    ],
    start(random) {
      const variables = gruWeights(inputs, units, random);
      const values = variables.map((variable) => Float32Array.from(variable.dataSync()));
      for (const variable of variables) variable.dispose();
      return values;
    },
    forward(weights, x, { carried } = {}) {
      const [size, steps] = x.shape;
      const initial = carried?.[0] as Tensor2D | undefined;
      const states = gruSequence(x, weights as unknown as GruWeights<Tensor>, initial ? { initial } : {});
      const last = states.slice([0, steps - 1, 0], [size, 1, units]).reshape([size, units]);
      return { states, carried: [last] };
    },
  };
}
