import assert from "node:assert/strict";
import { test } from "node:test";
import type { Histories } from "../data/histories";
import { takeHistories } from "../data/histories";
import { random } from "../math/random";
import { gruWeights } from "../tensors/gruSequence";
import { gaussian } from "../tensors/initialisers";
import type { Encoder } from "./encoder";
import { gru } from "./gru";
import { lengthBuckets } from "./lengthBuckets";
import { sequenceEncoder } from "./sequenceEncoder";
import { stateCache } from "./stateCache";
import { weightScaleOf } from "./weightScale";

const [width, units, items] = [3, 5, 20];

function encoderOf(seed: number): Encoder {
  const network = gru({ inputs: width + 1, units });
  return sequenceEncoder(network, width, {
    itemVectors: gaussian(items * width, 1, random(seed)),
    weights: network.start(random(seed)),
    weightScale: { centre: 3, spread: 2 },
  });
}

/** Histories of these lengths with random entries. */
function historiesOfLengths(lengths: readonly number[], seed: number): Histories {
  const draw = random(seed);
  const offsets = Int32Array.of(0, ...lengths);
  for (let h = 0; h < lengths.length; h++) offsets[h + 1]! += offsets[h]!;
  const size = offsets[lengths.length]!;
  return {
    size: lengths.length,
    users: Int32Array.from(lengths, (_, h) => h),
    offsets,
    items: Int32Array.from({ length: size }, () => draw.integer(items)),
    weights: Float32Array.from({ length: size }, () => 1 + draw.integer(5)),
    rows: new Int32Array(size).fill(-1),
  };
}

function largestDifference(a: Float32Array, b: Float32Array): number {
  assert.equal(a.length, b.length);
  return a.reduce((largest, value, i) => Math.max(largest, Math.abs(value - b[i]!)), 0);
}

test("a state is the gate equations, entry by entry, in double precision", () => {
  const variables = gruWeights(width + 1, units, random(1));
  const [gateKernel, candidateKernel, gateBias, candidateBias] = variables.map((v) =>
    Float32Array.from(v.dataSync()),
  );
  const vectors = gaussian(items * width, 1, random(1));
  const histories = historiesOfLengths([70], 2); // longer than one stretch on the device
  let state = new Float64Array(units);
  for (let e = 0; e < 70; e++) {
    const item = histories.items[e]!;
    const x = [...vectors.subarray(item * width, (item + 1) * width), (histories.weights[e]! - 3) / 2];
    const product = (
      input: number[],
      kernel: Float32Array,
      bias: Float32Array,
      columns: number,
      column: number,
    ): number =>
      input.reduce((sum, value, row) => sum + value * kernel[row * columns + column]!, bias[column]!);
    const sigmoid = (value: number): number => 1 / (1 + Math.exp(-value));
    const joined = [...x, ...state];
    const gates = Array.from({ length: 2 * units }, (_, j) =>
      sigmoid(product(joined, gateKernel!, gateBias!, 2 * units, j)),
    );
    const reset = [...x, ...state.map((value, j) => value * gates[j]!)];
    state = state.map((value, j) => {
      const candidate = Math.tanh(product(reset, candidateKernel!, candidateBias!, units, j));
      return gates[units + j]! * value + (1 - gates[units + j]!) * candidate;
    });
  }
  assert.ok(largestDifference(encoderOf(1).encode(histories), Float32Array.from(state)) < 1e-5);
});

test("an empty history is zeros, and the last position of each history is its state", () => {
  const encoder = encoderOf(3);
  const histories = historiesOfLengths([4, 0, 1, 130, 64], 4);
  const [states, positions] = [encoder.encode(histories), encoder.encodePositions(histories)];
  assert.ok(states.subarray(units, 2 * units).every((value) => value === 0));
  for (const h of [0, 2, 3, 4]) {
    const last = histories.offsets[h + 1]! - 1;
    assert.deepEqual(
      states.subarray(h * units, (h + 1) * units),
      positions.subarray(last * units, (last + 1) * units),
    );
  }
});

test("states do not depend on batch companions, their lengths or order, and come out the same again", () => {
  const encoder = encoderOf(5);
  const histories = historiesOfLengths([4, 200, 1, 33, 64, 65, 0, 7], 6);
  const together = encoder.encodePositions(histories);
  assert.deepEqual(encoder.encodePositions(histories), together);
  for (let h = 0; h < histories.size; h++) {
    const alone = encoder.encodePositions(takeHistories(histories, [h]));
    const range = together.subarray(histories.offsets[h]! * units, histories.offsets[h + 1]! * units);
    assert.ok(largestDifference(alone, range) < 1e-6, `history ${h}`);
  }
  const turned = takeHistories(histories, [7, 6, 5, 4, 3, 2, 1, 0]);
  const backwards = encoder.encode(turned);
  const forwards = encoder.encode(histories);
  for (let h = 0; h < 8; h++)
    assert.ok(
      largestDifference(
        backwards.subarray((7 - h) * units, (8 - h) * units),
        forwards.subarray(h * units, (h + 1) * units),
      ) < 1e-6,
    );
});

test("a later entry leaves the states before it alone", () => {
  const encoder = encoderOf(7);
  const histories = historiesOfLengths([9, 5], 8);
  const changed = { ...histories, items: histories.items.slice() };
  changed.items[6] = (changed.items[6]! + 1) % items;
  const [a, b] = [encoder.encodePositions(histories), encoder.encodePositions(changed)];
  assert.deepEqual(a.subarray(0, 6 * units), b.subarray(0, 6 * units));
  assert.ok(largestDifference(a.subarray(6 * units, 9 * units), b.subarray(6 * units, 9 * units)) > 1e-3);
});

test("unknown items and misfitting weights are refused", () => {
  const encoder = encoderOf(9);
  const histories = historiesOfLengths([1], 1);
  assert.throws(
    () => encoder.encode({ ...histories, items: Int32Array.of(items) }),
    /item rows in 0 .. 19, got 20/,
  );
  assert.deepEqual(weightScaleOf([1, 5, 3]), { centre: 3, spread: 2 });
  assert.deepEqual(weightScaleOf([2, 2]), { centre: 2, spread: 1 });
});

test("the state cache holds every position, zeros before anything, and keeps within its bound", () => {
  const encoder = encoderOf(10);
  const histories = historiesOfLengths([3, 0, 8, 2, 5], 11);
  const cache = stateCache(encoder, histories, { chunk: 2 });
  assert.ok(largestDifference(cache.states, encoder.encodePositions(histories)) < 1e-6);
  assert.equal(cache.bytes, 4 * 18 * units);
  const some = cache.after([-1, 17, 0]);
  assert.deepEqual(some.subarray(0, units), new Float32Array(units));
  assert.deepEqual(some.subarray(units, 2 * units), cache.states.subarray(17 * units));
  assert.throws(
    () => stateCache(encoder, histories, { maximumBytes: 100 }),
    /stateCache requires at most 1 MB \(maximumBytes\), got 1 MB for 18 entries of 5 numbers; raise maximumBytes/,
  );
  assert.throws(() => cache.after([18]), /entries in -1 .. 17, got 18/);
});

test("buckets hold like lengths, within both bounds, every sequence once", () => {
  const buckets = lengthBuckets([1, 9, 0, 8, 30, 2], { batchSize: 2, maximumEntries: 20 });
  assert.deepEqual(
    buckets.map((bucket) => [...bucket]),
    [[4], [1, 3], [5, 0]],
  );
});
