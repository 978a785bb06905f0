import assert from "node:assert/strict";
import { test } from "node:test";
import { random } from "../math/random";
import { gaussian } from "../tensors/initialisers";
import { tf } from "../tensors/tf";
import { lastEntries } from "./lastEntries";
import { sequenceVariables } from "./sequenceNetwork";
import { largestDifference } from "./smallHistories.fixture";
import { receptiveField, temporalConvolution } from "./temporalConvolution";

const [inputs, units, steps] = [3, 6, 40];

test("the receptive field is exactly 29: the entry 28 back moves the state, the one 29 back not by a bit", () => {
  assert.equal(receptiveField, 29);
  const network = temporalConvolution({ inputs, units });
  // Above zero everywhere, so that no ReLU shuts a way.
  const values = network.start(random(1)).map((array) => array.map((value) => Math.abs(value) + 0.1));
  const weights = sequenceVariables(network, values);
  const x = gaussian(steps * inputs, 1, random(2)).map(Math.abs);
  const lastState = (changed?: number): Float32Array =>
    tf().tidy(() => {
      const some = x.slice();
      if (changed !== undefined) some[changed * inputs] += 1;
      const { states } = network.forward(weights, tf().tensor3d(some, [1, steps, inputs]));
      return states.slice([0, steps - 1, 0], [1, 1, units]).dataSync<"float32">();
    });
  const plain = lastState();
  for (let back = 0; back < steps; back++) {
    const moved = lastState(steps - 1 - back);
    if (back < receptiveField)
      assert.ok(largestDifference(moved, plain) / Math.abs(plain[0]) > 1e-6, `${back} back has no influence`);
    else assert.deepEqual(moved, plain, `${back} back has influence`);
  }
  for (const weight of weights) weight.dispose();
});

test("the blocks by hand: two causal convolutions, ReLU after each, x on its way round, ReLU", () => {
  const network = temporalConvolution({ inputs: 1, units: 1 });
  const values = network.arrays.map(({ name, shape }) =>
    name.startsWith("bias") ? [0.1] : name === "skipBias" ? [0.2] : shape[0] === 3 ? [0.5, -0.4, 0.3] : [0.7],
  );
  const weights = sequenceVariables(network, values);
  const x = Array.from({ length: 20 }, (_, t) => Math.sin(3 * t));
  const relu = (value: number): number => Math.max(0, value);
  const convolved = (from: readonly number[], dilation: number): number[] =>
    from.map((_, t) => {
      const at = (back: number): number => from[t - back * dilation] ?? 0;
      return relu(0.5 * at(0) - 0.4 * at(1) + 0.3 * at(2) + 0.1);
    });
  let expected: number[] = x;
  for (const dilation of [1, 2, 4]) {
    const around = dilation === 1 ? expected.map((value) => 0.7 * value + 0.2) : expected;
    const inner = convolved(convolved(expected, dilation), dilation);
    expected = around.map((value, t) => relu(value + inner[t]));
  }
  const states = tf().tidy(() =>
    network.forward(weights, tf().tensor3d([x.map((value) => [value])])).states.dataSync(),
  );
  assert.ok(largestDifference(states, expected) < 1e-5);
  for (const weight of weights) weight.dispose();
});

test("lastEntries: newest first, zeros before the start, and goes on where it left off", () => {
  tf().tidy(() => {
    const x = tf().tensor3d([1, 2, 3, 4], [1, 4, 1]);
    const { rows, past } = lastEntries(x, { count: 2, dilation: 2 });
    assert.deepEqual(rows.arraySync(), [
      [
        [1, 0],
        [2, 0],
        [3, 1],
        [4, 2],
      ],
    ]);
    assert.deepEqual(past.arraySync(), [[[3], [4]]]);
    const next = lastEntries(tf().tensor3d([5], [1, 1, 1]), { count: 2, dilation: 2, past });
    assert.deepEqual(next.rows.arraySync(), [[[5, 3]]]);
    assert.deepEqual(lastEntries(x, { count: 1 }).rows.arraySync(), x.arraySync());
  });
});
