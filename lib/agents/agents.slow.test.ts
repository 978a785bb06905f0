import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { random } from "../math/random";
import { type Batch, batch } from "../replay/batch";
import { gaussian } from "../tensors/initialisers";
import type { Network } from "../tensors/networks";
import { tf } from "../tensors/tf";
import { bcq } from "./actorCritic/bcq";
import { ddpg } from "./actorCritic/ddpg";
import { catalogueSlateQ, discreteCql, dqn } from "./actorCritic/dqn";
import { iql } from "./actorCritic/iql";
import { reinforce, reinforceTopK } from "./actorCritic/reinforce";
import { sac } from "./actorCritic/sac";
import { td3 } from "./actorCritic/td3";
import { type Agent, type AgentProblem, behaviourRegularised, paperTd3Bc } from "./agent";

import { A, B, disturb, N, numbers, problem, S, someBatch } from "./smallProblem.fixture";

/** What every agent with networks keeps to, whatever its algorithm, its settings and where its actions live. */
type Neural = Agent & { readonly networks: object };
type Factory = (problem: AgentProblem, changes?: object) => Neural;
const settings: readonly (readonly [Factory, object, NonNullable<AgentProblem["actionSpace"]>])[] = [
  [ddpg, {}, "unit"],
  [ddpg, { ...behaviourRegularised, warmUp: 0 }, "unit"],
  [ddpg, { bootstrapAt: "action" }, "unit"],
  [ddpg, { optimizer: "radam", maximumNorm: 1 }, "box"],
  [td3, {}, "unit"],
  [td3, { bootstrapAt: "action" }, "unit"],
  [td3, paperTd3Bc, "box"],
  [td3, { critics: 1 }, "free"],
  [sac, {}, "unit"],
  [sac, {}, "box"],
  [sac, { bootstrapAt: "action" }, "free"],
  [sac, { softTargets: false, behaviour: "softmax", behaviourWeight: 1 }, "free"],
  [bcq, { reconstruction: "squared" }, "unit"],
  [bcq, { bootstrapAt: "action", reconstruction: "softmax" }, "unit"],
  [bcq, { latentSize: 3 }, "box"],
  [iql, { behaviour: "softmax" }, "unit"],
  [iql, { expectile: 0.9, maximumNorm: 1 }, "box"],
  [reinforce, {}, "unit"],
  [reinforce, { ...reinforceTopK, baseline: "mean" }, "unit"],
  [dqn, { candidates: null }, "free"],
  [dqn, discreteCql, "free"],
  [dqn, { ...catalogueSlateQ, slots: 2 }, "free"],
  [dqn, { ...catalogueSlateQ, slots: 2, candidates: 3, double: false }, "free"],
  [dqn, { conservativeWeight: 0.5, candidates: 2, double: false }, "free"],
];
const cases = settings.map(([factory, own, actionSpace]) => {
  const boxed = actionSpace === "box";
  const head = { weights: gaussian(S * A, 1, random(1)), bias: gaussian(A, 1, random(2)) };
  const make = (seed = 1, changes: object = {}, extra: Partial<AgentProblem> = {}): Neural => {
    const { catalogue, ...bare } = problem(seed);
    const given = { ...bare, ...(boxed ? {} : { catalogue }), actionSpace, head, ...extra };
    return factory(given, { hidden: [8, 8], ...own, ...changes });
  };
  const named = Object.entries(own).map(([key, value]) => `${key} ${value}`);
  const drawn = (seed: number): Batch => someBatch(seed, { boxed, seen: !boxed });
  return {
    name: [factory.name, ...named, actionSpace].join(", "),
    factory,
    make,
    drawn,
    head,
    actionSpace,
    boxed,
    own,
  };
});

const states = gaussian(7 * S, 1, random(5));
const signed = ["targetEntropy", "logDeviation", "leastLogDeviation", "mostLogDeviation"];
const whole = ["latentSize", "candidates", "listSize", "policyDelay", "critics", "warmUp"];
const networksOf = (agent: Neural): [string, Network[]][] =>
  Object.entries(agent.networks).map(([name, part]) => [name, [part].flat() as Network[]]);
const weights = (agent: Neural): Float32Array[] =>
  numbers(networksOf(agent).flatMap(([, parts]) => parts.flatMap((each) => each.variables)));
const dataOf = (given: Batch): number[][] =>
  [given.states, given.actions, given.itemRows, given.rewards, given.nextStates, given.terminals].map(
    (tensor) => [...tensor.dataSync()],
  );

for (const { name, factory, make, drawn, head, actionSpace, boxed, own } of cases) {
  const learned = (agent: Neural, updates = 4, first = 1): Neural => {
    for (let u = first; u < first + updates; u++)
      for (const [figure, value] of Object.entries(agent.learn(drawn(u))))
        assert.ok(Number.isFinite(value), `${figure} is ${value}`);
    return agent;
  };

  test(`${name}: actions have the space's shape, are the same when asked again, and row by row`, () => {
    const agent = learned(make());
    const actions = agent.act(states);
    assert.equal(actions.length, 7 * A);
    assert.equal(agent.act(new Float32Array(0)).length, 0);
    assert.throws(() => agent.act(new Float32Array(S + 1)), /act requires states of 3 numbers, got 4/);
    assert.deepEqual(agent.act(states), actions);
    const many = Float32Array.from({ length: 300 * S }, (_, i) => states[i % states.length]);
    const all = agent.act(many);
    for (let i = 0; i < all.length; i++) assert.ok(Math.abs(all[i] - actions[i % actions.length]) < 1e-6);
    for (let n = 0; n < 7; n++) {
      const row = actions.subarray(n * A, (n + 1) * A);
      if (actionSpace === "unit") assert.ok(Math.abs(Math.hypot(...row) - 1) < 1e-5);
      if (actionSpace === "box") assert.ok(row.every((each) => Math.abs(each) <= 1));
    }
    assert.ok(new Set(actions).size > A, "states get different actions");
    agent.dispose();
  });

  test(`${name}: the same seed gives the same bytes, asked in between or not; another seed others`, () => {
    const [one, two, other] = [make(1), make(1), make(2)];
    learned(one);
    for (let u = 1; u <= 4; u++) {
      two.act(states);
      learned(two, 1, u);
    }
    assert.deepEqual(weights(one), weights(two));
    assert.deepEqual(one.act(states), two.act(states));
    assert.notDeepEqual(weights(learned(other)), weights(one));
    for (const agent of [one, two, other]) agent.dispose();
  });

  test(`${name}: every weight moves, and each target by the target rate or not at all`, () => {
    const targetRate = 0.25;
    const agent = make(1, factory === (reinforce as Factory) ? {} : { targetRate });
    const start = new Map(
      networksOf(agent).map(([of, parts]) => [of, parts.map((p) => numbers(p.variables))]),
    );
    learned(agent);
    const moved = new Set<string>();
    for (let u = 5; u <= 6; u++) {
      const before = new Map(
        networksOf(agent).map(([of, parts]) => [of, parts.map((p) => numbers(p.variables))]),
      );
      learned(agent, 1, u);
      const now = new Map(networksOf(agent));
      for (const [of, parts] of now) {
        if (!of.startsWith("target")) continue;
        const source = now.get(of[6].toLowerCase() + of.slice(7))!;
        for (const [p, part] of parts.entries())
          for (const [v, after] of numbers(part.variables).entries()) {
            const was = before.get(of)![p][v];
            if (after.every((value, i) => value === was[i])) continue;
            moved.add(`${of} ${p} ${v}`);
            const online = source[p].variables[v].dataSync();
            for (const [i, value] of after.entries())
              assert.ok(Math.abs(value - (0.75 * was[i] + 0.25 * online[i])) < 1e-6, `${of} ${p}, ${v}`);
          }
      }
    }
    for (const [of, parts] of networksOf(agent))
      for (const [p, part] of parts.entries())
        for (const [v, after] of numbers(part.variables).entries()) {
          const place = `${of} ${p} ${v}`;
          assert.notDeepEqual(after, start.get(of)![p][v], place);
          if (of.startsWith("target")) assert.ok(moved.has(place), place);
        }
    agent.dispose();
  });

  test(`${name}: the batch is left alone, no tensor is left behind, and dispose leaves none at all`, () => {
    const given = drawn(1);
    const before = dataOf(given);
    const empty = tf().memory().numTensors;
    const agent = make();
    agent.learn(given);
    const held = tf().memory().numTensors;
    for (let u = 0; u < 50; u++) agent.learn(given);
    agent.act(states);
    assert.equal(tf().memory().numTensors, held);
    agent.dispose();
    assert.equal(tf().memory().numTensors, empty);
    assert.deepEqual(dataOf(given), before);
    given.dispose();
  });

  test(`${name}: a loaded agent acts as the saved one and goes on exactly; other sizes are refused`, async () => {
    const folder = await mkdtemp(join(tmpdir(), "agent-"));
    try {
      const [agent, again, stranger] = [learned(make(1), 3), learned(make(1), 1), make(2)];
      await agent.save(folder);
      await again.load(folder);
      await stranger.load(folder);
      assert.deepEqual(stranger.act(states), agent.act(states));
      for (let u = 4; u <= 6; u++) assert.deepEqual(again.learn(drawn(u)), agent.learn(drawn(u)));
      assert.deepEqual(weights(again), weights(agent));
      await assert.rejects(make(1, { hidden: [4] }).load(folder), /same sizes/);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  test(`${name}: every setting is checked by name`, () => {
    const { config, name: called } = make();
    assert.throws(
      () => make(1, { discont: 0.9 }),
      new RegExp(`${called} requires known settings, got "discont"`),
    );
    for (const key of Object.keys(config)) {
      const negative = signed.includes(key) ? [] : [-1.5];
      const broken = whole.includes(key) ? [2.5] : [];
      for (const bad of [{}, Number.NaN, ...negative, ...broken])
        assert.throws(
          () => make(1, { [key]: bad }),
          new RegExp(`${called} requires ${key} to be`),
          `${key} ${bad}`,
        );
    }
    assert.throws(() => make(1, { discount: 1 }), /discount to be a number in \[0, 1\), got 1/);
  });

  test(`${name}: the next state counts, but not after a terminal, nor at discount 0`, () => {
    const after = (terminal: number, discount: number, seed: number): Float32Array[] => {
      const agent = make(1, { discount });
      for (let u = 1; u <= 2; u++) {
        const given = drawn(u);
        agent.learn(
          batch({
            ...given,
            nextStates: tf().tensor2d(gaussian(B * S, 3, random(seed)), [B, S]),
            terminals: tf().fill([B, 1], terminal),
          }),
        );
      }
      const found = weights(agent);
      agent.dispose();
      return found;
    };
    assert.deepEqual(after(1, 0.9, 1), after(1, 0.9, 2));
    assert.deepEqual(after(0, 0, 1), after(0, 0, 2));
    if (factory !== (reinforce as Factory)) assert.notDeepEqual(after(0, 0.9, 1), after(0, 0.9, 2));
  });

  if (factory !== (reinforce as Factory))
    test(`${name}: values beyond what can be earned raise the alarm`, () => {
      const share = (bound: number): number => {
        const agent = make(1, {}, { valueBounds: [-bound, bound] });
        learned(agent, 3);
        const { alarmShare } = agent.learn(drawn(4));
        agent.dispose();
        return alarmShare;
      };
      assert.equal(share(1e-9), 1);
      assert.equal(share(1e9), 0);
    });

  /** What the targets of one update are in the mean, on a world that does not end. */
  const targetMean = (changes: object, extra: Partial<AgentProblem>, given: object): number => {
    const agent = make(1, changes, extra);
    // Where slates follow all values start alike, and nothing could be told apart.
    if ("slots" in own)
      for (const [i, [, parts]] of networksOf(agent).entries())
        for (const part of parts) disturb(part.variables, i % 2, 0.5);
    const { nextSeen: _, ...bare } = drawn(1);
    const mean = agent.learn(batch({ ...bare, terminals: tf().zeros([B, 1]), ...given })).targetMean;
    agent.dispose();
    return mean;
  };

  if (factory !== (reinforce as Factory))
    test(`${name}: where retrieval decides, targets know what was had, added, served and gone; else they do not`, () => {
      const { catalogue } = problem(1);
      const every = { rows: Int32Array.from({ length: B }, (_, n) => n) };
      const items = (item: (n: number) => number): Int32Array => every.rows.map(item);
      const all = Array.from({ length: N - 1 }, (_, item) => item); // all but one, so that there is one way left
      const plain = targetMean({}, {}, {});
      const differing = [
        targetMean(
          {},
          {},
          {
            nextSeen: {
              rows: Int32Array.from({ length: B * (N - 1) }, (_, i) => i % B),
              items: Int32Array.from({ length: B * (N - 1) }, (_, i) => all[Math.floor(i / B)]),
            },
          },
        ),
        targetMean(
          {},
          {},
          {
            nextAdded: { ...every, items: items((n) => (3 * n) % N), values: new Float32Array(B).fill(99) },
          },
        ),
        ...(boxed
          ? []
          : [
              targetMean(
                {},
                { catalogue: { ...catalogue, servedBias: Float32Array.of(0, 0, 0, 99, 0) } },
                {},
              ),
              targetMean({}, { catalogue: { ...catalogue, unavailable: new Set(all) } }, {}),
            ]),
      ].map((mean) => Math.abs(mean - plain) > 1e-4);
      // Implicit Q-learning asks about what was logged, and about no item beside it.
      const asks = factory !== (iql as Factory);
      const retrieves = asks && !boxed && (own as { bootstrapAt?: string }).bootstrapAt !== "action";
      assert.deepEqual(
        differing,
        differing.map(() => retrieves),
      );
      if (boxed && asks) assert.deepEqual(targetMean({ bootstrapAt: "action" }, {}, {}), plain); // nothing to retrieve from
    });

  if (factory !== (reinforce as Factory))
    test(`${name}: what follows is believed within the bounds of values, where they are known and wanted`, () => {
      const far = (changes: object, extra: Partial<AgentProblem>): number => {
        const hard = factory === (sac as Factory) ? { softTargets: false } : {};
        const agent = make(1, { ...hard, ...changes }, extra);
        for (const [of, parts] of networksOf(agent))
          for (const part of /^(target(Critic|Table)|value$)/.test(of) ? parts : []) {
            const bias = part.variables.at(-1)!;
            bias.assign(tf().fill(bias.shape, 50));
          }
        const given = { ...drawn(1), terminals: tf().zeros([B, 1]), rewards: tf().zeros([B, 1]) };
        const mean = agent.learn(batch(given as Batch)).targetMean;
        agent.dispose();
        return mean;
      };
      assert.ok(Math.abs(far({}, { valueBounds: [-3, 2] }) - 0.9 * 2) < 1e-6);
      assert.ok(far({}, {}) > 40);
      assert.ok(far({ boundedTargets: false }, { valueBounds: [-3, 2] }) > 40);
      assert.equal(far({}, { valueBounds: [-99, 99] }), far({}, {}));
    });

  if (![reinforce, dqn, iql].some((each) => factory === (each as Factory)))
    test(`${name}: Q at the agent's own actions is drawn back into bounds that it leaves, at no other cost`, () => {
      const after = (boundedValues: boolean, bound: number): [Float32Array[], Record<string, number>] => {
        const extra: Partial<AgentProblem> = { valueBounds: [-bound, bound] };
        const still = {
          boundedTargets: false,
          boundedValues,
          learnTemperature: false,
          temperature: 0,
          warmUp: 9,
        };
        const { learnTemperature, temperature, ...shared } = still;
        const agent = make(
          1,
          factory === (sac as Factory) ? { learnTemperature, temperature, ...shared } : shared,
          extra,
        );
        const critics = networksOf(agent)
          .filter(([of]) => /^critic/.test(of))
          .flatMap(([, parts]) => parts);
        const figures = agent.learn(drawn(1));
        const found = numbers(critics.flatMap((each) => each.variables));
        agent.dispose();
        return [found, figures];
      };
      const [plain, figures] = after(false, 0.01);
      const [held, watched] = after(true, 0.01);
      assert.notDeepEqual(held, plain);
      assert.deepEqual(watched, figures); // what is watched is the loss at logged actions alone
      assert.deepEqual(after(true, 1e6)[0], plain);
    });

  if (factory !== (dqn as Factory))
    test(`${name}: step 0 is the supervised head`, () => {
      const actions = make().act(states);
      for (let n = 0; n < 7; n++) {
        const raw = Array.from(head.bias, (bias, a) =>
          head.weights.reduce((sum, w, i) => sum + (i % A === a ? w * states[n * S + (i - a) / A] : 0), bias),
        );
        const length = actionSpace === "unit" ? Math.hypot(...raw) : 1;
        for (const [a, each] of raw.entries()) {
          const wanted = actionSpace === "box" ? Math.tanh(each) : each / length;
          assert.ok(Math.abs(actions[n * A + a] - wanted) < 1e-5);
        }
      }
      assert.throws(() => make(1, {}, { head: { ...head, bias: new Float32Array(1) } }));
    });
}
