import assert from "node:assert/strict";
import { test } from "node:test";
import { historiesOfLists } from "../../data/histories";
import { random } from "../../math/random";
import { type HandStep, handLog } from "../smallLogs.fixture";
import { qLearning } from "./qLearning";
import { sarsa } from "./sarsa";
import { A, assertNear, assertValues, B, C, D, half, loop, problem } from "./smallTables.fixture";
import { rewardBounds } from "./tabularAgent";

test("Q-learning fills its table as by hand: the largest value over what is left, and the mean of all where nothing is", () => {
  // Where C leads to A, all that the log does in A has been had, as all that it does in C: what follows (B, C) and
  // (C, A) counts as the mean of the log's five steps at that moment, first .2 and .41, then 1.1805 and 1.334525. The
  // first time in B both C and D are left, the second time only D.
  const one = qLearning(problem(4), { ...half, passes: 1 });
  one.learn(loop);
  assertValues(one, [
    [A, B, 0.75],
    [B, C, 1.05],
    [C, A, 0.1025],
    [B, D, 2],
  ]);
  const two = qLearning(problem(4), { ...half, passes: 2 });
  two.learn(loop);
  assertValues(two, [
    [A, B, 1.6875],
    [B, C, 1.820125],
    [C, A, 0.38488125],
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

const once = (last: HandStep): HandStep[][] => [[[A, 0], [B, 1], last]];

test("the end of a log is no ending: what follows counts as what is usual, unless the world ended or nothing later counts", () => {
  for (const make of [qLearning, sarsa]) {
    const [open, ended, near] = [make(problem(3)), make(problem(3)), make(problem(3), { discount: 0 })];
    // Nobody went on from C: q = 2 + .9 m there, p = 1 + .9 q before, and m their mean: q = 2.45 / .145.
    assert.equal(open.learn(handLog(once([C, 2]))).known, 1 / 2);
    const q = 2.45 / 0.145;
    assertNear(open, [
      [B, C, q],
      [A, B, 1 + 0.9 * q],
    ]);
    assert.equal(ended.learn(handLog(once([C, 2, true]))).known, 1);
    assert.equal(ended.value(B, C), 2);
    near.learn(handLog(once([C, 2])));
    assert.equal(near.value(B, C), 2);
  }
});

test("a reward of 1 for every step is worth 1 / (1 − γ) = 10, in a history of three and in longer ones of many", () => {
  for (const make of [qLearning, sarsa])
    for (const users of [1, 10, 200])
      for (const length of [3, 12]) {
        const items = Array.from({ length }, (_, e): HandStep => [e % 3, 1]);
        const agent = make(problem(3));
        const { meanValue, alarmShare, passes } = agent.learn(
          handLog(Array.from({ length: users }, () => items)),
        );
        assertNear(agent, [
          [A, B, 10],
          [B, C, 10],
        ]);
        assert.ok(Math.abs(meanValue - 10) < 0.02 && alarmShare === 0 && passes < 100);
      }
});

test("SARSA: a chain that pays every other step is worth 1 / (1 − γ²) before it pays, γ times that after", () => {
  // The last entry is cut off in the middle of it: what the log usually does there stands in.
  for (const [users, length] of [
    [1, 8],
    [10, 5],
    [200, 6],
  ] as const) {
    const agent = sarsa(problem(2));
    agent.learn(
      handLog(
        Array.from({ length: users }, () => Array.from({ length }, (_, e): HandStep => [e % 2, e % 2])),
      ),
    );
    assertNear(agent, [
      [A, B, 1 / 0.19],
      [B, A, 0.9 / 0.19],
    ]);
  }
});

test("values outside what a course could earn raise the alarm; as they are learned none is, and bounds may be given", () => {
  assert.deepEqual(
    rewardBounds([1, 2], 0.9).map((each) => Math.round(1e3 * each) / 1e3),
    [1, 20],
  );
  assert.deepEqual(
    rewardBounds([-1, 0.5], 0.5).map((each) => Math.round(1e3 * each) / 1e3),
    [-2, 1],
  );
  for (const make of [qLearning, sarsa]) {
    assert.equal(make(problem(4), half).learn(loop).alarmShare, 0);
    assert.equal(make(problem(4)).learn(loop).alarmShare, 0);
    const narrow = make({ ...problem(4), valueBounds: [-1, 3.5] });
    // At γ .9 and by the end all are known: (B, D) is worth 4, the three others less than 3.5 or more.
    const { alarmShare } = narrow.learn(loop);
    const beyond = [
      [A, B],
      [B, C],
      [C, A],
      [B, D],
    ].filter(([s, a]) => narrow.value(s, a)! > 3.5).length;
    assert.ok(beyond > 0 && alarmShare === beyond / 4);
  }
});

test("Q-learning does not count on what cannot be found; SARSA goes on as the log did", () => {
  const log = handLog([
    [
      [A, 0],
      [B, 0],
      [C, 8, true],
    ],
    [
      [B, 0],
      [D, 2, true],
    ],
  ]);
  const given = { ...problem(4), unavailable: new Set([C]) };
  const [open, best, whole] = [qLearning(problem(4)), qLearning(given), sarsa(given)];
  for (const agent of [open, best, whole]) agent.learn(log);
  assertNear(open, [[A, B, 7.2]]);
  assertNear(best, [[A, B, 1.8]]);
  assertNear(whole, [[A, B, 7.2]]);
  best.update({ user: 9, item: A, reward: 0 });
  best.update({ user: 9, item: B, reward: 0 });
  assertNear(best, [[A, B, 1.8]]);
});

test("with a rate, passes take the histories in an order that is drawn, each pass its own; in batches order says nothing", () => {
  // At rate 1 a pair is worth what the last of six users got.
  const log = handLog(
    Array.from({ length: 6 }, (_, user): HandStep[] => [
      [A, 0],
      [B, user, true],
    ]),
  );
  const lasts = (passes: number): number[] =>
    Array.from({ length: 30 }, (_, seed) => {
      const agent = sarsa(problem(2, seed), { learningRate: 1, passes });
      agent.learn(log);
      return agent.value(A, B)!;
    });
  const [one, two] = [lasts(1), lasts(2)];
  for (const each of [one, two]) assert.ok(new Set(each).size >= 4, `${each}`);
  assert.ok(one.filter((last, seed) => last !== two[seed]).length > 10);
  const mean = sarsa(problem(2));
  mean.learn(log);
  assert.equal(mean.value(A, B), 2.5);
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
  const log = handLog(Array.from({ length: 60 }, (_, user) => paths[user % 3]));
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
  const [one, other] = [best, logged].map((agent) => agent.scores(historiesOfLists([[0]])));
  assert.ok(one[2] > one[1]);
  assert.ok(other[1] > other[2]);
});

test("with rewards by chance and rates of one over the visits, values come to the mean: Q* within .08", () => {
  const draw = random(7);
  const log = handLog(
    Array.from({ length: 3000 }, (_, user) =>
      paths[user % 3].map(
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
