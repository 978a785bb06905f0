import assert from "node:assert/strict";
import { test } from "node:test";
import type { Random } from "../math/random";
import { random } from "../math/random";
import { collectLog, joinLogs } from "./collectLog";
import { type Environments, environmentOf, sizeOf, unitBox } from "./environment";
import { rollout } from "./rollout";

/** World i counts its steps and pays them; it ends after i + 1 steps, the last world is cut off instead. */
function counters(size: number): Environments {
  const counts = new Float32Array(size);
  const endsAt = (i: number): number => i + 1;
  return {
    name: "counters",
    size,
    observationSpace: { kind: "box", low: [0], high: [size] },
    actionSpace: { kind: "box", low: [-3], high: [5] },
    reset(_random: Random) {
      counts.fill(0);
      return counts.slice();
    },
    step(actions) {
      assert.equal(actions.length, size);
      const rewards = new Float64Array(size);
      const [terminated, truncated] = [new Uint8Array(size), new Uint8Array(size)];
      for (let i = 0; i < size; i++) {
        if (counts[i] < endsAt(i)) {
          counts[i]++;
          rewards[i] = 10 ** (counts[i] - 1) * actions[i];
        }
        if (counts[i] === endsAt(i)) (i === size - 1 ? truncated : terminated)[i] = 1;
      }
      return { observations: counts.slice(), rewards, terminated, truncated };
    },
  };
}
const ones = { act: (observations: Float32Array) => new Float32Array(observations.length).fill(1) };

test("a rollout sums each world's rewards until its own end, discounted", () => {
  assert.deepEqual([...rollout(ones, counters(3), random(1))], [1, 11, 111]);
  assert.deepEqual([...rollout(ones, counters(3), random(1), { discount: 0.1 })], [1, 2, 3]);
  assert.deepEqual([...rollout(ones, unitBox(counters(3)), random(1))], [5, 55, 555]);
});

test("a log holds live steps alone; terminal where a world ended, not where it was cut off", () => {
  const log = collectLog(ones, counters(3), random(1));
  const row = (i: number): number[] => [
    log.stateTable[log.stateRows[i]],
    log.actionTable[log.itemRows[i]],
    log.rewards[i],
    log.stateTable[log.nextStateRows[i]],
    log.terminals[i],
  ];
  assert.deepEqual(
    Array.from({ length: log.size }, (_, i) => row(i)),
    [
      [0, 1, 1, 1, 1],
      [0, 1, 1, 1, 0],
      [0, 1, 1, 1, 0],
      [1, 1, 10, 2, 1],
      [1, 1, 10, 2, 0],
      [2, 1, 100, 3, 0],
    ],
  );
});

test("joined logs keep every transition, and refuse other sizes", () => {
  const minus = { act: (seen: Float32Array) => new Float32Array(seen.length).fill(-1) };
  const parts = [collectLog(ones, counters(2), random(1)), collectLog(minus, counters(3), random(1))];
  const log = joinLogs(parts);
  assert.equal(log.size, 9);
  let at = 0;
  for (const part of parts)
    for (let i = 0; i < part.size; i++, at++) {
      assert.equal(log.stateTable[log.stateRows[at]], part.stateTable[part.stateRows[i]]);
      assert.equal(log.stateTable[log.nextStateRows[at]], part.stateTable[part.nextStateRows[i]]);
      assert.equal(log.actionTable[log.itemRows[at]], part.actionTable[part.itemRows[i]]);
      assert.equal(log.rewards[at], part.rewards[i]);
      assert.equal(log.terminals[at], part.terminals[i]);
    }
  assert.throws(() => joinLogs([]), /at least one log/);
  assert.throws(() => joinLogs([parts[0], { ...parts[1], stateSize: 2 }]), /states of 1 and actions of 1/);
});

test("one world is stepped by hand until it ends, and refuses to go on", () => {
  const world = environmentOf(counters(1));
  assert.throws(() => world.step([1]), /running episode/);
  assert.deepEqual([...world.reset(random(1))], [0]);
  assert.deepEqual(world.step([2]), {
    observation: Float32Array.of(1),
    reward: 2,
    terminated: false,
    truncated: true,
  });
  assert.throws(() => world.step([1]), /running episode/);
  assert.throws(() => environmentOf(counters(2)), /requires one world, got 2/);
});

test("unitBox stretches [−1, 1] to the bounds and refuses choices", () => {
  const world = environmentOf(unitBox(counters(1)));
  for (const [action, meant] of [
    [-1, -3],
    [0, 1],
    [0.5, 3],
    [1, 5],
  ] as const) {
    world.reset(random(1));
    assert.equal(world.step([action]).reward, meant);
  }
  assert.deepEqual(world.actionSpace, { kind: "box", low: [-1], high: [1] });
  const choices = { ...counters(1), actionSpace: { kind: "choices", size: 4 } as const };
  assert.throws(() => unitBox(choices), /requires actions in a box/);
  assert.equal(sizeOf(choices.actionSpace), 1);
});
