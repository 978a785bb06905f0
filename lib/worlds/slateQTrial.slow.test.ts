import assert from "node:assert/strict";
import { test } from "node:test";
import { slateQ } from "../agents/slateQ/slateQ";
import { meanOf } from "../math/mean";
import { random } from "../math/random";
import { interestEvolution } from "./interestEvolution";
import { learnOnline } from "./online";
import { linearDecay } from "./onlineSchedules";
import { playWorld } from "./playWorld";
import { slateQLearner } from "./slateQOnline";
import { slateQPolicy, splitObservations } from "./slateQPolicy";
import { slateQRuns, slateQTrial } from "./slateQTrial";
import { slateShapeOf, slateSteps } from "./slateSteps";
import { worldNamed } from "./worlds";

const world = interestEvolution({ choice: "logit" });
const shape = slateShapeOf(world, world.environments(1));

test("a log holds each step once, with what was seen next to it and what was shown next", () => {
  assert.deepEqual(shape, { items: 20, stateSize: 20, offers: 10, slots: 3 });
  const environments = world.environments(3);
  const seen: Float32Array[] = [];
  const policy = world.policy("random", environments);
  const log = slateSteps(
    {
      ...policy,
      choose(observations, draw) {
        seen.push(observations);
        return policy.choose(observations, draw);
      },
    },
    environments,
    random(4),
    shape,
  );
  const { steps, returns } = playWorld(world.policy("random", environments), environments, random(4));
  assert.equal(log.size, steps[0] + steps[1] + steps[2]);
  assert.equal(
    log.terminated.reduce((sum, each) => sum + each, 0),
    3,
  );
  const earned = log.rewards.reduce((sum, each) => sum + each, 0);
  assert.ok(Math.abs(earned - meanOf(returns) * 3) < 1e-9);
  // Step t of the first reader is row 3t, as long as all three are there, one step late.
  const states = (observations: Float32Array) => [...observations.subarray(0, 20)];
  assert.deepEqual([...log.states.subarray(0, 20)], states(seen[0]));
  assert.deepEqual([...log.nextStates.subarray(0, 20)], states(seen[1]));
  assert.deepEqual([...log.nextCandidates.subarray(0, 10)], [...seen[1].subarray(20, 30)]);
  assert.deepEqual([...log.nextSlates.subarray(0, 3)], [...log.slates.subarray(9, 12)]);
  assert.deepEqual([...log.candidates.subarray(30, 40)], [...seen[1].subarray(20, 30)]);
  const taken = log.clicked.findIndex((place) => place >= 0);
  assert.equal(log.rewards[taken], 4);
});

test("offline from a small log it leaves the myopic far behind, learns how readers choose, and repeats itself", () => {
  const environments = world.environments(200);
  const log = slateSteps(world.policy("random", environments), environments, random(1), shape);
  const played = (discount: number) => {
    const agent = slateQ(
      { shape, random: random(1) },
      { discount, bins: 2, tolerance: 1e-3, nullUtility: 0 },
    );
    agent.train(log);
    const fresh = world.environments(200);
    return { agent, mean: meanOf(playWorld(slateQPolicy(agent), fresh, random(2)).returns) };
  };
  const [myopic, far, again] = [0, 0.99, 0.99].map(played);
  assert.ok(myopic.mean > 155 && myopic.mean < 175, `${myopic.mean}`);
  assert.ok(far.mean > myopic.mean + 40, `${far.mean}`);
  assert.ok(Math.abs(Math.log(far.agent.choice().nullWeight) - 1) < 0.1);
  assert.deepEqual(far.agent.values.numbers(), again.agent.values.numbers());
  assert.equal(far.mean, again.mean);
});

test("served slates are filled from the top, at random with the stated probability", () => {
  const agent = slateQ({ shape, random: random(1) }, { discount: 0, fitChoice: false });
  const environments = world.environments(500);
  const observations = environments.reset(random(5));
  const plain = slateQPolicy(agent).choose(observations, random(6));
  assert.ok(plain.propensities.every((each) => each === 1));
  const { states, candidates } = splitObservations(observations, shape);
  assert.deepEqual(plain.actions, agent.slates(states, candidates));
  const policy = slateQPolicy(agent, { epsilon: () => 0.4 });
  const { actions, propensities } = policy.choose(observations, random(6));
  assert.deepEqual(policy.probabilities(observations, actions), propensities);
  let same = 0;
  for (let i = 0; i < 500; i++) same += actions[i * 3] === plain.actions[i * 3] ? 1 : 0;
  assert.ok(Math.abs(same / 500 - (0.6 + 0.04)) < 0.07, `${same}`);
  assert.throws(() => slateQPolicy(agent, { epsilon: 2 }), /an epsilon in \[0, 1\], got 2/);
  const boredom = worldNamed("boredom", { preset: "slate-rerank-bored" });
  assert.throws(() => slateShapeOf(boredom, boredom.environments(1)), /slate-q requires/);
});

test("online it learns while it acts, with less and less chance", () => {
  const agent = slateQ({ shape, random: random(1) }, { discount: 0.97, bins: 2 });
  const epsilon = linearDecay({ from: 1, to: 0, over: 3 });
  const learner = slateQLearner(agent, { epsilon, updates: 6, random: random(1) });
  const rounds = learnOnline(learner, world, random(1), {
    ...{ readers: 60, rounds: 4, oracle: "topic-quality" },
  });
  assert.deepEqual(
    rounds.map(({ epsilon }) => Number(epsilon.toFixed(6))),
    [1, 0.666667, 0.333333, 0],
  );
  assert.ok(rounds[3].mean > rounds[0].mean + 25, rounds.map(({ mean }) => mean.toFixed(1)).join());
  assert.equal(linearDecay({ from: 0.5, to: 0.1, over: 0 })(0, 0), 0.1);
  assert.ok(rounds[3].regret < rounds[0].regret - 25, rounds.map(({ regret }) => regret.toFixed(1)).join());
});

test("the trial's table: a row for each policy, with an interval over seeds", () => {
  const runs = [slateQRuns[0], { ...slateQRuns[1], serves: ["exact"] as const }];
  const rows = slateQTrial({ seeds: [1, 2], readers: 40, judged: 40, runs });
  const names = ["random", "greedy", "topic-quality", "MYOP-TS", "MYOP-GS", "MYOP-OS", "SARSA-OS"];
  assert.deepEqual(
    rows.map(({ name }) => name),
    names,
  );
  for (const { mean, low, high, returns, quality } of rows) {
    const [a, b] = returns;
    assert.ok(Math.abs(mean - (a + b) / 2) < 1e-9);
    assert.ok(
      Math.abs(high - mean - 12.7062 * (Math.abs(a - b) / 2)) < 1e-3 &&
        Math.abs(high + low - 2 * mean) < 1e-9,
    );
    assert.ok(quality > -1.5 && quality < 2);
  }
  // Where all that is taken brings the same, the myopic shows what is likeliest to be taken.
  assert.ok(Math.abs(rows[3].mean - rows[1].mean) < 12);
});
