import assert from "node:assert/strict";
import { test } from "node:test";
import { random } from "../math/random";
import { adam } from "../tensors/adam";
import { gradientStep } from "../tensors/gradientStep";
import { gaussian } from "../tensors/initialisers";
import { type Scalar, tf } from "../tensors/tf";
import { nextItemConfig } from "./nextItemConfig";
import type { NextItemModel } from "./nextItemModel";
import { sequenceEncoder } from "./sequenceEncoder";
import { type EncoderName, encoderNames, sequenceNetwork } from "./sequenceNetworks";
import { historiesOfLengths, largestDifference } from "./smallHistories.fixture";
import { type EncoderWindows, trainableEncoder } from "./trainableEncoder";

const [items, width, steps] = [12, 3, 9];
const lengths = [4, 9, 0, 1];
const histories = historiesOfLengths(lengths, { items, seed: 1 });

/** As much of a model as a trainable encoder reads. */
function modelOf(encoder: EncoderName): Pick<NextItemModel, "parameters"> {
  const config = nextItemConfig({ encoder, width, units: 5, window: 6, frameSize: 3 });
  const sequence = {
    itemVectors: gaussian(items * width, 1, random(2)),
    weights: sequenceNetwork(config).start(random(3)),
    weightScale: { centre: 3, spread: 2 },
  };
  return { parameters: { config, sequence } as unknown as NextItemModel["parameters"] };
}

/** The histories as padded windows; `filler` stands where there is no entry. */
function windowsOf(filler: number, asTensor = false): EncoderWindows {
  const rows = new Int32Array(lengths.length * steps).fill(filler);
  const ratings = new Float32Array(lengths.length * steps).fill(filler);
  lengths.forEach((length, h) => {
    const [from, to] = [histories.offsets[h], histories.offsets[h + 1]];
    rows.set(histories.items.subarray(from, to), h * steps);
    ratings.set(histories.weights.subarray(from, to), h * steps);
    assert.equal(to - from, length);
  });
  return {
    items: tf().tensor2d(rows, [lengths.length, steps], "int32"),
    weights: tf().tensor3d(ratings, [lengths.length, steps, 1]),
    lengths: asTensor ? tf().tensor1d(lengths, "int32") : lengths,
  };
}

for (const name of encoderNames)
  test(`${name}: its states are the frozen encoder's; a step moves it alone; copies and frozen ones stand still`, () => {
    const tensors = tf().memory().numTensors;
    const model = modelOf(name);
    const { config, sequence } = model.parameters;
    const kept = sequence.weights.map((values) => values.slice());
    const encoder = trainableEncoder(model);
    const copy = encoder.copy();
    const still = encoder.frozen();
    const expected = sequenceEncoder(sequenceNetwork(config), width, sequence);
    const states = expected.encode(histories);
    tf().tidy(() => {
      assert.ok(largestDifference(encoder.states(windowsOf(0)).dataSync(), states) < 1e-5);
      // What pads a window is never seen, and lengths may be a tensor.
      assert.deepEqual(
        encoder.states(windowsOf(7, true)).dataSync(),
        encoder.states(windowsOf(0)).dataSync(),
      );
    });
    assert.deepEqual(still.encode(histories), states);
    assert.equal(encoder.stateSize, expected.stateSize);
    assert.equal(encoder.variables.length, name === "echo-state" ? 0 : sequence.weights.length);

    if (encoder.variables.length > 0) {
      const optimizer = adam(encoder.variables, { learningRate: 0.05 });
      const before = encoder.variables.map((variable) => variable.dataSync<"float32">().slice());
      gradientStep(
        () => encoder.states(windowsOf(0)).sub(0.5).square().mean() as Scalar,
        encoder.variables,
        optimizer,
      );
      encoder.variables.forEach((variable, i) => {
        assert.notDeepEqual(variable.dataSync(), before[i], `variable ${i} did not move`);
        assert.deepEqual(copy.variables[i].dataSync(), before[i]);
      });
      const later = encoder.copy();
      tf().tidy(() => {
        const windows = windowsOf(0);
        assert.deepEqual(later.states(windows).dataSync(), encoder.states(windows).dataSync());
      });
      later.dispose();
      const now = encoder.frozen();
      assert.ok(largestDifference(now.encode(histories), states) > 1e-3);
      tf().tidy(() =>
        assert.ok(largestDifference(now.encode(histories), encoder.states(windowsOf(0)).dataSync()) < 1e-5),
      );
      now.dispose();
      optimizer.dispose();
    }
    assert.deepEqual(still.encode(histories), states);
    assert.deepEqual(sequence.weights, kept);
    for (const part of [encoder, copy, still, expected]) part.dispose();
    assert.equal(tf().memory().numTensors, tensors);
  });

test("trained on windows, it is served on windows: the frozen one reads as many of the last entries, at every position", () => {
  const model = modelOf("gru");
  for (const window of [1, 4, 9]) {
    const encoder = trainableEncoder(model, { window });
    const copy = encoder.copy();
    for (const frozen of [encoder.frozen(), copy.frozen()]) {
      const { stateSize } = frozen;
      const states = frozen.encode(histories);
      const positions = frozen.encodePositions(histories);
      tf().tidy(() => {
        for (const [h, length] of lengths.entries())
          for (let end = 0; end <= length; end++) {
            if (end === 0 && length > 0) continue;
            const to = histories.offsets[h] + end;
            const from = Math.max(histories.offsets[h], to - window);
            const rows = new Int32Array(window);
            const ratings = new Float32Array(window);
            rows.set(histories.items.subarray(from, to));
            ratings.set(histories.weights.subarray(from, to));
            // What a batch with this window would have asked about.
            const learned = encoder
              .states({
                items: tf().tensor2d(rows, [1, window], "int32"),
                weights: tf().tensor3d(ratings, [1, window, 1]),
                lengths: [to - from],
              })
              .dataSync<"float32">();
            if (end === length) {
              const served = states.subarray(h * stateSize, (h + 1) * stateSize);
              assert.ok(largestDifference(served, learned) < 1e-5, `history ${h}, window ${window}`);
            }
            if (end > 0) {
              const at = positions.subarray((to - 1) * stateSize, to * stateSize);
              assert.ok(
                largestDifference(at, learned) < 1e-5,
                `history ${h}, entry ${end}, window ${window}`,
              );
            }
          }
      });
      const whole = sequenceEncoder(
        sequenceNetwork(model.parameters.config),
        width,
        model.parameters.sequence,
      );
      assert.equal(largestDifference(whole.encode(histories), states) > 1e-3, window < 9);
      whole.dispose();
      frozen.dispose();
    }
    for (const part of [encoder, copy]) part.dispose();
  }
  assert.throws(() => trainableEncoder(model, { window: 0 }).frozen(), /window from 1, got 0/);
});
