import { gaussian, orthogonal } from "../tensors/initialisers";
import { type Tensor2D, tf } from "../tensors/tf";
import { project } from "./project";
import type { SequenceNetwork, SequenceSize } from "./sequenceNetwork";
import { unroll } from "./unroll";

/** All eigenvalues of the reservoir lie on the circle of this radius. */
export const spectralRadius = 0.9;

/** Share of the state that is new at each step. */
export const leak = 0.5;

/**
 * An echo state network (Jaeger 2001; with leaky units, Jaeger et al. 2007): h' = (1 − a)·h + a·tanh(x·W + h·U)
 * with a = `leak`. W and U are drawn once and never trained. What is trained around this reservoir: item
 * vectors (read as inputs and scored as outputs), item biases, head and temperature.
 *
 * U is a random orthogonal matrix times `spectralRadius` (White, Lee and Sompolinsky 2004), so the largest
 * singular value equals the spectral radius, and below 1 the echo state property is certain: two states under
 * the same inputs draw nearer by at least 1 − a + a·radius = .95 a step, whatever they started as.
 */
export function echoState({ inputs, units }: SequenceSize): SequenceNetwork {
  return {
    name: "echo-state",
    stateSize: units,
    arrays: [
      { name: "inputKernel", shape: [inputs, units], fixed: true },
      { name: "stateKernel", shape: [units, units], fixed: true },
    ],
    start: (random) => [
      gaussian(inputs * units, 1, random), // an item vector of length 1 brings each unit about ±1
      orthogonal(units, random).map((value) => value * spectralRadius),
    ],
    forward([inputKernel, stateKernel], x, { carried } = {}) {
      return unroll(project(x, inputKernel), { units, memories: 1, carried }, (brought, [h]) => {
        const fresh = tf().tanh(brought.add(tf().matMul(h, stateKernel as Tensor2D)));
        return [h.mul(1 - leak).add(fresh.mul(leak)) as Tensor2D];
      });
    },
  };
}
