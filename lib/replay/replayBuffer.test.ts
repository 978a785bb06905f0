import assert from "node:assert/strict";
import { test } from "node:test";
import type { Histories } from "../data/histories";
import type { Interactions } from "../data/interactions";
import { random } from "../math/random";
import { tf } from "../tensors/tf";
import { batch } from "./batch";
import { replayBuffer } from "./replayBuffer";
import { explicitReward } from "./rewards";
import { transitionsOf, valueBounds } from "./transitions";

const [S, A] = [2, 3];
const histories: Histories = {
  size: 3,
  users: Int32Array.of(0, 1, 2),
  offsets: Int32Array.of(0, 4, 5, 7), // four entries, one, two
  items: Int32Array.of(3, 0, 1, 0, 2, 2, 1),
  weights: Float32Array.of(5, 4, 3, 2, 5, 1, 5),
  rows: new Int32Array(7).fill(-1),
};
const interactions = {
  size: 7,
  userIds: ["a", "b", "c"],
  itemIds: ["w", "x", "y", "z"],
  extra: {},
} as unknown as Interactions;
const states = Float32Array.from({ length: 7 * S }, (_, i) => i);
const itemVectors = Float32Array.from({ length: 4 * A }, (_, i) => -i);
const source = {
  interactions,
  histories,
  states,
  stateSize: S,
  itemVectors,
  actionSize: A,
  reward: explicitReward,
};
const transitions = transitionsOf(source);

test("entry e gives the step from the state after e − 1 to the state after e; nothing crosses users or ends", () => {
  assert.equal(transitions.size, 4);
  assert.deepEqual([...transitions.stateRows], [0, 1, 2, 5]);
  assert.deepEqual([...transitions.nextStateRows], [1, 2, 3, 6]);
  assert.deepEqual([...transitions.itemRows], [0, 1, 0, 1]);
  assert.deepEqual([...transitions.rewards], [0.5, 0, -0.5, 1]);
  assert.deepEqual([...transitions.terminals], [0, 0, 0, 0]);
  assert.equal(transitions.stateTable, states); // shared, not copied
  assert.deepEqual([...valueBounds(transitions.rewards, 0.9)].map(Math.round), [-5, 10]);
});

test("returns and what had been had, by hand, reach the batch", () => {
  const half = transitionsOf({ ...source, discount: 0.5 });
  assert.deepEqual([...half.returns!], [0.5 - 0.125, -0.25, -0.5, 1]);
  const buffer = replayBuffer(half);
  const drawn = buffer.gather(Int32Array.of(3, 1));
  assert.deepEqual([...drawn.returns!.dataSync()], [1, -0.25]);
  // The next state of transition 3 has read items 2 and 1; of transition 1: 3, 0 and 1, and not what comes after.
  assert.deepEqual([...drawn.nextSeen!.rows], [0, 0, 1, 1, 1]);
  assert.deepEqual([...drawn.nextSeen!.items], [2, 1, 3, 0, 1]);
  drawn.dispose();
  buffer.dispose();
});

test("terminal is 1 only where a world says so; tables that do not fit are refused", () => {
  const ended = transitionsOf({ ...source, terminals: Uint8Array.of(0, 0, 0, 1, 0, 0, 0) });
  assert.deepEqual([...ended.terminals], [0, 0, 1, 0]);
  assert.throws(
    () => transitionsOf({ ...source, states: new Float32Array(3) }),
    /7 states of 2 numbers, got 3/,
  );
  assert.throws(
    () => transitionsOf({ ...source, itemVectors: new Float32Array(A) }),
    /item rows that have a vector, got 1/,
  );
  assert.throws(() => transitionsOf({ ...source, terminals: new Uint8Array(2) }), /7 terminals, got 2/);
});

test("a batch holds the columns of its rows", () => {
  const buffer = replayBuffer(transitions);
  const drawn = buffer.gather(Int32Array.of(3, 1));
  assert.deepEqual([...drawn.states.dataSync()], [10, 11, 2, 3]);
  assert.deepEqual([...drawn.nextStates.dataSync()], [12, 13, 4, 5]);
  assert.deepEqual([...drawn.actions.dataSync()], [-3, -4, -5, -3, -4, -5]);
  assert.deepEqual([...drawn.itemRows.dataSync()], [1, 1]);
  assert.deepEqual([...drawn.rewards.dataSync()], [1, 0]);
  assert.deepEqual(drawn.rewards.shape, [2, 1]);
  assert.throws(() => buffer.gather(Int32Array.of(4)), /rows below 4, got 4/);
  drawn.dispose();
  buffer.dispose();
});

test("logits added in states and in next states reach the batch from the rows of the two states", () => {
  const empty = -1;
  const items = Int32Array.of(0, 1, empty, empty, 2, empty, 3, 0, 1, 2, empty, 3, 0, 0);
  const values = Float32Array.from(items, (_, place) => place / 2);
  const buffer = replayBuffer(transitions, { added: { width: 2, items, values } });
  const drawn = buffer.gather(Int32Array.of(3, 1)); // from state 5 to 6, and from 1 to 2
  assert.deepEqual(drawn.added, {
    rows: Int32Array.of(0),
    items: Int32Array.of(3),
    values: Float32Array.of(5.5),
  });
  assert.deepEqual(drawn.nextAdded, {
    rows: Int32Array.of(0, 0, 1),
    items: Int32Array.of(0, 0, 2),
    values: Float32Array.of(6, 6.5, 2),
  });
  const short = { ...drawn.added, values: new Float32Array(0) };
  assert.throws(
    () => batch({ ...drawn, added: short }),
    /added to be one row, item and value each, got 1, 1 and 0/,
  );
  assert.throws(() => batch({ ...drawn, nextAdded: short }), /nextAdded to be/);
  drawn.dispose();
  buffer.dispose();
  const plain = replayBuffer(transitions);
  const bare = plain.gather(Int32Array.of(0));
  assert.ok(!("added" in bare) && !("nextAdded" in bare));
  bare.dispose();
  plain.dispose();
  const wrong = (added: { items: Int32Array; values: Float32Array }) => () =>
    replayBuffer(transitions, { added: { width: 2, ...added } });
  assert.throws(
    wrong({ items: items.subarray(2), values: values.subarray(2) }),
    /7 rows of 2 added logits, got 12/,
  );
  assert.throws(wrong({ items: items.map(() => 4), values }), /item rows below 4, or −1, got 4/);
});

test("draws are seeded and uniform, distinct without replacement, and leave nothing behind", () => {
  const tensors = tf().memory().numTensors;
  const buffer = replayBuffer(transitions);
  const rewardsOf = (seed: number, size: number, replacement: boolean): number[] => {
    const drawn = buffer.sample(size, random(seed), { replacement });
    const rewards = [...drawn.rewards.dataSync()];
    drawn.dispose();
    return rewards;
  };
  assert.deepEqual(rewardsOf(1, 50, true), rewardsOf(1, 50, true));
  assert.notDeepEqual(rewardsOf(1, 50, true), rewardsOf(2, 50, true));
  const counts = new Map<number, number>();
  for (const reward of rewardsOf(3, 8000, true)) counts.set(reward, (counts.get(reward) ?? 0) + 1);
  let statistic = 0;
  for (const count of counts.values()) statistic += (count - 2000) ** 2 / 2000;
  assert.ok(counts.size === 4 && statistic < 16.27, `chi-square ${statistic}`);
  for (let seed = 0; seed < 20; seed++)
    assert.deepEqual(
      rewardsOf(seed, 4, false).sort((a, b) => a - b),
      [-0.5, 0, 0.5, 1],
    );
  // Pairs without replacement: each of the six subsets equally often.
  const pairs = new Map<string, number>();
  for (let seed = 0; seed < 1200; seed++) {
    const key = rewardsOf(seed, 2, false)
      .sort((a, b) => a - b)
      .join();
    pairs.set(key, (pairs.get(key) ?? 0) + 1);
  }
  statistic = 0;
  for (const count of pairs.values()) statistic += (count - 200) ** 2 / 200;
  assert.ok(pairs.size === 6 && statistic < 20.5, `chi-square ${statistic}`);
  assert.throws(() => buffer.sample(5, random(1), { replacement: false }), /1 to 4 transitions, got 5/);
  assert.throws(() => buffer.sample(0, random(1)), /got 0/);
  buffer.dispose();
  assert.equal(tf().memory().numTensors, tensors);
});

test("states and added logits that are asked for by row reach the batch as those of tables do", () => {
  const width = 2;
  const added = {
    width,
    items: Int32Array.from({ length: 7 * width }, (_, i) => (i % 3) - 1),
    values: Float32Array.from({ length: 7 * width }, (_, i) => i),
  };
  const rowOf = <T extends Float32Array | Int32Array>(table: T, size: number, row: number): T =>
    table.subarray(row * size, (row + 1) * size) as T;
  const stored = {
    size: 7,
    after: (rows: ArrayLike<number>) =>
      Float32Array.from(Array.from(rows).flatMap((row) => [...rowOf(states, S, row)])),
  };
  const asked = {
    at: (rows: Int32Array) => ({
      width,
      items: Int32Array.from([...rows].flatMap((row) => [...rowOf(added.items, width, row)])),
      values: Float32Array.from([...rows].flatMap((row) => [...rowOf(added.values, width, row)])),
    }),
  };
  const both = [
    replayBuffer(transitions, { added }),
    replayBuffer(transitionsOf({ ...source, states: stored }), { added: asked }),
  ].map((buffer) => {
    const drawn = buffer.sample(9, random(4));
    const seen = [drawn.states.dataSync(), drawn.nextStates.dataSync(), drawn.added, drawn.nextAdded];
    drawn.dispose();
    buffer.dispose();
    return seen;
  });
  assert.deepEqual(both[1], both[0]);
  assert.throws(() => transitionsOf({ ...source, states: { ...stored, size: 6 } }), /requires 7 states of 2/);
});
