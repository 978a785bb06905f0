import { gaussian, glorotUniform } from "../tensors/initialisers";
import { type Tensor, type Tensor3D, tf } from "../tensors/tf";
import { project } from "./project";
import type { SequenceNetwork, SequenceSize, WeightArray } from "./sequenceNetwork";

/** Attention and feed-forward, this many times over. */
const blocks = 2;

/**
 * Self-attention after SASRec (Kang and McAuley 2018): inputs through a dense layer, a learned vector for each
 * position, then two blocks of
 * x ← x + drop(softmax(QKᵀ/√S, no look ahead)·V) and x ← x + drop(ReLU(x'·F + f)·G + g), each reading its
 * input through layer normalisation, which also ends the whole. One head. Other than in the paper, K and V read
 * the normalised input as Q does, and weights of attention are not dropped.
 *
 * Memory is the last P positions, P even. A longer history is read in windows of P that overlap by half: the
 * state after entry e (from 0) sees what lies in P/2·max(0, ⌊e / (P/2)⌋ − 1) .. e, which is P/2 + 1 to P entries once there
 * are as many. So it depends on e and what came before alone, wherever reading was cut into pieces.
 *
 * @param window P, raised to an even number; what is read in one go while training should not be longer
 */
export function attention({ inputs, units }: SequenceSize, window: number): SequenceNetwork {
  const half = Math.ceil(window / 2);
  const positions = 2 * half;
  const arrays: WeightArray[] = [
    { name: "inputKernel", shape: [inputs, units] },
    { name: "inputBias", shape: [units] },
    { name: "positions", shape: [positions, units] },
  ];
  for (let block = 0; block < blocks; block++)
    arrays.push(
      { name: `attentionScale${block}`, shape: [units] },
      { name: `attentionShift${block}`, shape: [units] },
      { name: `queryKeyValue${block}`, shape: [units, 3 * units] },
      { name: `forwardScale${block}`, shape: [units] },
      { name: `forwardShift${block}`, shape: [units] },
      { name: `forwardKernel${block}`, shape: [units, units] },
      { name: `forwardBias${block}`, shape: [units] },
      { name: `backKernel${block}`, shape: [units, units] },
      { name: `backBias${block}`, shape: [units] },
    );
  arrays.push({ name: "scale", shape: [units] }, { name: "shift", shape: [units] });

  /** All of a window at once, from the first position on. [B, T, E] → [B, T, S], T at most P. */
  function read(weights: readonly Tensor[], inputs: Tensor3D, masks?: readonly Tensor[]): Tensor3D {
    const [size, steps] = inputs.shape;
    const [inputKernel, inputBias, places, ...rest] = weights;
    const ahead = noLookAhead(steps);
    let x = project(inputs, inputKernel, inputBias).add(
      places.slice([0, 0], [steps, units]).reshape([1, steps, units]),
    ) as Tensor3D;
    for (let block = 0; block < blocks; block++) {
      const [aScale, aShift, qkv, fScale, fShift, fKernel, fBias, bKernel, bBias] = rest.slice(9 * block);
      const dropped = (y: Tensor3D, mask: number): Tensor =>
        masks ? y.mul(masks[2 * block + mask].reshape([size, steps, units])) : y;
      const [query, key, value] = tf().split(project(layerNorm(x, aScale, aShift), qkv), 3, 2);
      const scores = tf()
        .matMul(query, key, false, true)
        .mul(units ** -0.5)
        .add(ahead);
      x = x.add(dropped(tf().matMul(tf().softmax(scores), value) as Tensor3D, 0));
      const inner = project(layerNorm(x, fScale, fShift), fKernel, fBias, "relu");
      x = x.add(dropped(project(inner, bKernel, bBias), 1));
    }
    return layerNorm(x, rest[9 * blocks], rest[9 * blocks + 1]);
  }

  return {
    name: "attention",
    stateSize: units,
    arrays,
    start: (random) =>
      arrays.map(({ name, shape: [rows, columns] }) => {
        // An item vector of length 1 enters with numbers of about ±1 (SASRec multiplies by √S to the same end):
        // beside what attention adds, a state starts as its own entry.
        if (name === "inputKernel") return gaussian(rows * units, 1, random);
        if (name === "positions") return gaussian(rows * units, 0.02, random);
        if (columns !== undefined) return glorotUniform(rows, columns, random);
        return new Float32Array(rows).fill(/scale/i.test(name) ? 1 : 0);
      }),
    maskShapes: (size, steps) => Array.from({ length: 2 * blocks }, () => [size, steps, units]),
    forward(weights, inputs, { carried, masks } = {}) {
      const [size, steps, width] = inputs.shape;
      let past = carried?.[0] as Tensor3D | undefined;
      if (masks && (past || steps > positions))
        throw new Error(`attention requires masked inputs of at most ${positions} steps, got ${steps}`);
      const pieces: Tensor3D[] = [];
      for (let at = 0; at < steps; ) {
        const before = past?.shape[1] ?? 0;
        const taken = Math.min(positions - before, steps - at);
        const fresh = inputs.slice([0, at, 0], [size, taken, width]);
        const seen: Tensor3D = past ? (tf().concat([past, fresh], 1) as Tensor3D) : fresh;
        pieces.push(read(weights, seen, masks).slice([0, before, 0], [size, taken, units]));
        const full = before + taken === positions;
        past = full ? seen.slice([0, half, 0], [size, half, width]) : seen;
        at += taken;
      }
      const states = pieces.length === 1 ? pieces[0] : (tf().concat(pieces, 1) as Tensor3D);
      return { states, carried: [past!] };
    },
  };
}

/** [1, T, T]: nothing where the column's entry is not later than the row's, else so much that softmax gives 0. */
function noLookAhead(steps: number): Tensor3D {
  const values = new Float32Array(steps * steps);
  for (let row = 0; row < steps; row++) values.fill(-1e9, row * steps + row + 1, (row + 1) * steps);
  return tf().tensor3d(values, [1, steps, steps]);
}

/** Ba, Kiros and Hinton (2016): each row brought to mean 0 and variance 1, then scaled and shifted. [B, T, S] */
function layerNorm(x: Tensor3D, scale: Tensor, shift: Tensor): Tensor3D {
  const centred = x.sub(x.mean(2, true));
  const variance = centred.square().mean(2, true);
  return centred.mul(variance.add(1e-5).rsqrt()).mul(scale).add(shift) as Tensor3D;
}
