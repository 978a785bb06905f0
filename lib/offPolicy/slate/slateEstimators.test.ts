import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { random } from "../../math/random";
import { statisticIntervals } from "../../math/statisticIntervals";
import { estimateOf } from "../../math/sumStatistic";
import { slateColumns, slateLog } from "../../worlds/slateLog";
import { type ClickModel, slateValue, slateWorld } from "../../worlds/slateWorld";
import { banditFixture } from "../bandit/banditRounds.fixture";
import { doublyRobust } from "../bandit/doublyRobust";
import { importanceWeights } from "../bandit/importanceWeights";
import { ips, snips } from "../bandit/inversePropensity";
import { loggedRounds } from "../bandit/loggedRounds";
import { cascadeDoublyRobust } from "./cascadeDoublyRobust";
import { everySlate, twoPolicies } from "./everySlate.fixture";
import { slateEstimators } from "./slateEstimators";
import { iips, rips, sips, sniips, snrips, snsips } from "./slateInversePropensity";
import { loggedSlates } from "./slateRounds";

const near = (got: number, wanted: number, what: string) =>
  assert.ok(
    Math.abs(got - wanted) < 1e-12 * Math.max(1, Math.abs(wanted)),
    `${what}: ${got} is not ${wanted}`,
  );

function settled(
  model: ClickModel,
  kind: Parameters<typeof twoPolicies>[0] = "without replacement",
  seed = 1,
) {
  const world = slateWorld({ model }, random(seed));
  const policies = twoPolicies(kind, world, random(seed + 100));
  return { every: everySlate(world, policies), truth: slateValue(world, policies.target), world, policies };
}

test("on an endless log each estimator is right under the user models it is made for, in any world", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1e6 }), (seed) => {
      for (const model of ["independent", "cascade", "full"] as const) {
        const { every, truth } = settled(model, "without replacement", seed);
        const slates = every.slates({ marginals: true });
        const right = {
          independent: [sips, snsips, rips, snrips, iips, sniips, cascadeDoublyRobust],
          cascade: [sips, snsips, rips, snrips, cascadeDoublyRobust],
          full: [sips, snsips],
        }[model];
        for (const each of right) near(every.limit(each.on(slates)), truth, `${each.name}, ${model}`);
      }
    }),
    { numRuns: 8 },
  );
});

test("and wrong under those it is not made for, by an amount that enumeration knows", () => {
  const bias = (model: ClickModel, each: typeof rips): number => {
    const { every, truth } = settled(model);
    return every.limit(each.on(every.slates({ marginals: true }))) - truth;
  };
  const found = [
    bias("cascade", iips),
    bias("cascade", sniips),
    bias("full", iips),
    bias("full", rips),
    bias("full", snrips),
  ];
  for (const each of found) assert.ok(Math.abs(each) > 0.001, `${found}`);
});

test("the own ratio given the slots above is enough where slots are filled independently, and only there", () => {
  const alone = settled("independent", "independent slots");
  near(alone.every.limit(iips.on(alone.every.slates())), alone.truth, "independent slots");
  const joined = settled("independent", "without replacement");
  const wrong = joined.every.limit(iips.on(joined.every.slates()));
  assert.ok(Math.abs(wrong - joined.truth) > 0.001, `${wrong} ${joined.truth}`);
  // The marginals of independent slots are the conditional probabilities.
  const { columns } = alone.every;
  columns.marginals.propensities.forEach((each, i) => {
    near(each, columns.propensities[i], "marginal");
  });
});

test("cascade-DR is right with any model when propensities are, and with any propensities when the model is", () => {
  for (const clip of [undefined, 1.1]) {
    const { every, truth } = settled("cascade");
    const draw = random(5);
    const noise = (column: Float64Array) => column.map(() => draw.next());
    const wrongPropensities = noise(every.columns.propensities);
    const byModel = every.slates({ propensities: wrongPropensities });
    near(every.limit(cascadeDoublyRobust.on(byModel, clip)), truth, "model right");
    const ripsThere = every.limit(rips.on(byModel, clip));
    assert.ok(Math.abs(ripsThere - truth) > 0.05, `${ripsThere} ${truth}`);
  }
  // Any q̂, as a function of the slots down to k: here noise over every prefix, its expectation taken exactly.
  const { every, truth, world, policies } = settled("cascade");
  const draw = random(6);
  const guess = new Map<string, number>();
  const guessed = (key: string): number => {
    if (!guess.has(key)) guess.set(key, 3 * draw.normal());
    return guess.get(key)!;
  };
  const model = {
    logged: Float64Array.from(
      every.rows.flatMap(({ context, slate }) =>
        [...slate].map((_, k) => guessed(`${context}/${slate.slice(0, k + 1).join()}`)),
      ),
    ),
    expected: Float64Array.from(
      every.rows.flatMap(({ context, slate }) =>
        [...slate].map((_, k) => {
          let mean = 0;
          for (let item = 0; item < world.items; item++) {
            const prefix = Int32Array.of(...slate.slice(0, k), item);
            const chance = policies.target.slotProbabilities(context, prefix)[k];
            if (chance > 0) mean += chance * guessed(`${context}/${prefix.join()}`);
          }
          return mean;
        }),
      ),
    ),
  };
  near(every.limit(cascadeDoublyRobust.on(every.slates({ model }))), truth, "propensities right");
  const zero = every.columns.rewards.map(() => 0);
  const without = every.slates({ model: { logged: zero, expected: zero } });
  assert.deepEqual(cascadeDoublyRobust.on(without, 2).terms, rips.on(without, 2).terms);
});

test("the fewer slots a weight is made of, the less one position varies, where that is a theorem", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1e6 }), fc.integer({ min: 0, max: 2 }), (seed, position) => {
      const slotWeights = Float64Array.of(0, 0, 0);
      slotWeights[position] = 1;
      const spread = (model: ClickModel, kind: Parameters<typeof twoPolicies>[0]) => {
        const { every } = settled(model, kind, seed);
        const slates = every.slates({ slotWeights });
        return [sips, rips, iips].map((each) => every.variance(each.on(slates)));
      };
      const [whole, top] = spread("cascade", "without replacement");
      assert.ok(whole >= top - 1e-12, `${whole} ${top}`);
      const [all, down, own] = spread("independent", "independent slots");
      assert.ok(all >= down - 1e-12 && down >= own - 1e-12, `${all} ${down} ${own}`);
    }),
    { numRuns: 8 },
  );
  const { every } = settled("independent", "independent slots");
  const [whole, top, own] = [sips, rips, iips].map((each) => every.variance(each.on(every.slates())));
  assert.ok(whole > 1.5 * top && top > 1.5 * own, `${whole} ${top} ${own}`);
});

test("slates of one slot are rounds: IPS, SNIPS and DR to the last bit, with a clip and without", () => {
  const { rounds } = banditFixture("binary_overlap");
  const slates = loggedSlates(
    rounds,
    Int32Array.from({ length: rounds.size + 1 }, (_, i) => i),
  );
  for (const clip of [undefined, 2]) {
    const weights = importanceWeights(rounds, clip);
    for (const each of [sips, rips, iips])
      assert.equal(estimateOf(each.on(slates, clip)), estimateOf(ips.on(rounds, weights)));
    for (const each of [snsips, snrips, sniips])
      near(estimateOf(each.on(slates, clip)), estimateOf(snips.on(rounds, weights)), each.name);
    near(
      estimateOf(cascadeDoublyRobust.on(slates, clip)),
      estimateOf(doublyRobust.on(rounds, weights)),
      "dr",
    );
  }
});

test("with the log's own policy as the target every estimator is the mean of the slates' rewards", () => {
  const { world, policies } = settled("full");
  const every = everySlate(world, { logging: policies.logging, target: policies.logging });
  const truth = slateValue(world, policies.logging);
  const slates = every.slates({ marginals: true });
  for (const each of slateEstimators(slates)) near(every.limit(each.on(slates)), truth, each.name);
});

test("self-normalised forms forgive a factor in the propensities, position by position", () => {
  const { every, truth } = settled("independent", "independent slots");
  const halved = every.slates({ propensities: every.columns.propensities.map((each) => each / 2) });
  for (const each of [snsips, snrips, sniips]) near(every.limit(each.on(halved)), truth, each.name);
  near(every.limit(sips.on(halved)), 8 * truth, "sips");
  near(every.limit(iips.on(halved)), 2 * truth, "iips");
});

test("a log counted by hand: slates of two lengths, slot weights, a clip of the product", () => {
  const slots = loggedRounds({
    rewards: Float64Array.of(1, 2, 4, 1, 8),
    propensities: Float64Array.of(0.5, 0.1, 0.5, 0.5, 0.2),
    targetProbabilities: Float64Array.of(1, 0.3, 0.25, 0.5, 0.1), // ratios 2 3 | .5 | 1 .5
    model: { logged: Float64Array.of(1, 1, 1, 1, 1), expected: Float64Array.of(2, 0, 2, 0, 2) },
  });
  const slates = loggedSlates(slots, Int32Array.of(0, 2, 3, 5), { slotWeights: Float64Array.of(1, 0.5, 9) });
  // Sums of weighted rewards: 1 + 1, 4, 1 + 4.
  near(estimateOf(sips.on(slates)), (6 * 2 + 0.5 * 4 + 0.5 * 5) / 3, "sips");
  near(estimateOf(sips.on(slates, 4)), (4 * 2 + 0.5 * 4 + 0.5 * 5) / 3, "sips, clipped");
  near(estimateOf(snsips.on(slates)), (6 * 2 + 0.5 * 4 + 0.5 * 5) / 7, "snsips");
  near(estimateOf(rips.on(slates)), (2 + 6 + 0.5 * 4 + 1 + 0.5 * 4) / 3, "rips");
  near(estimateOf(rips.on(slates, 4)), (2 + 4 + 0.5 * 4 + 1 + 0.5 * 4) / 3, "rips, clipped");
  near(estimateOf(iips.on(slates)), (2 + 3 + 0.5 * 4 + 1 + 0.5 * 4) / 3, "iips");
  const positions = [(2 + 0.5 * 4 + 1) / 3.5, ((2 / 3) * (6 + 0.5 * 4)) / 6.5];
  near(estimateOf(snrips.on(slates)), positions[0] + positions[1], "snrips");
  const ownPositions = [(2 + 0.5 * 4 + 1) / 3.5, ((2 / 3) * (3 + 0.5 * 4)) / 3.5];
  near(estimateOf(sniips.on(slates)), ownPositions[0] + ownPositions[1], "sniips");
  // Slot by slot: 2(1−1) + 1·2, 6(1−1) + 2·0 | .5(4−1) + 1·2 | 1(1−1) + 1·0, .5(4−1) + 1·2
  near(estimateOf(cascadeDoublyRobust.on(slates)), (2 + 0 + 3.5 + 0 + 3.5) / 3, "cascadeDr");
});

test("a resample without a slate that reaches a position says nothing of it; a model that lacks is named", () => {
  const slots = loggedRounds({
    rewards: Float64Array.of(1, 1, 1),
    propensities: Float64Array.of(0.5, 0.5, 0.5),
    targetProbabilities: Float64Array.of(0.5, 0.5, 0.5),
  });
  const slates = loggedSlates(slots, Int32Array.of(0, 1, 3));
  const { of } = snrips.on(slates);
  assert.equal(of(Float64Array.of(2, 2, 0, 0, 0), 2), 1);
  assert.equal(estimateOf(snrips.on(slates)), 1.5);
  assert.deepEqual(
    slateEstimators(slates).map((each) => each.name),
    ["sips", "snsips", "iips", "sniips", "rips", "snrips"],
  );
  assert.throws(() => cascadeDoublyRobust.on(slates), /cascadeDr requires a log with a reward model/);
  for (const each of [sips, rips, iips]) assert.throws(() => each.on(slates, 0), /clip above 0, got 0/);
});

test("on a log that was drawn, with users of several slates, estimates lie where their errors say", () => {
  const { world, policies, truth } = settled("cascade");
  const columns = slateColumns(
    world,
    slateLog(world, policies.logging, { count: 6000, random: random(11) }),
    policies,
  );
  const { offsets, marginals, ...parts } = columns;
  const users = Int32Array.from(parts.rewards, (_, slot) => Math.floor(slot / 9));
  const slates = loggedSlates(loggedRounds({ ...parts, users }), offsets, { marginals });
  assert.equal(slates.users!.length, 6000);
  const estimators = slateEstimators(slates);
  const statistics = estimators.map((each) => each.on(slates));
  const found = statisticIntervals(statistics, random(1), { method: "t", units: slates.users });
  const errors = found.map(({ value, standardError }) => (value - truth) / standardError);
  estimators.forEach(({ name }, e) => {
    if (!name.endsWith("iips")) assert.ok(Math.abs(errors[e]) < 3, `${name} ${errors}`);
  });
  const spread = (name: string) => found[estimators.findIndex((each) => each.name === name)].standardError;
  assert.ok(spread("cascadeDr") < spread("rips") && spread("rips") < spread("sips"));
});
