import assert from "node:assert/strict";
import { test } from "node:test";
import { historiesOfLists } from "../data/histories";
import { random } from "../math/random";
import type { Encoder } from "./encoder";
import { influenceByPosition, movesAt } from "./influence";

const histories = historiesOfLists([[1, 2, 3], [4]], { users: [0, 1] });

/** State: sum over the entries of weight(place from the end) × a one-hot vector of the item. */
const bag = (weight: (place: number) => number): Encoder => ({
  name: "bag",
  stateSize: 6,
  encode(all) {
    const states = new Float32Array(all.size * 6);
    for (let h = 0; h < all.size; h++)
      for (let e = all.offsets[h]; e < all.offsets[h + 1]; e++)
        states[h * 6 + all.items[e]] += weight(all.offsets[h + 1] - e);
    return states;
  },
  encodePositions: () => new Float32Array(0),
  dispose: () => undefined,
});

test("an encoder of the last entry moves for place 1 alone", () => {
  const { moves } = influenceByPosition(
    bag((place) => (place === 1 ? 1 : 0)),
    histories,
    {
      positions: [1, 2, 4],
      items: 6,
      draw: random(1),
    },
  );
  // A one-hot vector of length 1 turned into another one: √2 apart.
  assert.ok(moves[0].every((move) => Math.abs(move - Math.SQRT2) < 1e-6));
  assert.equal(moves[1][0], 0);
  assert.deepEqual([moves[1][1], moves[2][0]], [Number.NaN, Number.NaN]); // histories too short
});

test("the item is always another one, and bad settings are refused", () => {
  const ask = (positions: number[], items = 2) =>
    influenceByPosition(
      bag(() => 1),
      { ...histories, items: Int32Array.of(0, 1, 0, 1) },
      { positions, items, draw: random(2) },
    );
  assert.ok(ask([1]).moves[0].every((move) => move > 0));
  assert.throws(() => ask([]), /positions from 1, got \[\]/);
  assert.throws(() => ask([1], 1), /at least 2 items, got 1/);
});

test("quantiles of moves are in percent and leave out histories that are too short", () => {
  const moves = [Float64Array.of(0.3, Number.NaN, 0.1, 0.2), Float64Array.of(Number.NaN)];
  const [median, none] = movesAt({ moves }, 0.5);
  assert.ok(Math.abs(median - 20) < 1e-12);
  assert.ok(Math.abs(movesAt({ moves }, 0.75)[0] - 25) < 1e-12, "between neighbours");
  assert.ok(Number.isNaN(none));
});
