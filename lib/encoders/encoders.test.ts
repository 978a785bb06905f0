import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { takeHistories } from "../data/histories";
import { random } from "../math/random";
import { gaussian } from "../tensors/initialisers";
import { type Tensor, tf } from "../tensors/tf";
import type { Encoder } from "./encoder";
import { nextItemConfig } from "./nextItemConfig";
import { type SequenceParameters, sequenceEncoder } from "./sequenceEncoder";
import { type SequenceNetwork, sequenceVariables } from "./sequenceNetwork";
import { type EncoderName, encoderNames, sequenceNetwork } from "./sequenceNetworks";
import { historiesOfLengths, largestDifference } from "./smallHistories.fixture";

// What every encoder promises of its states; what it promises of training stands in encodersTraining.test.ts.

const [width, units, items] = [3, 5, 20];
const settings = { width, units, window: 11, frameSize: 4 };

function networkOf(encoder: EncoderName): SequenceNetwork {
  return sequenceNetwork({ ...settings, encoder });
}

/** Weights that leave no number at its start of zero or one. */
function weightsOf(network: SequenceNetwork, seed: number): Float32Array[] {
  const draw = random(seed);
  return network.start(draw).map((values) => values.map((value) => value + 0.3 * draw.normal()));
}

function encoderOf(name: EncoderName, seed: number): Encoder {
  const network = networkOf(name);
  const parameters: SequenceParameters = {
    itemVectors: gaussian(items * width, 1, random(seed)),
    weights: weightsOf(network, seed),
    weightScale: { centre: 3, spread: 2 },
  };
  return sequenceEncoder(network, width, parameters);
}

for (const name of encoderNames) {
  test(`${name}: shapes; an empty history is zeros; encode is the last of encodePositions, exactly`, () => {
    const encoder = encoderOf(name, 1);
    const { stateSize } = encoder;
    assert.equal(encoder.name, name);
    assert.equal(stateSize, name === "drr" ? 3 * width : units);
    const histories = historiesOfLengths([4, 0, 1, 130, 64, 7], { items, seed: 2 });
    const [states, positions] = [encoder.encode(histories), encoder.encodePositions(histories)];
    assert.equal(states.length, 6 * stateSize);
    assert.equal(positions.length, 206 * stateSize);
    assert.ok(positions.every(Number.isFinite));
    for (let h = 0; h < 6; h++) {
      const state = states.subarray(h * stateSize, (h + 1) * stateSize);
      const end = histories.offsets[h + 1];
      const last = positions.subarray((end - 1) * stateSize, end * stateSize);
      assert.deepEqual(state, h === 1 ? new Float32Array(stateSize) : last);
    }
    encoder.dispose();
  });

  test(`${name}: a state depends on its own past alone, whatever is read beside it or pads it`, () => {
    const encoder = encoderOf(name, 3);
    const { stateSize } = encoder;
    const histories = historiesOfLengths([4, 150, 1, 33, 64, 65, 0, 7], { items, seed: 4 });
    const together = encoder.encodePositions(histories);
    assert.deepEqual(encoder.encodePositions(histories), together);
    for (let h = 0; h < histories.size; h++) {
      const [from, to] = [histories.offsets[h] * stateSize, histories.offsets[h + 1] * stateSize];
      const alone = encoder.encodePositions(takeHistories(histories, [h]));
      assert.ok(largestDifference(alone, together.subarray(from, to)) < 1e-5, `history ${h}`);
    }
    // Another item and rating at entry `place` of the long history: not a bit of any state before it moves.
    for (const place of [1, 63, 64, 100, 149]) {
      const changed = { ...histories, items: histories.items.slice(), weights: histories.weights.slice() };
      const entry = histories.offsets[1] + place;
      changed.items[entry] = (changed.items[entry] + 7) % items;
      changed.weights[entry] = 6 - changed.weights[entry] + 0.5;
      const after = encoder.encodePositions(changed);
      assert.deepEqual(after.subarray(0, entry * stateSize), together.subarray(0, entry * stateSize));
      const [from, to] = [entry * stateSize, (entry + 1) * stateSize];
      assert.ok(largestDifference(after.subarray(from, to), together.subarray(from, to)) > 1e-3);
      const others = histories.offsets[2] * stateSize;
      assert.deepEqual(after.subarray(others), together.subarray(others));
    }
    encoder.dispose();
  });

  test(`${name}: read in pieces, cut anywhere, the states are those of one pass`, () => {
    const network = networkOf(name);
    const weights = sequenceVariables(network, weightsOf(network, 5));
    const x = gaussian(2 * 30 * (width + 1), 1, random(6));
    tf().tidy(() => {
      const inputs = tf().tensor3d(x, [2, 30, width + 1]);
      const whole = network.forward(weights, inputs).states.dataSync();
      fc.assert(
        fc.property(fc.array(fc.integer({ min: 1, max: 29 }), { maxLength: 4 }), (cuts) => {
          const ends = [...new Set([...cuts, 30])].sort((a, b) => a - b);
          let [from, carried] = [0, undefined as readonly Tensor[] | undefined];
          const pieces = ends.map((end) => {
            const piece = inputs.slice([0, from, 0], [2, end - from, width + 1]);
            const pass = network.forward(weights, piece, { carried });
            [from, carried] = [end, pass.carried];
            for (const tensor of pass.carried) assert.equal(tensor.shape[0], 2);
            return pass.states;
          });
          assert.ok(largestDifference(tf().concat(pieces, 1).dataSync(), whole) < 1e-5, `cuts ${ends}`);
        }),
        { numRuns: 15, seed: 7 },
      );
    });
    for (const weight of weights) weight.dispose();
  });

  test(`${name}: a long history through the frozen encoder is one pass over it; no tensor stays`, () => {
    const network = networkOf(name);
    const [vectors, weights] = [gaussian(items * width, 1, random(8)), weightsOf(network, 8)];
    const histories = historiesOfLengths([150], { items, seed: 9 });
    const before = tf().memory().numTensors;
    const encoder = sequenceEncoder(network, width, {
      itemVectors: vectors,
      weights,
      weightScale: { centre: 3, spread: 2 },
    });
    const states = encoder.encodePositions(histories);
    encoder.encode(histories);
    encoder.dispose();
    assert.equal(tf().memory().numTensors, before);
    const variables = sequenceVariables(network, weights);
    const rows = Array.from(histories.items, (item, e) => [
      ...vectors.subarray(item * width, (item + 1) * width),
      (histories.weights[e] - 3) / 2,
    ]);
    const expected = tf().tidy(() => network.forward(variables, tf().tensor3d([rows])).states.dataSync());
    assert.ok(largestDifference(states, expected) < 1e-5);
    for (const variable of variables) variable.dispose();
  });
}

test("unknown items, misfitting weights and unknown names are refused", () => {
  const encoder = encoderOf("gru", 9);
  const histories = historiesOfLengths([1], { items, seed: 1 });
  assert.throws(
    () => encoder.encode({ ...histories, items: Int32Array.of(items) }),
    /item rows in 0 .. 19, got 20/,
  );
  encoder.dispose();
  const network = networkOf("lstm");
  assert.throws(() => sequenceVariables(network, []), /requires 3 arrays of weights for lstm, got 0/);
  const short = network.start(random(1)).map((values) => values.subarray(1));
  assert.throws(
    () => sequenceVariables(network, short),
    /inputKernel of lstm of shape \[4, 20\], got 79 numbers/,
  );
  assert.throws(
    () => nextItemConfig({ encoder: "transformer" as EncoderName }),
    /encoder to be "frame" or .*got "transformer"/,
  );
});
