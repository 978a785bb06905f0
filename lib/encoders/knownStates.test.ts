import assert from "node:assert/strict";
import { test } from "node:test";
import { random } from "../math/random";
import { gaussian } from "../tensors/initialisers";
import { tf } from "../tensors/tf";
import { chaosFree } from "./chaosFree";
import { drr } from "./drr";
import { echoState, leak, spectralRadius } from "./echoState";
import { frame } from "./frame";
import { gru } from "./gru";
import { lstm } from "./lstm";
import { rnn } from "./rnn";
import { type SequenceNetwork, sequenceVariables } from "./sequenceNetwork";
import { sideBySide } from "./sideBySide";
import { largestDifference } from "./smallHistories.fixture";

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/** The states [T × S] of one history of inputs [T][E], with these weights or those it starts with. */
function statesOf(
  network: SequenceNetwork,
  inputs: readonly number[][],
  weights?: ArrayLike<number>[],
): number[] {
  const variables = sequenceVariables(network, weights ?? network.start(random(1)));
  const states = tf().tidy(() => network.forward(variables, tf().tensor3d([[...inputs]])).states.dataSync());
  for (const variable of variables) variable.dispose();
  return [...states];
}

function near(actual: readonly number[], expected: readonly number[], tolerance = 1e-6): void {
  assert.ok(largestDifference(actual, expected) < tolerance, `${actual} is not ${expected}`);
}

/** x·kernel for a kernel [x.length × columns] row by row. */
function product(x: readonly number[], kernel: ArrayLike<number>, columns: number): number[] {
  return Array.from({ length: columns }, (_, column) =>
    x.reduce((sum, value, row) => sum + value * kernel[row * columns + column], 0),
  );
}

test("rnn, two steps by hand", () => {
  const states = statesOf(rnn({ inputs: 1, units: 1 }), [[1], [-2]], [[0.5], [0.8], [0.1]]);
  const first = Math.tanh(0.5 + 0.1);
  near(states, [first, Math.tanh(-1 + 0.8 * first + 0.1)]);
});

test("lstm, two steps by hand: input, forget, candidate, output; the forget gate starts at bias 1", () => {
  const network = lstm({ inputs: 1, units: 1 });
  const states = statesOf(
    network,
    [[1], [-2]],
    [
      [0.5, -0.3, 0.8, 0.2],
      [0.1, 0.4, -0.6, 0.7],
      [0, 1, 0.2, -0.1],
    ],
  );
  const cell = sigmoid(0.5) * Math.tanh(0.8 + 0.2); // nothing to forget yet
  const state = sigmoid(0.2 - 0.1) * Math.tanh(cell);
  const nextCell =
    sigmoid(0.6 + 0.4 * state + 1) * cell + sigmoid(-1 + 0.1 * state) * Math.tanh(-1.6 - 0.6 * state + 0.2);
  near(states, [state, sigmoid(-0.4 + 0.7 * state - 0.1) * Math.tanh(nextCell)]);
  assert.deepEqual([...lstm({ inputs: 1, units: 2 }).start(random(1))[2]], [0, 0, 1, 1, 0, 0, 0, 0]);
});

test("chaos-free: the gate equations; without input its start decays to zero, which the lstm's does not", () => {
  const network = chaosFree({ inputs: 2, units: 2 });
  const weights = [
    gaussian(2 * 6, 1, random(2)),
    gaussian(2 * 4, 1, random(3)),
    Float32Array.of(1, 1, -1, -1),
  ] as const;
  const inputs = [
    [0.3, -1.2],
    [2, 0.4],
    [-0.7, 0.9],
  ];
  let state = [0, 0];
  const expected = inputs.flatMap((x) => {
    const brought = product(x, weights[0], 6);
    const fed = product(state, weights[1], 4);
    state = state.map(
      (value, j) =>
        sigmoid(brought[j] + fed[j] + 1) * Math.tanh(value) +
        sigmoid(brought[2 + j] + fed[2 + j] - 1) * Math.tanh(brought[4 + j]),
    );
    return state;
  });
  near(statesOf(network, inputs, [...weights]), expected);
  assert.deepEqual([...network.start(random(1))[2]], [1, 1, -1, -1]);

  const silence = [[5, -5], ...Array.from({ length: 200 }, () => [0, 0])];
  const rest = statesOf(network, silence, [...weights]);
  const sizes = Array.from({ length: 201 }, (_, t) =>
    Math.max(Math.abs(rest[2 * t]), Math.abs(rest[2 * t + 1])),
  );
  assert.ok(sizes[0] > 0.1 && sizes.every((size, t) => t === 0 || size < sizes[t - 1]) && sizes[200] < 0.01);
  const other = statesOf(lstm({ inputs: 2, units: 2 }), silence, [
    gaussian(2 * 8, 1, random(2)),
    gaussian(2 * 8, 1, random(3)),
    gaussian(8, 1, random(4)),
  ]);
  assert.ok(Math.abs(other[400]) > 0.05);
});

/** lim ‖Aⁿ‖^(1/n) (Gelfand 1941), by squaring twelve times. */
function measuredRadius(matrix: ArrayLike<number>, size: number): number {
  let [power, logScale] = [Float64Array.from(matrix), 0];
  for (let squarings = 0; squarings < 12; squarings++) {
    const squared = new Float64Array(size * size);
    for (let i = 0; i < size; i++)
      for (let k = 0; k < size; k++)
        for (let j = 0; j < size; j++) squared[i * size + j] += power[i * size + k] * power[k * size + j];
    const norm = Math.sqrt(squared.reduce((sum, value) => sum + value * value, 0));
    power = squared.map((value) => value / norm);
    logScale = 2 * logScale + Math.log(norm);
  }
  return Math.exp(logScale / 2 ** 12);
}

test("echo-state: the measured spectral radius is the stated one", () => {
  assert.ok(Math.abs(measuredRadius([0, 2, 0.5, 0], 2) - 1) < 1e-3);
  assert.ok(Math.abs(measuredRadius([3, 1, 0, 2], 2) - 3) < 1e-3);
  const reservoir = echoState({ inputs: 3, units: 40 }).start(random(5))[1];
  assert.ok(Math.abs(measuredRadius(reservoir, 40) - spectralRadius) < 1e-3);
});

test("echo-state: the equation, and two different starts that the same inputs bring together", () => {
  const network = echoState({ inputs: 2, units: 20 });
  const [inputKernel, stateKernel] = network.start(random(6)) as [Float32Array, Float32Array];
  const x = [0.5, -1];
  const [first, second] = [0, 1].map((t) =>
    statesOf(network, [x, x], [inputKernel, stateKernel]).slice(20 * t, 20 * t + 20),
  );
  const brought = product(x, inputKernel, 20);
  near(
    first,
    brought.map((value) => leak * Math.tanh(value)),
  );
  const fed = product(first, stateKernel, 20);
  near(
    second,
    first.map((value, j) => (1 - leak) * value + leak * Math.tanh(brought[j] + fed[j])),
  );

  const weights = sequenceVariables(network, [inputKernel, stateKernel]);
  tf().tidy(() => {
    const inputs = tf().tensor3d(gaussian(2 * 150, 0.2, random(7)), [1, 150, 2]);
    const run = (start: number): Float32Array =>
      network.forward(weights, inputs, { carried: [tf().fill([1, 20], start)] }).states.dataSync<"float32">();
    const [low, high] = [run(-1), run(1)];
    const apart = (t: number): number =>
      Math.hypot(...Array.from({ length: 20 }, (_, j) => low[20 * t + j] - high[20 * t + j]));
    assert.ok(apart(0) > 1);
    for (let t = 1; t < 100; t++)
      assert.ok(apart(t) <= (1 - leak + leak * spectralRadius) * apart(t - 1) + 1e-5);
    assert.ok(apart(149) < 0.01);
  });
  for (const weight of weights) weight.dispose();
});

test("frame: the last entries side by side, newest first, zeros before the first", () => {
  const kernel = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6]; // newest item, newest rating, the one before, ...
  const states = statesOf(
    frame({ inputs: 2, units: 1 }, 3),
    [
      [1, 2],
      [3, 4],
      [-5, 6],
      [0.7, -0.8],
    ],
    [kernel, [0.05]],
  );
  const sum = (...numbers: number[]): number =>
    Math.tanh(numbers.reduce((a, b, i) => a + b * kernel[i], 0.05));
  near(states, [sum(1, 2), sum(3, 4, 1, 2), sum(-5, 6, 3, 4, 1, 2), sum(0.7, -0.8, -5, 6, 3, 4)]);
});

test("drr: user, product, mean; by hand", () => {
  // A = 2, E = 3, the last n = 2 items with weights 1 for the newest and .5 for the one before.
  const inputs = [
    [1, 0, 1],
    [0, 2, -1],
    [4, 2, 0],
  ];
  const userKernel = [1, 0, 0, 1, 0.5, -0.5];
  const states = statesOf(drr({ inputs: 3 }, 2), inputs, [userKernel, [0.1, 0.2], [1, 0.5]]);
  const expected = [
    { user: [1 + 0.5 + 0.1, 0 - 0.5 + 0.2], mean: [1, 0] }, // one entry: divided by 1
    { user: [0.5 + 0.1, 1 + 0.2], mean: [(0 + 0.5) / 2, (2 + 0) / 2] }, // ratings 1 and −1: mean 0
    { user: [5 / 3 + 0.1, 4 / 3 + 0.2], mean: [(4 + 0) / 2, (2 + 1) / 2] },
  ].flatMap(({ user, mean }) => [...user, ...user.map((value, i) => value * mean[i]), ...mean]);
  near(states, expected);
});

test("gru: the gate equations, entry by entry, over a long history, in double precision", () => {
  const [width, units] = [4, 5];
  const network = gru({ inputs: width, units });
  const weights = network.start(random(1));
  const [gateKernel, candidateKernel, gateBias, candidateBias] = weights as Float32Array[];
  const inputs = Array.from({ length: 70 }, (_, t) => [...gaussian(width, 1, random(t))]);
  let state: number[] = new Array(units).fill(0);
  const expected = inputs.flatMap((x) => {
    const gates = product([...x, ...state], gateKernel, 2 * units).map((sum, j) =>
      sigmoid(sum + gateBias[j]),
    );
    const reset = product([...x, ...state.map((value, j) => value * gates[j])], candidateKernel, units);
    state = state.map((value, j) => {
      const keep = gates[units + j];
      return keep * value + (1 - keep) * Math.tanh(reset[j] + candidateBias[j]);
    });
    return state;
  });
  near(statesOf(network, inputs), expected, 1e-5);
});

test("sideBySide joins matrices column-wise", () => {
  const parts = [Float32Array.of(1, 2, 3, 4), Float32Array.of(5, 6, 7, 8)];
  assert.deepEqual([...sideBySide(2, () => parts.shift()!, 2)], [1, 2, 5, 6, 3, 4, 7, 8]);
});
