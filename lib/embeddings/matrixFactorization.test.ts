import assert from "node:assert/strict";
import { test } from "node:test";
import { type Histories, historiesOfLists } from "../data/histories";
import { random } from "../math/random";
import { implicitAls } from "./matrixFactorization";

/** Two circles of readers who share no book, each missing a few. */
function circles(users: number, items: number, seed: number): Histories {
  const draw = random(seed);
  const lists = Array.from({ length: users }, (_, user) => {
    const list: number[] = [];
    for (let item = user % 2; item < items; item += 2) if (draw.next() < 0.6) list.push(item);
    return list;
  });
  return historiesOfLists(lists, { users: [...lists.keys()], weights: 5 });
}

const histories = circles(40, 30, 1);
const settings = { factors: 4, regularization: 0.5, confidence: 7, iterations: 6 };

test("the objective never rises, and both solvers reach nearly the same", () => {
  const exact = implicitAls(histories, 30, random(2), { ...settings, solver: "exact" });
  const quick = implicitAls(histories, 30, random(2), settings);
  for (const { objective } of [exact, quick])
    for (let pass = 1; pass < objective.length; pass++)
      assert.ok(objective[pass] <= objective[pass - 1] * (1 + 1e-12), `${objective}`);
  const [a, b] = [exact.objective.at(-1)!, quick.objective.at(-1)!];
  assert.ok(Math.abs(a - b) < 0.02 * a, `${a} and ${b}`);
});

test("a folded-in user solves the normal equations written out densely over every item", () => {
  const { factors, regularization, confidence } = settings;
  const model = implicitAls(histories, 30, random(3), settings);
  const folded = model.foldIn(histories);
  for (let user = 0; user < histories.size; user++) {
    const mine = new Set(histories.items.subarray(histories.offsets[user], histories.offsets[user + 1]));
    const x = folded.subarray(user * factors, (user + 1) * factors);
    // gradient / 2 of the objective in x: Σ c (x·y − p) y + λ x
    const gradient = Array.from(x, (value) => regularization * value);
    for (let item = 0; item < 30; item++) {
      const y = model.itemVectors.subarray(item * factors, (item + 1) * factors);
      let score = 0;
      for (let i = 0; i < factors; i++) score += x[i] * y[i];
      const c = mine.has(item) ? 1 + confidence : 1;
      for (let i = 0; i < factors; i++) gradient[i] += c * (score - (mine.has(item) ? 1 : 0)) * y[i];
    }
    for (const value of gradient) assert.ok(Math.abs(value) < 1e-4, `user ${user}: ${gradient}`);
  }
});

test("the stated objective is the sum over all pairs", () => {
  const { factors, regularization, confidence } = settings;
  const model = implicitAls(histories, 30, random(4), settings);
  let total = 0;
  for (const value of model.itemVectors) total += regularization * value ** 2;
  for (const value of model.userVectors) total += regularization * value ** 2;
  for (let user = 0; user < histories.size; user++) {
    const mine = new Set(histories.items.subarray(histories.offsets[user], histories.offsets[user + 1]));
    for (let item = 0; item < 30; item++) {
      let score = 0;
      for (let i = 0; i < factors; i++)
        score += model.userVectors[user * factors + i] * model.itemVectors[item * factors + i];
      total += mine.has(item) ? (1 + confidence) * (1 - score) ** 2 : score ** 2;
    }
  }
  assert.ok(Math.abs(total - model.objective.at(-1)!) < 1e-4 * total);
});

test("readers are recommended what their circle reads and they have not; same seed, same bytes", () => {
  const two = { ...settings, factors: 2 }; // one number a circle, none left for noise
  const model = implicitAls(histories, 30, random(5), two);
  const { items } = model.recommender().recommend(histories, 1);
  for (let user = 0; user < histories.size; user++) {
    const mine = histories.items.subarray(histories.offsets[user], histories.offsets[user + 1]);
    assert.ok(!mine.includes(items[user]));
    if (mine.length < 15) assert.equal(items[user] % 2, user % 2); // the others have their circle's all
  }
  assert.deepEqual(implicitAls(histories, 30, random(5), two).itemVectors, model.itemVectors);
  assert.notDeepEqual(implicitAls(histories, 30, random(6), two).itemVectors, model.itemVectors);
});

test("settings are checked by name", () => {
  const fit = (changes: object) => () => implicitAls(histories, 30, random(1), changes);
  assert.throws(fit({ regularization: 0 }), /regularization above 0, got 0/);
  assert.throws(fit({ factors: 1.5 }), /factors of at least 1, got 1.5/);
  assert.throws(fit({ alpha: 3 }), /known options, got "alpha"/);
  assert.throws(fit({ minimumWeight: 6 }), /at least one entry/);
});
