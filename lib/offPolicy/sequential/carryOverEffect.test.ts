import assert from "node:assert/strict";
import { test } from "node:test";
import { random } from "../../math/random";
import { carryOverEffect } from "./carryOverEffect";
import { trajectories } from "./trajectories";

/**
 * Users of three steps who take "a" or "b" evenly and earn 1 a step; after "b" a share leaves.
 * With `tire`, who takes the same again leaves instead.
 */
function log({ leave, tire = false, users = 400 }: { leave: number; tire?: boolean; users?: number }) {
  const draw = random(7);
  const rows: { user: number; step: number; action: string }[] = [];
  for (let user = 0; user < users; user++) {
    let last = "";
    for (let step = 0; step < 3; step++) {
      const action = draw.next() < 0.5 ? "a" : "b";
      rows.push({ user, step, action });
      if ((tire ? action === last : action === "b") && draw.next() < leave) break;
      last = action;
    }
  }
  const even = new Float64Array(rows.length).fill(0.5);
  return {
    actions: rows.map(({ action }) => action),
    courses: trajectories({
      users: Int32Array.from(rows, ({ user }) => user),
      steps: Int32Array.from(rows, ({ step }) => step),
      ...{ rewards: even.map(() => 1), propensities: even, targetProbabilities: even, discount: 0.5 },
    }),
  };
}

test("by hand: what came after, less its mean, times how much more often the action was done than on average", () => {
  // Forty users: of those who do a, half go on to earn 4 and half 2; those who do b end. What comes is 2, 1 or 0.
  const rows: [user: number, step: number, action: string, reward: number][] = [];
  for (let user = 0; user < 40; user++) {
    rows.push([user, 0, user % 2 === 0 ? "a" : "b", 9]);
    if (user % 2 === 0) rows.push([user, 1, user % 4 === 0 ? "a" : "b", user % 8 < 4 ? 4 : 2]);
  }
  const even = new Float64Array(rows.length).fill(0.5);
  const courses = trajectories({
    users: Int32Array.from(rows, ([user]) => user),
    steps: Int32Array.from(rows, ([, step]) => step),
    rewards: Float64Array.from(rows, ([, , , reward]) => reward),
    ...{ propensities: even, targetProbabilities: even, discount: 0.5 },
  });
  const found = carryOverEffect(
    courses,
    rows.map(([, , action]) => action),
  )!;
  // The mean of 2, 1 and twice 0 is ¾: a's users give 1 · 1.25 and 1 · .25, b's −1 · −.75.
  assert.match(found.done, /^action "[ab]"$/);
  assert.ok(Math.abs(Math.abs(found.change) - 0.75) < 1e-12);
  assert.ok(Math.abs(found.errors - 0.75 / Math.sqrt(5 / 39 / 40)) < 1e-9);
});

test("leaving after an action is found, with its sign; so is leaving after a repeat, of no action alone", () => {
  const { courses, actions } = log({ leave: 0.5 });
  const found = carryOverEffect(courses, actions)!;
  assert.ok(found.errors > 5, `${found.errors}`);
  // Of two actions each is what the other is not.
  assert.equal(found.done === 'action "a"', found.change > 0);
  const tired = log({ leave: 0.6, tire: true });
  const again = carryOverEffect(tired.courses, tired.actions)!;
  assert.match(again.done, /of the last steps again/);
  assert.ok(again.change < 0 && again.errors > 4, `${again.errors}`);
});

test("where nothing follows from what is done nothing is found", () => {
  const { courses, actions } = log({ leave: 0 });
  // All stay for three steps: nothing varies.
  assert.equal(carryOverEffect(courses, actions), undefined);
  const draw = random(11);
  const noisy = { ...courses, rewards: courses.rewards.map(() => draw.normal()) };
  const found = carryOverEffect(noisy, actions);
  assert.ok(found === undefined || found.errors < 2, `${found?.errors}`);
});

test("over 200 logs without effects, two standard errors after all looks are passed in about one of twenty", () => {
  let passed = 0;
  for (let k = 0; k < 200; k++) {
    const draw = random(100 + k);
    const users = 150;
    const rows = Array.from({ length: users * 4 }, (_, row) => row);
    const actions = rows.map(() => `${draw.integer(5)}`);
    const fifth = new Float64Array(rows.length).fill(0.2);
    const courses = trajectories({
      users: Int32Array.from(rows, (row) => Math.floor(row / 4)),
      steps: Int32Array.from(rows, (row) => row % 4),
      rewards: Float64Array.from(rows, () => draw.normal()),
      ...{ propensities: fifth, targetProbabilities: fifth, discount: 0.9 },
    });
    if ((carryOverEffect(courses, actions)?.errors ?? 0) > 2) passed++;
  }
  assert.ok(passed >= 1 && passed <= 18, `${passed} of 200`);
});
