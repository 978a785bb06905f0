import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { historiesOfLists } from "../../data/histories";
import { random } from "../../math/random";
import { type HandStep, handLog, someLog } from "../smallLogs.fixture";
import { qLearning } from "./qLearning";
import { sarsa } from "./sarsa";
import { A, assertValues, B, C, D, half, loop, problem } from "./smallTables.fixture";

test("at discount 0 both are the mean reward of each pair, in whatever order", () => {
  const steps = fc.array(fc.tuple(fc.nat(4), fc.integer({ min: -4, max: 4 })), {
    minLength: 2,
    maxLength: 12,
  });
  fc.assert(
    fc.property(
      fc.array(steps, { minLength: 1, maxLength: 4 }),
      fc.integer({ min: 1, max: 3 }),
      (lists, passes) => {
        const means = new Map<string, number[]>();
        for (const list of lists)
          for (let i = 1; i < list.length; i++) {
            const key = `${list[i - 1][0]} ${list[i][0]}`;
            means.set(key, [...(means.get(key) ?? []), list[i][1]]);
          }
        for (const make of [qLearning, sarsa]) {
          const agent = make(problem(5), { discount: 0, passes });
          assert.equal(agent.learn(handLog(lists)).pairs, means.size);
          for (const [key, rewards] of means) {
            const [state, action] = key.split(" ").map(Number) as [number, number];
            const mean = rewards.reduce((sum, one) => sum + one, 0) / rewards.length;
            assert.ok(Math.abs(agent.value(state, action)! - mean) < 1e-9);
          }
        }
      },
    ),
    { seed: 1, numRuns: 60 },
  );
});

test("values stay within what any course could earn", () => {
  fc.assert(
    fc.property(fc.nat(1000), (seed) => {
      const log = someLog(random(seed), { users: 12, items: 8, length: 5 });
      const ended = {
        ...log,
        terminals: log.rewards.map((_, e) => (e % 5 === 4 ? 1 : 0)) as unknown as Uint8Array,
      };
      const best = qLearning(problem(8), { learningRate: 1, passes: 6, discount: 0.8 });
      best.learn(ended);
      for (let s = 0; s < 8; s++)
        for (let a = 0; a < 8; a++) assert.ok(Math.abs(best.value(s, a) ?? 0) <= 5 + 1e-9);
    }),
    { seed: 1, numRuns: 30 },
  );
});

test("update learns from one interaction: Q-learning at once, SARSA when the next one comes", () => {
  const settings = { ...half, passes: 1 };
  const best = qLearning(problem(4), settings);
  best.learn(
    handLog([
      [
        [A, 0],
        [B, 1],
        [C, 2, true],
      ],
    ]),
  );
  assertValues(best, [
    [A, B, 0.5],
    [B, C, 1],
  ]);
  best.update({ user: 7, item: A, reward: 0 });
  best.update({ user: 7, item: B, reward: 3 }); // .5 + .5 (3 + .5 · 1 − .5)
  assertValues(best, [[A, B, 2]]);
  // Nobody went on from D: 2 + half of the mean of (A, B) twice, (B, C) and (B, D), which is 1.25; half of it is learned.
  best.update({ user: 7, item: D, reward: 2 });
  assertValues(best, [[B, D, 1.3125]]);
  best.update({ user: 8, item: B, reward: 0 });
  best.update({ user: 8, item: D, reward: 2, terminal: true });
  assertValues(best, [[B, D, 1.65625]]);

  const whole = sarsa(problem(4), settings);
  whole.learn(loop);
  const inParts = sarsa(problem(4), settings);
  inParts.learn(handLog([[[A, 9]]]));
  for (const [item, reward, terminal] of [
    [B, 1],
    [C, 2],
    [A, 0],
    [B, 1],
    [D, 4, true],
  ] as HandStep[]) {
    if (item === C) assert.equal(inParts.value(A, B), 0); // waits
    inParts.update({ user: 0, item, reward, ...(terminal ? { terminal } : {}) });
  }
  for (const [s, a] of [
    [A, B],
    [B, C],
    [C, A],
    [B, D],
  ] as const)
    assert.equal(inParts.value(s, a), whole.value(s, a));
});

test("the user's id as state is a bandit: what follows is the user's own best, and lists are the same for all", () => {
  const agent = qLearning(problem(5), { state: "user", discount: 0, shrinkage: 0, pessimism: 0 });
  agent.learn(
    handLog([
      [
        [0, 1],
        [1, -1],
      ],
      [
        [2, 1],
        [0, 0],
      ],
    ]),
  );
  assertValues(agent, [
    [0, 0, 1],
    [0, 1, -1],
    [1, 2, 1],
    [1, 0, 0],
  ]);
  const further = qLearning(problem(2), { state: "user", learningRate: 1, discount: 0.5, passes: 2 });
  further.learn(
    handLog([
      [
        [0, 4],
        [1, 1, true],
      ],
    ]),
  );
  assertValues(further, [
    [0, 0, 4.5], // 4 + half of what is left; were 0 itself not masked yet, 4 + half of 4
    [0, 1, 1],
  ]);
  const scores = agent.scores(historiesOfLists([[], []], { users: [5, 6] }));
  assert.deepEqual(scores.slice(0, 5), scores.slice(5));
});

test("settings out of range are refused by name", () => {
  assert.throws(() => qLearning(problem(3), { discount: 1 }), /q-learning requires discount to be .* got 1/);
  assert.throws(
    () => sarsa(problem(3), { learningRate: 0 }),
    /sarsa requires learningRate to be "batch" or "1\/visits" or a number/,
  );
  // @ts-expect-error item is no kind of state
  assert.throws(() => sarsa(problem(3), { state: "item" }), /sarsa requires state/);
  // @ts-expect-error rate is none of the settings
  assert.throws(() => sarsa(problem(3), { rate: 1 }), /requires known settings, got "rate"/);
});
