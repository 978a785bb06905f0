import assert from "node:assert/strict";
import { test } from "node:test";
import type { Histories } from "../data/histories";
import { random } from "../math/random";
import { exactIndex } from "../retrieval/exactIndex";
import type { Environments } from "../worlds/environment";
import { satiation } from "../worlds/satiation";
import { trueValue } from "../worlds/trueValue";
import type { World } from "../worlds/world";
import type { OpenRun } from "./openRun";
import { runsInWorld } from "./runsInWorld";

/** A run that gives its items the odds it is told, whatever came before, and tells what came before. */
function runOf(odds: Readonly<Record<string, number>>, asked: Histories[] = []): OpenRun {
  const ids = Object.keys(odds);
  return {
    folder: "here",
    summary: { agent: "hand-made" },
    served: {
      index: exactIndex(Float32Array.from(Object.values(odds), Math.log), 1),
      temperature: 1,
      queries(histories: Histories) {
        asked.push(histories);
        return new Float32Array(histories.size).fill(1);
      },
    },
    config: { policy: { exploration: 0, candidates: 10 } },
    dataset: { catalog: { size: ids.length, ids, numbers: {}, text: {} } },
  } as unknown as OpenRun;
}

/** Two places of three documents, which are the items a, b, a; each place earns 1 where the item is a. Items come once, or again. */
function slates(changes: Partial<World> = {}): World {
  const rows = [0, 1, 0];
  return {
    name: "slates",
    items: ["a", "b", "c"].map((id) => ({ id, title: id })),
    itemsOf: (observations) => Int32Array.from({ length: 3 * observations.length }, (_, at) => rows[at % 3]),
    environments: (size): Environments => ({
      ...{ name: "slates", size, observationSpace: { kind: "box", low: [0], high: [0] } },
      actionSpace: { kind: "slates", size: 3, slots: 2 },
      reset: () => new Float32Array(size),
      step(actions) {
        const earned = Float64Array.from(actions, (action) => (rows[action] === 0 ? 1 : 0));
        return {
          ...{ observations: new Float32Array(size), rewards: new Float64Array(size).fill(1) },
          ...{ terminated: new Uint8Array(size), truncated: new Uint8Array(size), info: { earned } },
        };
      },
    }),
    policies: [],
    policy: () => assert.fail("not asked"),
    ...changes,
  };
}

function near(found: ArrayLike<number>, expected: readonly number[]): void {
  assert.equal(found.length, expected.length);
  for (const [at, value] of expected.entries())
    assert.ok(Math.abs(found[at] - value) < 1e-6, `${Array.from(found)} not ${expected}`);
}

test("a slate is drawn without replacement; documents of an item share its probability evenly", () => {
  const world = runsInWorld(slates(), { run: runOf({ a: 6, b: 4 }) });
  const environments = world.environments(2);
  const observations = environments.reset(random(1));
  const policy = world.policy("run", environments);
  // Documents a, b, a: .3, .4, .3. After the first: .4 / .7 and .3 / .7.
  near(policy.probabilities(observations, Int32Array.of(0, 1, 1, 2)), [0.3, 0.4 / 0.7, 0.4, 0.5]);
  near(policy.probabilities(observations, Int32Array.of(2, 0, 0, 0)), [0.3, 0.3 / 0.7, 0.3, 0]);
  const { actions, propensities } = policy.choose(observations, random(2));
  near(policy.probabilities(observations, actions), [...propensities]);
});

test("what the run knows not gets nothing; where nothing is left any is drawn, evenly", () => {
  const items = ["c", "b", "a"].map((id) => ({ id, title: id }));
  const world = runsInWorld({ ...slates({ items }), itemsOf: undefined }, { run: runOf({ a: 1 }) });
  const environments = world.environments(1);
  const policy = world.policy("run", environments);
  const observations = environments.reset(random(1));
  near(policy.probabilities(observations, Int32Array.of(2, 0)), [1, 0.5]);
});

test("the history holds what a log would: of slates what was taken, anew after each reset, after what was known before", () => {
  const asked: Histories[] = [];
  const starts = { startsOf: () => [[1], []] };
  const world = runsInWorld(slates(starts), { run: runOf({ a: 6, b: 4 }, asked) });
  const environments = world.environments(2);
  const policy = world.policy("run", environments);
  const items = (): number[][] => {
    asked.length = 0;
    policy.probabilities(new Float32Array(2), Int32Array.of(0, 1, 0, 1));
    const [{ offsets, items: found }] = asked;
    return [0, 1].map((h) => [...found.subarray(offsets[h], offsets[h + 1])]);
  };
  environments.reset(random(1));
  assert.deepEqual(items(), [[1], []]);
  environments.step([0, 1, 2, 0]);
  assert.deepEqual(items(), [
    [1, 0],
    [0, 0],
  ]);
  environments.reset(random(1));
  assert.deepEqual(items(), [[1], []]);
});

test("single items: all that was shown, with what it earned; those who left are asked for no more", () => {
  const asked: Histories[] = [];
  const base = satiation({ leave: [1] });
  const world = runsInWorld(base, { run: runOf({ "genre-0": 1, "genre-1": 1, "genre-2": 2 }, asked) });
  const environments = world.environments(2);
  const policy = world.policy("run", environments);
  const observations = environments.reset(random(1));
  near(policy.probabilities(observations, Int32Array.of(0, 2)), [0.25, 0.5]);
  const stays = runsInWorld(satiation({ leave: [0] }), { run: runOf({ "genre-0": 1 }, asked) });
  const two = stays.environments(1);
  two.reset(random(1));
  two.step([1]);
  two.step([0]);
  asked.length = 0;
  stays.policy("run", two).probabilities(observations, Int32Array.of(0));
  // Genre 1 is not in the run's data, so it cannot read it; genre 0 earned 1, and may come again.
  assert.deepEqual([...asked[0].items], [0]);
  assert.deepEqual([...asked[0].weights], [1]);
  environments.step([0, 0]);
  asked.length = 0;
  near(policy.probabilities(observations, Int32Array.of(0, 2)), [1 / 3, 1 / 3]);
  assert.equal(asked.length, 0);
});

test("where an item earns once, what was seen is served no more", () => {
  for (const [isOnce, expected] of [
    [true, 0],
    [false, 0.5],
  ] as const) {
    const base: World = { ...satiation({ genres: 2, leave: [0] }), isOnce };
    const world = runsInWorld(base, { run: runOf({ "genre-0": 1, "genre-1": 1 }) });
    const environments = world.environments(1);
    environments.reset(random(1));
    environments.step([0]);
    near(world.policy("run", environments).probabilities(new Float32Array(2), Int32Array.of(0)), [expected]);
  }
});

test("a run's value is that of its odds: half random, and others still know their worlds", () => {
  const base = satiation();
  const world = runsInWorld(base, { run: runOf({ "genre-0": 1, "genre-1": 1, "genre-2": 1 }) });
  const options = { users: 4000, discount: 0.9, random: random(5) };
  const found = trueValue(world, "run", options);
  const truth = base.value!("random", 0.9);
  assert.ok(Math.abs(found.value - truth) < 4 * found.standardError, `${found.value}, not ${truth}`);
  assert.equal(world.value, undefined);
  const greedy = trueValue(world, "greedy", options);
  assert.ok(Math.abs(greedy.value - base.value!("greedy", 0.9)) < 4 * greedy.standardError);
});

test("refused: items that the world has not, and fixed lists", () => {
  assert.throws(
    () => runsInWorld(satiation(), { run: runOf({ "genre-0": 1, x: 1 }) }),
    /1 of the run's 2.*"x"/,
  );
  const { served: _, ...fixed } = runOf({ "genre-0": 1 });
  assert.throws(() => runsInWorld(satiation(), { run: fixed }), /hand-made serves a fixed list/);
});
