import assert from "node:assert/strict";
import { test } from "node:test";
import { random } from "../../math/random";
import { slateQ, startOf } from "./slateQ";
import { emptySteps, slateMemory, takeSteps } from "./slateSteps";
import {
  itemValue,
  slateWorth,
  tinyChoice,
  tinyLog,
  tinyShape,
  tinyStates,
  valuesOfSlates,
} from "./tinyWorld.fixture";

const log = tinyLog();
const table = { cells: "all", bins: 2, tolerance: 1e-13, sweeps: 5000 } as const;
const agentOf = (changes: object) =>
  slateQ({ shape: tinyShape, random: random(1), choice: tinyChoice }, changes);
const { states, candidates } = tinyStates();

for (const [target, policy] of [
  ["exact", "best"],
  ["logged", "even"],
] as const)
  for (const discount of [0, 0.7, 0.97, 1])
    test(`${target} at ${discount}: values of items, and of slates by them, are those counted out over slates`, () => {
      const truth = valuesOfSlates(discount, policy);
      const agent = agentOf({ ...table, discount, target });
      assert.ok(agent.train(log) < table.sweeps);
      const said = agent.values.asked(states, candidates)("online");
      const slates = agent.slates(states, candidates);
      for (let state = 0; state < 4; state++) {
        // On offer are topics 0, 1, 0; then nothing, which is item 2.
        [0, 1, 0, 2].forEach((item, c) => {
          const expected = itemValue(truth, discount, state, item);
          assert.ok(
            Math.abs(said[state * 4 + c] - expected) < 1e-9,
            `${state} ${item}: ${said[state * 4 + c]}`,
          );
        });
        const all = [
          [0, 1],
          [0, 2],
          [1, 2],
        ].map((slate) => slateWorth(truth, discount, state, slate));
        const served = slateWorth(truth, discount, state, [...slates.subarray(state * 2, state * 2 + 2)]);
        assert.ok(Math.abs(served - Math.max(...all)) < 1e-9);
        if (policy === "best") assert.ok(Math.abs(served - truth[state]) < 1e-9);
      }
    });

test("the longer sight shows other slates, and nothing valued 0 sees less", () => {
  const slatesAt = (changes: object): string => {
    const agent = agentOf({ ...table, ...changes });
    agent.train(log);
    return agent.slates(states, candidates).join();
  };
  assert.notEqual(slatesAt({ discount: 0 }), slatesAt({ discount: 0.97 }));
  const zero = agentOf({ ...table, discount: 0.97, noClick: "zero" });
  zero.train(log);
  const said = zero.values.asked(states, candidates)("online");
  const truth = valuesOfSlates(0.97, "best");
  for (let state = 0; state < 4; state++) {
    assert.equal(said[state * 4 + 3], 0);
    assert.ok(said[state * 4] < itemValue(truth, 0.97, state, 0) - 0.1);
  }
});

test("a network comes near the counted out values; the same seed gives the same bytes, another others", () => {
  const truth = valuesOfSlates(0.8, "best");
  const settings = {
    values: "network",
    discount: 0.8,
    hidden: [16],
    learningRate: 0.01,
    batchSize: 64,
  } as const;
  const trained = (seed: number, updates: number) => {
    const agent = slateQ(
      { shape: tinyShape, random: random(seed), choice: tinyChoice },
      { ...settings, followEvery: 20, updates },
    );
    agent.train(log);
    return agent;
  };
  const agent = trained(1, 500);
  const said = agent.values.asked(states, candidates)("online");
  for (let state = 0; state < 4; state++)
    [0, 1, 0, 2].forEach((item, c) => {
      const expected = itemValue(truth, 0.8, state, item);
      assert.ok(
        Math.abs(said[state * 4 + c] - expected) < 0.35,
        `${state} ${item}: ${said[state * 4 + c]}, not ${expected}`,
      );
    });
  agent.dispose();
  const numbers = [1, 1, 2].map((seed) => {
    const short = trained(seed, 70); // some of them compiled
    const result = short.values.numbers().join();
    short.dispose();
    return result;
  });
  assert.equal(numbers[0], numbers[1]);
  assert.notEqual(numbers[0], numbers[2]);
});

test("step by step: a table goes a share of the way, a network's targets stand still until it follows", () => {
  const one = takeSteps(log, [log.clicked.indexOf(0)]); // topic 1 was taken
  const slow = agentOf({ ...table, discount: 0, tableRate: 0.25 });
  assert.ok(Math.abs(slow.learn(one) - 0.25 * one.rewards[0]) < 1e-12);
  const network = agentOf({ values: "network", hidden: [4], followEvery: 3 });
  const asked = network.values.asked(states, candidates);
  for (let update = 1; update <= 3; update++) {
    network.learn(one);
    const [online, target] = (["online", "target"] as const).map((which) => asked(which).join());
    assert.equal(online === target, update === 3);
  }
  network.dispose();
});

test("own cells: an item's value hangs on the interest in it alone, and what is beyond the range counts as its end", () => {
  const agent = agentOf({ cells: "own", bins: 2, discount: 0 });
  agent.train(log);
  const [low, high] = [0, 1].map(
    (interest) =>
      agent.values.asked(Float32Array.of(interest === 0 ? -7 : 7, 0.3), Int32Array.of(0, 1, 0))("online")[0],
  );
  assert.deepEqual([low, high], [3, 4]);
});

test("the start is what a step earns for as long as sessions last", () => {
  const steps = emptySteps(tinyShape, 4);
  steps.rewards.set([4, 0, 4, 0]);
  steps.clicked.set([0, -1, 1, -1]);
  steps.terminated[2] = 1;
  const [value, nothing] = startOf(steps, { discount: 0.9, noClick: "learned" });
  assert.ok(Math.abs(value - 2 / (1 - 0.9 * 0.75)) < 1e-12 && Math.abs(nothing - 0.9 * value) < 1e-12);
  const [zero, none] = startOf(steps, { discount: 1, noClick: "zero" });
  assert.ok(Math.abs(zero - 4 / (1 - 0.5 * 0.5)) < 1e-12 && none === 0);
  assert.deepEqual(startOf(emptySteps(tinyShape, 2), { discount: 1, noClick: "learned" }), [0, 0]);
});

test("a memory keeps the latest steps", () => {
  const memory = slateMemory(tinyShape, 5);
  memory.add(takeSteps(log, [0, 1, 2]));
  assert.equal(memory.size(), 3);
  memory.add(takeSteps(log, [30, 31, 32, 33]));
  assert.equal(memory.size(), 5);
  const rewards = memory.all().rewards;
  assert.deepEqual(
    [...rewards],
    [32, 33, 2, 30, 31].map((row) => log.rewards[row]),
  );
  const known = new Set(rewards);
  assert.ok(memory.sample(20, random(1)).rewards.every((reward) => known.has(reward)));
});

test("bad sizes and settings are refused by name", () => {
  assert.throws(() => agentOf({ disount: 0.9 }), /slate-q requires known settings, got "disount"/);
  assert.throws(() => agentOf({ low: 1 }), /a high above low, got 1 and 1/);
  assert.throws(() => agentOf({ cells: "all", bins: 5000 }), /at most 10000000 cells, got 75000000/);
  const of = (changes: object) => () => slateQ({ shape: { ...tinyShape, ...changes }, random: random(1) });
  assert.throws(of({ slots: 4 }), /at most 3 slots, got 4/);
  assert.throws(of({ stateSize: 1 }), /an interest in each of 2 items, got states of 1/);
});
