import type { Random } from "../math/random";
import { fusedOp, fusedOpsAvailable } from "./fusedOps";
import { glorotUniform, orthogonal } from "./initialisers";
import { variableOf } from "./networks";
import { requireShape } from "./shapes";
import { type Tensor, type Tensor1D, type Tensor2D, type Tensor3D, tf, type Variable } from "./tf";

/**
 * Weights of a gated recurrent unit, in the order of TensorFlow's GRUBlockCell: gateKernel [E + S, 2S] and
 * gateBias [2S] for the reset gate, then the update gate; candidateKernel [E + S, S] and candidateBias [S].
 * The first E rows of a kernel meet the input, the other S the state.
 */
export type GruWeights<V = Variable> = readonly [
  gateKernel: V,
  candidateKernel: V,
  gateBias: V,
  candidateBias: V,
];

/**
 * Fresh weights: input rows Glorot-uniform, state rows orthogonal for each gate, biases zero, except the update
 * gate's, which `updateBias` sets (1 keeps the state longer at the start).
 */
export function gruWeights(
  inputs: number,
  units: number,
  random: Random,
  { updateBias = 0 } = {},
): GruWeights {
  const kernel = (gates: number): Float32Array => {
    const values = new Float32Array((inputs + units) * gates * units);
    for (let gate = 0; gate < gates; gate++) {
      const top = glorotUniform(inputs, units, random);
      const bottom = orthogonal(units, random);
      for (let row = 0; row < inputs + units; row++) {
        const source = row < inputs ? top.subarray(row * units) : bottom.subarray((row - inputs) * units);
        values.set(source.subarray(0, units), (row * gates + gate) * units);
      }
    }
    return values;
  };
  const gateBias = new Float32Array(2 * units).fill(updateBias, units);
  return [
    variableOf(kernel(2), [inputs + units, 2 * units]),
    variableOf(kernel(1), [inputs + units, units]),
    variableOf(gateBias, [2 * units]),
    variableOf(new Float32Array(units), [units]),
  ];
}

/**
 * Runs a gated recurrent unit (Cho et al. 2014) over sequences, differentiably.
 *
 * With x the input and h the state before it: [r, u] = σ([x, h]·gateKernel + gateBias),
 * c = tanh([x, r∘h]·candidateKernel + candidateBias), h' = u∘h + (1 − u)∘c. (PyTorch's GRU applies r after the
 * product with the state instead, so weights do not carry over from it.)
 *
 * Sequences of different length are padded at their end: a state depends on nothing after it, so what follows a
 * sequence's last entry changes neither its states nor, as long as the loss looks only at real entries, any
 * gradient. Take the states you need with `lastStates` or a gather.
 *
 * @param inputs [B, T, E]
 * @param options.initial the state before the first entry [B, S]; zeros by default
 * @returns states [B, T, S], the state after each entry
 */
export function gruSequence(
  inputs: Tensor3D,
  weights: GruWeights<Tensor | Variable>,
  options: { readonly initial?: Tensor2D } = {},
): Tensor3D {
  const units = weights[3].shape[0];
  const [size, , width] = inputs.shape;
  requireShape(weights[0] as Tensor, [width + units, 2 * units], "gateKernel");
  requireShape(weights[1] as Tensor, [width + units, units], "candidateKernel");
  requireShape(weights[2] as Tensor, [2 * units], "gateBias");
  const initial = options.initial ?? (tf().zeros([size, units]) as Tensor2D);
  requireShape(initial, [size, units], "initial");
  return (fusedOpsAvailable() ? fusedSequence : plainSequence)(inputs, initial, weights);
}

/** The state after each sequence's last entry. states [B, T, S], lengths [B] from 1 to T → [B, S] */
export function lastStates(states: Tensor3D, lengths: Int32Array | readonly number[]): Tensor2D {
  requireShape(states, [lengths.length, null, null], "states");
  const [size, steps, units] = states.shape;
  return tf().tidy(() => {
    const flat = states.reshape([size * steps, units]) as Tensor2D;
    const places = Int32Array.from(lengths, (length, row) => row * steps + length - 1);
    return tf().gather(flat, tf().tensor1d(places, "int32"));
  });
}

function plainSequence(inputs: Tensor3D, initial: Tensor2D, weights: GruWeights<Tensor>): Tensor3D {
  const [gateKernel, candidateKernel, gateBias, candidateBias] = weights as GruWeights<Tensor2D>;
  const steps = tf().unstack(inputs, 1) as Tensor2D[];
  let state = initial;
  const states = steps.map((x) => {
    const gates = tf().sigmoid(
      tf()
        .matMul(tf().concat([x, state], 1), gateKernel)
        .add(gateBias),
    );
    const [reset, update] = tf().split(gates, 2, 1) as [Tensor2D, Tensor2D];
    const joined = tf().concat([x, reset.mul(state) as Tensor2D], 1);
    const candidate = tf().tanh(tf().matMul(joined, candidateKernel).add(candidateBias));
    state = update.mul(state).add(tf().sub(1, update).mul(candidate)) as Tensor2D;
    return state;
  });
  return tf().stack(states, 1) as Tensor3D;
}

/**
 * GRUBlockCell forwards and GRUBlockCellGrad backwards, one call a step; the weights' gradients are not summed
 * step by step but are two products over all steps at once.
 */
function fusedSequence(inputs: Tensor3D, initial: Tensor2D, weights: GruWeights<Tensor>): Tensor3D {
  const kind = ["T", "type", "float32"] as const;
  const length = inputs.shape[1];
  const operation = tf().customGrad((...given: unknown[]) => {
    const save = given[6] as (tensors: Tensor[]) => void;
    const [x, first, gateKernel, candidateKernel, gateBias, candidateBias] = given as Tensor[];
    const shared = [gateKernel, candidateKernel, gateBias, candidateBias];
    const steps = tf().unstack(x as Tensor3D, 1);
    const states: Tensor[] = [first];
    const gates: Tensor[] = []; // reset, update, candidate of each step, [B, S] each
    for (const step of steps) {
      const before = states[states.length - 1];
      const [reset, update, candidate, state] = fusedOp("GRUBlockCell", [kind], [step, before, ...shared], 4);
      gates.push(reset, update, candidate);
      states.push(state);
    }
    save([...shared, ...steps, ...states, ...gates]);
    const gradFunc = (gradient: Tensor, saved: Tensor[]): Tensor[] => {
      const places = [0, 4, 4 + length, 5 + 2 * length, 5 + 5 * length] as const; // `saved` itself must stay whole
      const [weightsThen, stepsThen, statesThen, gatesThen] = places
        .slice(1)
        .map((end, i) => saved.slice(places[i], end)) as [Tensor[], Tensor[], Tensor[], Tensor[]];
      const outer = tf().unstack(gradient, 1);
      const inputGradients: Tensor[] = new Array(length);
      const gateGradients: Tensor[] = new Array(length);
      const candidateGradients: Tensor[] = new Array(length);
      let flowing: Tensor | undefined;
      for (let t = length - 1; t >= 0; t--) {
        const total = flowing ? outer[t].add(flowing) : outer[t];
        const operands = [
          stepsThen[t],
          statesThen[t],
          ...weightsThen,
          ...gatesThen.slice(3 * t, 3 * t + 3),
          total,
        ];
        const [dx, before, dCandidate, dGates] = fusedOp("GRUBlockCellGrad", [kind], operands, 4);
        inputGradients[t] = dx;
        candidateGradients[t] = dCandidate;
        gateGradients[t] = dGates;
        flowing = before;
      }
      const previous = statesThen.slice(0, length);
      const x = tf().concat(stepsThen as Tensor2D[], 0); // [T·B, E]
      const h = tf().concat(previous as Tensor2D[], 0); // [T·B, S]
      const reset = tf().concat(gatesThen.filter((_, i) => i % 3 === 0) as Tensor2D[], 0);
      const dGates = tf().concat(gateGradients as Tensor2D[], 0); // [T·B, 2S]
      const dCandidate = tf().concat(candidateGradients as Tensor2D[], 0); // [T·B, S]
      return [
        tf().stack(inputGradients, 1),
        flowing!,
        tf().matMul(tf().concat([x, h], 1), dGates, true, false),
        tf().matMul(tf().concat([x, h.mul(reset) as Tensor2D], 1), dCandidate, true, false),
        dGates.sum(0) as Tensor1D,
        dCandidate.sum(0) as Tensor1D,
      ];
    };
    return { value: tf().stack(states.slice(1), 1), gradFunc };
  });
  return operation(inputs, initial, ...(weights as unknown as Tensor[])) as Tensor3D;
}
