import type { Random } from "../../math/random";
import { adam } from "../../tensors/adam";
import { compile } from "../../tensors/compiled";
import { descend } from "../../tensors/gradientStep";
import { copyOf, multilayerPerceptron } from "../../tensors/networks";
import { softUpdate } from "../../tensors/softUpdate";
import { type Scalar, type Tensor2D, tf } from "../../tensors/tf";
import type { ItemValues } from "./itemValues";
import type { SlateShape } from "./slateSteps";

export interface NetworkOptions {
  readonly shape: SlateShape;
  /** Widths of the hidden layers. */
  readonly hidden: readonly number[];
  readonly learningRate: number;
  /** Draws the initial weights. */
  readonly random: Random;
}

/** States that are valued by one product. */
const atOnce = 8192;

/**
 * Q(s, ·) as a network: dense layers from the state to one number for each item and one for ⊥, beside a start that
 * is not learned. It starts at exactly its start, wherever that is; its squared error goes down by Adam. A step is
 * one native call (`compile`), as are answers about a batch.
 */
export function networkValues({ shape, hidden, learningRate, random }: NetworkOptions): ItemValues {
  const { items, stateSize, offers } = shape;
  const outputs = items + 1;
  const online = multilayerPerceptron({ inputs: stateSize, hidden, outputs, random, outputScale: 0 });
  const target = copyOf(online);
  const optimizer = adam(online.variables, { learningRate });
  let [start, nullStart] = [0, 0];
  const compiled = compile(
    ({ states, marks, targets }: { states: Tensor2D; marks: Tensor2D; targets: Tensor2D }) => {
      const loss = () => {
        const said = online.apply(states).mul(marks).sum(1, true);
        return { loss: said.sub(targets).square().mean() as Scalar };
      };
      return descend(loss, online.variables, optimizer);
    },
    { state: [...online.variables, ...optimizer.own], whenRefused: "eager" },
  );
  /** All outputs [n × (N + 1)]. */
  const outputsOf = (which: "online" | "target", states: Float32Array): Float32Array => {
    const rows = states.length / stateSize;
    const said = new Float32Array(rows * outputs);
    const network = which === "online" ? online : target;
    for (let row = 0; row < rows; row += atOnce) {
      const part = states.subarray(row * stateSize, (row + atOnce) * stateSize);
      tf().tidy(() => {
        const input = tf().tensor2d(part, [part.length / stateSize, stateSize]);
        said.set(network.apply(input).dataSync(), row * outputs);
      });
    }
    return said;
  };
  return {
    asked(states, candidates) {
      const rows = states.length / stateSize;
      const read = new Float64Array(rows * (offers + 1));
      return (which) => {
        const said = outputsOf(which, states);
        for (let row = 0; row < rows; row++) {
          const at = row * (offers + 1);
          for (let c = 0; c < offers; c++)
            read[at + c] = start + said[row * outputs + candidates[row * offers + c]];
          read[at + offers] = nullStart + said[row * outputs + items];
        }
        return read;
      };
    },
    learn(states, chosen, targets) {
      const rows = chosen.length;
      // Of a row that is not to be learned from all marks are 0, and so is the target.
      const marks = new Float32Array(rows * outputs);
      const wanted = new Float32Array(rows);
      for (let row = 0; row < rows; row++) {
        if (chosen[row] < 0) continue;
        marks[row * outputs + chosen[row]] = 1;
        wanted[row] = targets[row] - (chosen[row] === items ? nullStart : start);
      }
      return tf().tidy(() => {
        const { loss } = compiled.run({
          states: tf().tensor2d(states, [rows, stateSize]),
          marks: tf().tensor2d(marks, [rows, outputs]),
          targets: tf().tensor2d(wanted, [rows, 1]),
        });
        return loss.dataSync()[0];
      });
    },
    follow: () => softUpdate(target.variables, online.variables, 1),
    startAt(value, nullValue) {
      [start, nullStart] = [value, nullValue];
    },
    numbers: () =>
      Float64Array.from([
        start,
        nullStart,
        ...online.variables.flatMap((variable) => Array.from(variable.dataSync<"float32">())),
      ]),
    dispose() {
      for (const part of [compiled, online, target, optimizer]) part.dispose();
    },
  };
}
