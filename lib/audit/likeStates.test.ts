import assert from "node:assert/strict";
import { test } from "node:test";
import { random } from "../math/random";
import { gaussian } from "../tensors/initialisers";
import { apartWithin, distancesToTaken, sharedWithin, takenInLikeStates } from "./likeStates";
import { cosinesOf, pairsOf } from "./similarity";

const near = (a: number, b: number, within = 1e-6): void =>
  assert.ok(Math.abs(a - b) < within, `${a} and ${b}`);

test("what was taken in the most similar states of the log, the most similar first", () => {
  const log = {
    ...{ size: 4, stateSize: 2, actionSize: 2, actionTable: new Float32Array(8) },
    stateTable: Float32Array.of(9, 9, 1, 0, 2, 1, 0, 1), // the row 0 is nobody's state
    stateRows: Int32Array.of(1, 2, 3, 1),
    nextStateRows: Int32Array.of(2, 3, 1, 2),
    itemRows: Int32Array.of(7, 5, 3, 2),
    rewards: new Float32Array(4),
    terminals: new Uint8Array(4),
  };
  const states = Float32Array.of(0, 5, 3, 1);
  const taken = takenInLikeStates(log, states, { k: 2 });
  assert.deepEqual([...taken.subarray(0, 3)], [3, 5, 5]);
  assert.ok(taken[3] === 7 || taken[3] === 2);
  // Of four transitions the first and the third are looked among.
  assert.deepEqual([...takenInLikeStates(log, states, { k: 1, most: 2 })], [3, 7]);
  assert.throws(() => takenInLikeStates(log, states), /at least 50 transitions to look among, got 4/);
});

test("distance to the nearest item taken, by hand", () => {
  const items = Float32Array.of(0, 2, 1, 1, -1, 0);
  const away = distancesToTaken(Float32Array.of(3, 0, 0, 1), items, Int32Array.of(0, 1, 1, 2), 2);
  near(away[0], 1 - Math.SQRT1_2);
  near(away[1], 1 - Math.SQRT1_2);
  assert.throws(() => distancesToTaken(items, items, Int32Array.of(1, 2), 2), /each of 3 actions, got 2/);
});

test("how far vectors of a group lie apart: by hand, and as the mean over pairs", () => {
  assert.deepEqual([...apartWithin(Float32Array.of(1, 0, 0, 3, 1, 0, 2, 0), 2, 2)], [1, 0]);
  const some = gaussian(5 * 7, 1, random(1));
  const cosines = pairsOf(cosinesOf(some, 7));
  near(apartWithin(some, 7, 5)[0], 1 - cosines.reduce((sum, each) => sum + each, 0) / cosines.length);
  assert.throws(() => apartWithin(some, 7, 1), /at least two each/);
});

test("the share of nearest items that two vectors of a group have in common", () => {
  const items = Float32Array.of(1, 0, 1, 0.1, 0, 1, -1, 0.2);
  const vectors = Float32Array.of(1, 0, 5, 0, 1, 0, 0.1, 1); // one and the same; then two that share an item
  assert.deepEqual([...sharedWithin(vectors, items, 2, { size: 2, k: 2 })], [1, 0.5]);
  assert.throws(() => sharedWithin(vectors, items, 2, { size: 3, k: 2 }), /groups of 3 rows of 2/);
});
