import assert from "node:assert/strict";
import { test } from "node:test";
import { random } from "../math/random";
import { qLearning } from "./qLearning";
import { sarsa } from "./sarsa";
import { type HandStep, handHistories, handLog } from "./smallLogs";
import { A, assertValues, B, C, D, half, loop, problem } from "./smallTables";

test("Q-learning fills its table as by hand: the largest value over what is left, and nothing where nothing is", () => {
  // Where C leads to A, all that the log does in A has been had: (B, C) and (C, A) are passed over. The first
  // time in B both C and D are left, the second time only D.
  const one = qLearning(problem(4), { ...half, passes: 1 });
  one.learn(loop);
  assertValues(one, [
    [A, B, 0.75],
    [B, C, 0],
    [C, A, 0],
    [B, D, 2],
  ]);
  const two = qLearning(problem(4), { ...half, passes: 2 });
  two.learn(loop);
  assertValues(two, [
    [A, B, 1.6875],
    [B, C, 0],
    [C, A, 0],
    [B, D, 3],
  ]);
  assert.equal(two.value(D, A), undefined);
});

test("SARSA fills its table as by hand: the value of what came next", () => {
  const one = sarsa(problem(4), { ...half, passes: 1 });
  one.learn(loop);
  assertValues(one, [
    [A, B, 0.75],
    [B, C, 1],
    [C, A, 0.125],
    [B, D, 2],
  ]);
  const two = sarsa(problem(4), { ...half, passes: 2 });
  two.learn(loop);
  assertValues(two, [
    [A, B, 1.5625],
    [B, C, 1.53125],
    [C, A, 0.34375],
    [B, D, 3],
  ]);
});

test("the end of a log is no ending: its step is passed over, unless the world ended or nothing later counts", () => {
  const steps = (terminal: boolean): HandStep[][] => [
    [
      [A, 0],
      [B, 1],
      [C, 2, terminal],
    ],
  ];
  for (const make of [qLearning, sarsa]) {
    const [open, ended, near] = [make(problem(3)), make(problem(3)), make(problem(3), { discount: 0 })];
    assert.ok(Math.abs(open.learn(handLog(steps(false))).moved! - 1 / 2) < 1e-12);
    assert.equal(ended.learn(handLog(steps(true))).moved, 1);
    near.learn(handLog(steps(false)));
    assert.equal(open.value(B, C), 0);
    assert.equal(ended.value(B, C), 2);
    assert.equal(near.value(B, C), 2);
  }
});

/**
 * From 0 people go to 1 (worth 1) or 2 (worth nothing); 1 leads to 3 (worth 1), 2 to 4 (nothing) or 5 (worth 3).
 * At γ .9: Q*(0, 1) = 1.9 and Q*(0, 2) = 2.7. As the log goes, half of those in 2 take 5: Q(0, 2) = 1.35.
 */
const paths: readonly HandStep[][] = [
  [
    [0, 0],
    [1, 1],
    [3, 1, true],
  ],
  [
    [0, 0],
    [2, 0],
    [4, 0, true],
  ],
  [
    [0, 0],
    [2, 0],
    [5, 3, true],
  ],
];

test("Q-learning reaches Q* of a small world, SARSA the value of what the log does: they rank 1 and 2 differently", () => {
  const log = handLog(Array.from({ length: 60 }, (_, user) => paths[user % 3]!));
  const ranking = { shrinkage: 0, pessimism: 0 };
  const best = qLearning(problem(6), { learningRate: 1, passes: 3, ...ranking });
  best.learn(log);
  assertValues(best, [
    [0, 1, 1.9],
    [0, 2, 2.7],
    [1, 3, 1],
    [2, 4, 0],
    [2, 5, 3],
  ]);
  const logged = sarsa(problem(6), { passes: 300, ...ranking });
  logged.learn(log);
  for (const [state, action, value] of [
    [0, 1, 1.9],
    [0, 2, 1.35],
    [2, 5, 3],
    [2, 4, 0],
  ] as const)
    assert.ok(
      Math.abs(logged.value(state, action)! - value) < 0.01,
      `${state} ${action} ${logged.value(state, action)}`,
    );
  const [one, other] = [best, logged].map((agent) => agent.scores(handHistories([[0]])));
  assert.ok(one![2]! > one![1]!);
  assert.ok(other![1]! > other![2]!);
});

test("with rewards by chance and rates of one over the visits, values come to the mean: Q* within .08", () => {
  const draw = random(7);
  const log = handLog(
    Array.from({ length: 3000 }, (_, user) =>
      paths[user % 3]!.map(
        ([item, reward, end]): HandStep => [item, reward + (draw.integer(2) === 0 ? 1 : -1), end],
      ),
    ),
  );
  const agent = qLearning(problem(6), { passes: 20 });
  agent.learn(log);
  for (const [state, action, value] of [
    [0, 1, 1.9],
    [0, 2, 2.7],
    [2, 5, 3],
  ] as const)
    assert.ok(
      Math.abs(agent.value(state, action)! - value) < 0.08,
      `${agent.value(state, action)} for ${value}`,
    );
});

test("what was had is no way on: the maximum in the target leaves it out", () => {
  // Somebody else goes from 1 on to 0, which is worth a lot; whoever comes from 0 cannot.
  const log = handLog([
    [
      [0, 0],
      [1, 0],
      [2, 1, true],
    ],
    [
      [1, 0],
      [0, 100, true],
    ],
  ]);
  const agent = qLearning(problem(3), { learningRate: 1, discount: 0.5, passes: 3 });
  agent.learn(log);
  assertValues(agent, [
    [1, 0, 100],
    [0, 1, 0.5],
  ]);
});
