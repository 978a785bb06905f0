import { glorotUniform, orthogonal } from "../tensors/initialisers";
import { type Tensor2D, tf } from "../tensors/tf";
import { project } from "./project";
import type { SequenceNetwork, SequenceSize } from "./sequenceNetwork";
import { sideBySide } from "./sideBySide";
import { unroll } from "./unroll";

/**
 * Long short-term memory (Hochreiter and Schmidhuber 1997) with a forget gate (Gers et al. 2000) that starts
 * open, at bias 1 (Jozefowicz et al. 2015).
 *
 * [i, f, g, o] = x·W + h·U + b;  c' = σ(f)∘c + σ(i)∘tanh(g);  h' = σ(o)∘tanh(c'). The state is h; c is carried
 * beside it. Columns of W [E, 4S], U [S, 4S] and b [4S] stand in this order.
 */
export function lstm({ inputs, units }: SequenceSize): SequenceNetwork {
  return {
    name: "lstm",
    stateSize: units,
    arrays: [
      { name: "inputKernel", shape: [inputs, 4 * units] },
      { name: "stateKernel", shape: [units, 4 * units] },
      { name: "bias", shape: [4 * units] },
    ],
    start: (random) => [
      sideBySide(4, () => glorotUniform(inputs, units, random), units),
      sideBySide(4, () => orthogonal(units, random), units),
      new Float32Array(4 * units).fill(1, units, 2 * units),
    ],
    forward([inputKernel, stateKernel, bias], x, { carried } = {}) {
      return unroll(project(x, inputKernel, bias), { units, memories: 2, carried }, (brought, [h, c]) => {
        const gates = brought.add(tf().matMul(h, stateKernel as Tensor2D));
        const [input, forget, candidate, output] = tf().split(gates, 4, 1) as Tensor2D[];
        const cell = c.mul(tf().sigmoid(forget)).add(tf().sigmoid(input).mul(tf().tanh(candidate)));
        return [tf().sigmoid(output).mul(tf().tanh(cell)) as Tensor2D, cell as Tensor2D];
      });
    },
  };
}
