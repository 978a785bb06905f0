import { glorotUniform, orthogonal } from "../tensors/initialisers";
import { type Tensor2D, tf } from "../tensors/tf";
import { project } from "./project";
import type { SequenceNetwork, SequenceSize } from "./sequenceNetwork";
import { sideBySide } from "./sideBySide";
import { unroll } from "./unroll";

/**
 * The chaos-free network (Laurent and von Brecht 2016, equations 5 and 6): h' = θ∘tanh(h) + η∘tanh(x·W) with
 * the gates [θ, η] = σ(x·V + h·U + b). No state feeds another but through the gates and W has no bias, so
 * without input every number of the state decays to zero: what it keeps, it keeps in a way that can be read.
 * θ starts nearly open (bias 1), η nearly shut (−1), as in the paper's section 3.
 *
 * inputKernel [E, 3S] holds V for θ, V for η, and W; stateKernel [S, 2S] U for θ and η.
 */
export function chaosFree({ inputs, units }: SequenceSize): SequenceNetwork {
  return {
    name: "chaos-free",
    stateSize: units,
    arrays: [
      { name: "inputKernel", shape: [inputs, 3 * units] },
      { name: "stateKernel", shape: [units, 2 * units] },
      { name: "gateBias", shape: [2 * units] },
    ],
    start: (random) => [
      sideBySide(3, () => glorotUniform(inputs, units, random), units),
      sideBySide(2, () => orthogonal(units, random), units),
      new Float32Array(2 * units).fill(1, 0, units).fill(-1, units),
    ],
    forward([inputKernel, stateKernel, gateBias], x, { carried } = {}) {
      return unroll(project(x, inputKernel), { units, memories: 1, carried }, (brought, [h]) => {
        const [forGates, forState] = tf().split(brought, [2 * units, units], 1) as [Tensor2D, Tensor2D];
        const gates = tf().sigmoid(forGates.add(tf().matMul(h, stateKernel as Tensor2D)).add(gateBias));
        const [keep, admit] = tf().split(gates, 2, 1) as [Tensor2D, Tensor2D];
        return [keep.mul(tf().tanh(h)).add(admit.mul(tf().tanh(forState))) as Tensor2D];
      });
    },
  };
}
