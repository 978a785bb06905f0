import { glorotUniform } from "../tensors/initialisers";
import { type Tensor, type Tensor3D, tf } from "../tensors/tf";
import { lastEntries } from "./lastEntries";
import { project } from "./project";
import type { SequenceNetwork, SequenceSize, WeightArray } from "./sequenceNetwork";

/** Entries that a convolution reads, its own included. */
export const taps = 3;

/** Distance between them, block by block. */
export const dilations: readonly number[] = [1, 2, 4];

/** Entries that a state depends on, its own included: 1 + 2·(taps − 1)·Σ dilations = 29. */
export const receptiveField = 1 + 2 * (taps - 1) * dilations.reduce((sum, dilation) => sum + dilation, 0);

/**
 * The temporal convolutional network (Bai, Kolter and Koltun 2018, section 3): residual blocks
 * y = ReLU(x + F(x)), F two causal convolutions of dilation 1, 2, 4 with a ReLU after each; where widths differ
 * (the first block) x passes a dense layer on its way round. All steps are computed at once.
 *
 * Other than in the paper, weights are not normalised and nothing is dropped inside: the next-item model drops
 * inputs and states. A kernel [taps·C, S] holds the newest entry's rows first.
 */
export function temporalConvolution({ inputs, units }: SequenceSize): SequenceNetwork {
  const arrays: WeightArray[] = [
    { name: "skipKernel", shape: [inputs, units] },
    { name: "skipBias", shape: [units] },
  ];
  dilations.forEach((dilation, block) => {
    for (const half of ["A", "B"])
      arrays.push(
        { name: `kernel${dilation}${half}`, shape: [taps * (block + half === "0A" ? inputs : units), units] },
        { name: `bias${dilation}${half}`, shape: [units] },
      );
  });
  return {
    name: "temporal-convolution",
    stateSize: units,
    arrays,
    start: (random) =>
      arrays.map(({ shape: [rows, columns] }) =>
        columns === undefined ? new Float32Array(rows) : glorotUniform(rows, columns, random),
      ),
    forward([skipKernel, skipBias, ...kernels], inputs, { carried } = {}) {
      const pasts: Tensor[] = [];
      const convolved = (x: Tensor3D, dilation: number): Tensor3D => {
        const at = pasts.length;
        const { rows, past } = lastEntries(x, { count: taps, dilation, past: carried?.[at] });
        pasts.push(past);
        return project(rows, kernels[2 * at], kernels[2 * at + 1], "relu");
      };
      let x = inputs;
      for (const dilation of dilations) {
        const around = dilation === dilations[0] ? project(x, skipKernel, skipBias) : x;
        x = tf().relu(around.add(convolved(convolved(x, dilation), dilation))) as Tensor3D;
      }
      return { states: x, carried: pasts };
    },
  };
}
