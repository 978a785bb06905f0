import assert from "node:assert/strict";
import { test } from "node:test";
import { random } from "../math/random";
import { gaussian } from "../tensors/initialisers";
import { type Tensor3D, tf, type Variable } from "../tensors/tf";
import { attention } from "./attention";
import { type SequenceNetwork, sequenceVariables } from "./sequenceNetwork";
import { largestDifference } from "./smallHistories.fixture";

const [inputs, units] = [2, 3];

function noisy(network: SequenceNetwork): Float32Array[] {
  const draw = random(1);
  return network.start(draw).map((values) => values.map((value) => value + 0.5 * draw.normal()));
}

function statesOf(network: SequenceNetwork, weights: readonly Variable[], x: number[][]): number[] {
  return [...tf().tidy(() => network.forward(weights, tf().tensor3d([x])).states.dataSync())];
}

const rowsOf = (count: number, seed: number): number[][] =>
  Array.from({ length: count }, (_, t) => [...gaussian(inputs, 1, random(100 * seed + t))]);

test("two blocks in double precision: each state attends to itself and what came before", () => {
  const network = attention({ inputs, units }, 6);
  const values = noisy(network);
  const weights = sequenceVariables(network, values);
  const named = new Map(network.arrays.map(({ name }, i) => [name, values[i]]));
  const of = (name: string): Float32Array => named.get(name)!;
  const times = (
    x: readonly number[],
    kernel: Float32Array,
    columns: number,
    bias?: Float32Array,
  ): number[] =>
    Array.from({ length: columns }, (_, c) =>
      x.reduce((sum, v, r) => sum + v * kernel[r * columns + c], bias?.[c] ?? 0),
    );
  const normed = (x: readonly number[], scale: Float32Array, shift: Float32Array): number[] => {
    const mean = x.reduce((a, b) => a + b) / units;
    const variance = x.reduce((a, b) => a + (b - mean) ** 2, 0) / units;
    return x.map((v, j) => ((v - mean) / Math.sqrt(variance + 1e-5)) * scale[j] + shift[j]);
  };
  const x = rowsOf(5, 1);
  let rows = x.map((row, t) =>
    times(row, of("inputKernel"), units, of("inputBias")).map((v, j) => v + of("positions")[t * units + j]),
  );
  for (const block of [0, 1]) {
    const projected = rows.map((row) =>
      times(
        normed(row, of(`attentionScale${block}`), of(`attentionShift${block}`)),
        of(`queryKeyValue${block}`),
        3 * units,
      ),
    );
    rows = rows.map((row, t) => {
      const seen = projected.slice(0, t + 1);
      const scores = seen.map((other) =>
        Math.exp(
          [0, 1, 2].reduce((sum, j) => sum + projected[t][j] * other[units + j], 0) / Math.sqrt(units),
        ),
      );
      const total = scores.reduce((a, b) => a + b);
      return row.map(
        (v, j) => v + seen.reduce((sum, other, i) => sum + (scores[i] / total) * other[2 * units + j], 0),
      );
    });
    rows = rows.map((row) => {
      const inner = times(
        normed(row, of(`forwardScale${block}`), of(`forwardShift${block}`)),
        of(`forwardKernel${block}`),
        units,
        of(`forwardBias${block}`),
      ).map((v) => Math.max(0, v));
      return times(inner, of(`backKernel${block}`), units, of(`backBias${block}`)).map((v, j) => v + row[j]);
    });
  }
  const expected = rows.flatMap((row) => normed(row, of("scale"), of("shift")));
  assert.ok(largestDifference(statesOf(network, weights, x), expected) < 1e-5);
  for (const weight of weights) weight.dispose();
});

test("the mask: what comes later changes no state by a bit, what came earlier changes it", () => {
  const network = attention({ inputs, units }, 6);
  const weights = sequenceVariables(network, noisy(network));
  const x = rowsOf(6, 2);
  const plain = statesOf(network, weights, x);
  for (let t = 0; t < 6; t++) {
    const changed = x.map((row, i) => (i === t ? row.map((v) => v + 1) : row));
    const states = statesOf(network, weights, changed);
    assert.deepEqual(states.slice(0, t * units), plain.slice(0, t * units));
    for (let later = t; later < 6; later++) {
      const range = [later * units, (later + 1) * units] as const;
      assert.ok(largestDifference(states.slice(...range), plain.slice(...range)) > 1e-4, `${t} → ${later}`);
    }
  }
  for (const weight of weights) weight.dispose();
});

test("a long history: state e is read in the window that starts at P/2·max(0, ⌊e/(P/2)⌋ − 1)", () => {
  const network = attention({ inputs, units }, 5); // raised to P = 6
  const weights = sequenceVariables(network, noisy(network));
  const x = rowsOf(23, 3);
  const states = statesOf(network, weights, x);
  for (let e = 0; e < 23; e++) {
    const window = x.slice(3 * Math.max(0, Math.floor(e / 3) - 1), e + 1);
    assert.ok(window.length <= 6);
    const alone = statesOf(network, weights, window).slice(-units);
    assert.ok(largestDifference(states.slice(e * units, (e + 1) * units), alone) < 1e-5, `entry ${e}`);
  }
  for (const weight of weights) weight.dispose();
});

test("dropout: masks of ones change nothing, zeros leave the two residual ways alone", () => {
  const network = attention({ inputs, units }, 4);
  const weights = sequenceVariables(network, noisy(network));
  tf().tidy(() => {
    const x = tf().tensor3d([rowsOf(4, 4)]);
    const masked = (value: number): Float32Array => {
      const masks = network.maskShapes!(1, 4).map((shape) => tf().fill([...shape], value));
      return network.forward(weights, x, { masks }).states.dataSync<"float32">();
    };
    assert.deepEqual(masked(1), network.forward(weights, x).states.dataSync());
    const each = network.maskShapes!(1, 4).map((_, zeroed, shapes) => {
      const masks = shapes.map((shape, i) => tf().fill([...shape], i === zeroed ? 0 : 1));
      return network.forward(weights, x, { masks }).states.dataSync().join();
    });
    assert.equal(new Set([...each, masked(1).join()]).size, 5); // every mask has a place of its own
    const [kernel, bias, places] = weights as unknown as [Variable, Variable, Variable];
    const start = tf()
      .matMul(x.reshape([4, inputs]), kernel.reshape([inputs, units]))
      .add(bias)
      .add(places);
    const centred = start.sub(start.mean(1, true));
    const [scale, shift] = weights.slice(-2);
    const expected = centred.div(centred.square().mean(1, true).add(1e-5).sqrt()).mul(scale).add(shift);
    assert.ok(largestDifference(masked(0), expected.dataSync()) < 1e-5);
    const long = tf().zeros([1, 5, inputs]) as Tensor3D;
    assert.throws(() => network.forward(weights, long, { masks: [] }), /at most 4 steps, got 5/);
  });
  for (const weight of weights) weight.dispose();
});
