import assert from "node:assert/strict";
import { test } from "node:test";
import { random } from "../math/random";
import { slateColumns, slateLog } from "./slateLog";
import {
  allSlates,
  independentSlotsPolicy,
  plackettLucePolicy,
  slateProbability,
  slotMarginals,
} from "./slatePolicies";
import { type ClickModel, slateValue, slateWorld, slateWorth } from "./slateWorld";

const models: readonly ClickModel[] = ["independent", "cascade", "full"];
const logits = [Float64Array.of(1, 0, -1, 0.5), Float64Array.of(0, 2, 0.3, -0.4)];
const sharper = plackettLucePolicy(logits.map((each) => each.map((logit) => 2 * logit)));
const plackettLuce = plackettLucePolicy(logits);
const independent = independentSlotsPolicy(
  [0, 1].map(() => [
    Float64Array.of(0.5, 0.5, 0, 0),
    Float64Array.of(0.1, 0.2, 0.3, 0.4),
    Float64Array.of(0, 0, 1, 0),
  ]),
);
const near = (got: number, wanted: number) =>
  assert.ok(Math.abs(got - wanted) < 1e-12, `${got} is not ${wanted}`);

test("a policy's slates sum to one, as do an item's marginals at each position", () => {
  for (const policy of [plackettLuce, independent]) {
    let total = 0;
    for (const slate of allSlates(4, 3)) total += slateProbability(policy, 1, slate);
    near(total, 1);
    const marginals = slotMarginals(policy, 1, { items: 4, slots: 3 });
    for (let k = 0; k < 3; k++)
      near(
        marginals.subarray(4 * k, 4 * k + 4).reduce((a, b) => a + b),
        1,
      );
  }
  assert.equal(allSlates(4, 3).length, 64);
  assert.deepEqual([...plackettLuce.slotProbabilities(0, Int32Array.of(2, 2, 1))].slice(1), [0, 0]);
  const even = plackettLucePolicy([new Float64Array(3)]).slotProbabilities(0, Int32Array.of(2, 0));
  near(even[0], 1 / 3);
  near(even[1], 1 / 2);
  // The first of two equally likely items is at the second position in 1 of 2 slates, and never where it may not be.
  near(slotMarginals(plackettLucePolicy([new Float64Array(2)]), 0, { items: 2, slots: 2 })[2], 0.5);
});

test("slots drawn on their own come as often as their probabilities say", () => {
  const draw = random(12);
  const counts = new Float64Array(12);
  for (let i = 0; i < 20_000; i++)
    independent.draw(1, 3, draw).forEach((item, k) => {
      counts[4 * k + item]++;
    });
  slotMarginals(independent, 1, { items: 4, slots: 3 }).forEach((probability, at) => {
    const error = Math.sqrt(20_000 * probability * (1 - probability));
    const miss = counts[at] - 20_000 * probability;
    assert.ok(Math.abs(miss) <= 4 * error + 1e-6, `${at}: ${miss} with an error of ${error}`);
  });
});

test("click chances depend on what the model says, and on nothing else", () => {
  const worlds = models.map((model) => slateWorld({ model }, random(4)));
  const touched = worlds.map((world) => {
    const [chances, below, above] = [
      Int32Array.of(0, 1, 2),
      Int32Array.of(0, 1, 3),
      Int32Array.of(3, 1, 2),
    ].map((slate) => world.clickChances(1, slate)[1]);
    return [chances !== below, chances !== above];
  });
  assert.deepEqual(touched, [
    [false, false],
    [false, true],
    [true, true],
  ]);
  const [alone, cascade, full] = worlds.map((world) => world.clickChances(0, Int32Array.of(3, 0, 2)));
  near(cascade[2], alone[2] * (1 - 0.8 * alone[0]) * (1 - 0.8 * alone[1]));
  near(full[0], alone[0] * (1 - 0.4 * (alone[1] + alone[2])));
  for (const model of models)
    assert.deepEqual(
      slateWorld({ model, interaction: 0 }, random(4)).clickChances(0, Int32Array.of(3, 0, 2)),
      alone,
    );
});

test("users click as often as the world says, and the value of a policy is what its slates earn", () => {
  for (const model of models) {
    const world = slateWorld({ model }, random(8));
    const log = slateLog(world, plackettLuce, { count: 40_000, random: random(9) });
    const value = slateValue(world, plackettLuce);
    const [sums, squares] = [new Float64Array(4), new Float64Array(4)];
    for (let i = 0; i < log.size; i++) {
      const chances = world.clickChances(log.contexts[i], log.slates[i]);
      const clicks = log.rewards.subarray(3 * i, 3 * i + 3);
      [...clicks.map((click, k) => click - chances[k]), clicks.reduce((a, b) => a + b) - value].forEach(
        (miss, k) => {
          sums[k] += miss;
          squares[k] += miss * miss;
        },
      );
    }
    sums.forEach((sum, k) => {
      const z = sum / Math.sqrt(squares[k]);
      assert.ok(Math.abs(z) < 4, `${model}, slot ${k}: ${z} standard errors`);
    });
  }
});

test("what slots are worth adds up: a slot's is its own click and the next slot's expectation", () => {
  const world = slateWorld({ model: "cascade" }, random(2));
  const slate = Int32Array.of(3, 1, 0);
  const { logged, expected } = slateWorth(world, sharper, { context: 1, slate });
  const clicks = world.clickChances(1, slate);
  near(logged[0], clicks[0] + expected[1]);
  near(logged[1], clicks[1] + expected[2]);
  near(logged[2], clicks[2]);
  const first = [0, 1].map((context) => slateWorth(world, sharper, { context, slate }).expected[0]);
  near((first[0] + first[1]) / 2, slateValue(world, sharper));
});

test("columns hold what the policies and the world say of each logged slot", () => {
  const world = slateWorld({ model: "cascade" }, random(2));
  const log = slateLog(world, plackettLuce, { count: 50, random: random(3) });
  const columns = slateColumns(world, log, { logging: plackettLuce, target: sharper });
  const [context, slate] = [log.contexts[7], log.slates[7]];
  const at = (column: Float64Array) => [...column.subarray(21, 24)];
  assert.deepEqual(at(columns.propensities), [...plackettLuce.slotProbabilities(context, slate)]);
  assert.deepEqual(at(columns.targetProbabilities), [...sharper.slotProbabilities(context, slate)]);
  const worth = slateWorth(world, sharper, { context, slate });
  assert.deepEqual(at(columns.model.logged), [...worth.logged]);
  assert.deepEqual(at(columns.model.expected), [...worth.expected]);
  const shown = slotMarginals(plackettLuce, context, world);
  assert.deepEqual(
    at(columns.marginals.propensities),
    [...slate].map((item, k) => shown[4 * k + item]),
  );
  assert.deepEqual([...columns.offsets.subarray(0, 3)], [0, 3, 6]);
  assert.deepEqual(log, slateLog(world, plackettLuce, { count: 50, random: random(3) }));
});

test("sizes and interactions out of range are refused", () => {
  assert.throws(() => slateWorld({ model: "full", slots: 0 }, random(1)), /at least 1 of slots, got 0/);
  assert.throws(
    () => slateWorld({ model: "full", interaction: 2 }, random(1)),
    /interaction in \[0, 1\], got 2/,
  );
  const world = slateWorld({ model: "full" }, random(1));
  assert.throws(
    () => slateLog(world, independent, { count: 0, random: random(1) }),
    /at least 1 slate, got 0/,
  );
});
