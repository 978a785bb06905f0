import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { random } from "../math/random";
import { prioritisedBuffer } from "./prioritisedBuffer";
import { sumTree } from "./sumTree";
import type { Transitions } from "./transitions";

const rows = Int32Array.of(0, 1, 2, 3);
const transitions: Transitions = {
  size: 4,
  stateSize: 1,
  actionSize: 1,
  stateTable: Float32Array.of(0, 1, 2, 3, 4),
  actionTable: Float32Array.of(10, 11, 12, 13),
  stateRows: rows,
  nextStateRows: rows.map((row) => row + 1),
  itemRows: rows,
  rewards: Float32Array.of(0, 0, 0, 0),
  terminals: new Uint8Array(4),
};

test("the sum tree finds what a scan over running sums finds", () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 20 }),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      (weights, share) => {
        const total = weights.reduce((a, b) => a + b, 0);
        fc.pre(total > 0);
        const tree = sumTree(weights.length);
        for (const [place, weight] of weights.entries()) tree.set(place, weight + 1);
        for (const [place, weight] of weights.entries()) tree.set(place, weight); // a second setting replaces the first
        assert.equal(tree.total(), total);
        let [place, left] = [0, share * total];
        while (left >= weights[place]) left -= weights[place++];
        assert.equal(tree.find(share * total), place);
      },
    ),
  );
  assert.throws(() => sumTree(2).set(0, Number.NaN), /weight from 0/);
});

test("draws follow (|error| + ε)^α, weights make up for them: any mean stays what it is", () => {
  const buffer = prioritisedBuffer(transitions, { exponent: 0.5, smallest: 0.01 });
  const first = buffer.sample(4, random(1));
  assert.deepEqual([...first.itemRows.dataSync()], [0, 1, 2, 3]); // all alike: one from each share
  assert.deepEqual([...first.weights!.dataSync()], [1, 1, 1, 1]);
  first.onErrors!(Float32Array.of(0, -1, 4, 0.25)); // the sign plays no part
  first.dispose();
  const priorities = [0.01, 1.01, 4.01, 0.26].map(Math.sqrt);
  for (const [row, priority] of buffer.priorities().entries())
    assert.ok(Math.abs(priority - priorities[row]) < 1e-7);
  const total = priorities.reduce((a, b) => a + b);
  const counts = [0, 0, 0, 0];
  const batch = buffer.sample(6400, random(2));
  const [items, weights] = [batch.itemRows.dataSync(), batch.weights!.dataSync()];
  let [weighted, norm] = [0, 0];
  for (const [place, row] of items.entries()) {
    counts[row]++;
    assert.ok(Math.abs(weights[place] * priorities[row] - priorities[0]) < 1e-5);
    weighted += row * weights[place];
    norm += weights[place];
  }
  batch.dispose();
  for (const [row, count] of counts.entries())
    assert.ok(Math.abs(count / 6400 - priorities[row] / total) < 0.001); // stratified: nearly exact
  assert.ok(Math.abs(weighted / norm - 1.5) < 0.01, `${weighted / norm}`);
  const half = buffer.sample(64, random(3), { importance: 0 });
  assert.ok(half.weights!.dataSync().every((weight) => weight === 1));
  half.dispose();
  buffer.dispose();
});

test("priorities can be put back; the same seed draws the same; bad settings are refused", () => {
  const [one, other] = [prioritisedBuffer(transitions), prioritisedBuffer(transitions)];
  one.sample(4, random(1)).onErrors!(Float32Array.of(5, 0, 0, 1));
  other.restore(one.priorities());
  const items = (buffer: typeof one) => [...buffer.sample(32, random(4)).itemRows.dataSync()];
  assert.deepEqual(items(one), items(other));
  assert.throws(() => prioritisedBuffer(transitions, { exponent: 2 }), /exponent in \[0, 1\], got 2/);
  assert.throws(() => one.sample(4, random(1), { importance: -1 }), /importance in \[0, 1\], got -1/);
  assert.throws(() => one.sample(0, random(1)), /at least 1/);
  assert.throws(() => one.restore(new Float64Array(3)), /4 priorities, got 3/);
  assert.throws(() => one.sample(2, random(1)).onErrors!(Float32Array.of(Number.NaN, 0)), /finite errors/);
});
