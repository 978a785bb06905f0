import { glorotUniform } from "../tensors/initialisers";
import { type Tensor, type Tensor3D, tf } from "../tensors/tf";
import { lastEntries } from "./lastEntries";
import { project } from "./project";
import type { SequenceNetwork, SequenceSize } from "./sequenceNetwork";

/**
 * DRR-ave (Liu et al. 2018, arXiv 1810.12027, section 3.2): the state [u, u∘m, m], 3A numbers, of a user u and
 * the weighted mean m of the items they had last: m = Σ_j w_j·v_{t−j} / (how many there are, at most n), with
 * one learned weight for each place, 1 at the start.
 *
 * Two differences. The paper's u is a learned vector for each user of the training data; here
 * u = mean([v; rating] over all so far)·W + b, so that users never seen have one too. And all of the last n
 * entries count, not only those rated well: ratings speak through u.
 *
 * @param size.inputs E = A + 1 + F, of which u reads all and m the item vectors
 * @param frameSize n, from 1
 */
export function drr(
  { inputs, further = 0 }: Pick<SequenceSize, "inputs" | "further">,
  frameSize: number,
): SequenceNetwork {
  const width = inputs - 1 - further;
  return {
    name: "drr",
    stateSize: 3 * width,
    arrays: [
      { name: "userKernel", shape: [inputs, width] },
      { name: "userBias", shape: [width] },
      { name: "placeWeights", shape: [frameSize] },
    ],
    start: (random) => [
      glorotUniform(inputs, width, random),
      new Float32Array(width),
      new Float32Array(frameSize).fill(1),
    ],
    forward([userKernel, userBias, placeWeights], x, { carried } = {}) {
      const [size, steps] = x.shape;
      const [sumBefore, countBefore, past]: readonly (Tensor | undefined)[] = carried ?? [];
      let sums = runningSums(x);
      let counts = tf().tile(
        tf()
          .range(1, steps + 1, 1)
          .reshape([1, steps, 1]),
        [size, 1, 1],
      ) as Tensor3D;
      if (sumBefore && countBefore) [sums, counts] = [sums.add(sumBefore), counts.add(countBefore)];
      const user = project(sums.div(counts) as Tensor3D, userKernel, userBias);

      const vectors = x.slice([0, 0, 0], [size, steps, width]);
      const last = lastEntries(vectors, { count: frameSize, past });
      const places = last.rows.reshape([size * steps, frameSize, width]);
      const weighted = places.mul(placeWeights.reshape([1, frameSize, 1])).sum(1);
      const mean = weighted.reshape([size, steps, width]).div(tf().minimum(counts, frameSize)) as Tensor3D;
      return {
        states: tf().concat([user, user.mul(mean) as Tensor3D, mean], 2) as Tensor3D,
        carried: [
          sums.slice([0, steps - 1, 0], [size, 1, inputs]),
          counts.slice([0, steps - 1, 0], [size, 1, 1]),
          last.past,
        ],
      };
    },
  };
}

/** Sums over steps so far. Turned round, as TensorFlow.js differentiates `cumsum` along the last axis only. */
function runningSums(x: Tensor3D): Tensor3D {
  return tf()
    .cumsum(x.transpose([0, 2, 1]) as Tensor3D, 2)
    .transpose([0, 2, 1]) as Tensor3D;
}
