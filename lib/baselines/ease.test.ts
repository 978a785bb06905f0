import assert from "node:assert/strict";
import { test } from "node:test";
import { historiesOf } from "../data/histories";
import { allRows, smallLog } from "../data/smallLog.fixture";
import { random } from "../math/random";
import { plainInverse } from "../tensors/linearAlgebra";
import { ease } from "./ease";

/** 12 users × 9 items, each pair with probability .4. */
function randomLog() {
  const draw = random(3);
  const rows: [number, number, number][] = [];
  for (let user = 0; user < 12; user++)
    for (let item = 0; item < 9; item++) if (draw.next() < 0.4) rows.push([user, item, 5]);
  return smallLog(rows, { users: 12, items: 9 });
}

/** The definition: B = I − P / diag(P) with P = (XᵀX + λI)⁻¹, scores x B, from dense matrices in double sums. */
function definition(log: ReturnType<typeof smallLog>, regularisation: number): number[] {
  const [users, items] = [log.userIds.length, log.itemIds.length];
  const x = Array.from({ length: users }, () => new Float64Array(items));
  log.users.forEach((user, row) => {
    x[user][log.items[row]] = 1;
  });
  const gram = new Float32Array(items * items);
  for (let i = 0; i < items; i++)
    for (let j = 0; j < items; j++)
      gram[i * items + j] = x.reduce((sum, row) => sum + row[i] * row[j], i === j ? regularisation : 0);
  const inverse = plainInverse(gram, items);
  const scores: number[] = [];
  for (const row of x)
    for (let j = 0; j < items; j++) {
      let sum = 0;
      for (let i = 0; i < items; i++)
        if (i !== j) sum -= (row[i] * inverse[i * items + j]) / inverse[j * items + j];
      scores.push(sum);
    }
  return scores;
}

for (const through of ["items", "users"] as const)
  test(`EASE through ${through} gives the definition's scores for items not yet had`, () => {
    const log = randomLog();
    const histories = historiesOf(log, allRows(log), { users: Int32Array.from({ length: 12 }, (_, u) => u) });
    const scores = ease(log, allRows(log), { regularisation: 2, through }).scores(histories);
    const expected = definition(log, 2);
    const had = new Set(Array.from(log.users, (user, row) => user * 9 + log.items[row]));
    let judged = 0;
    expected.forEach((value, i) => {
      if (through === "users" && had.has(i)) return;
      assert.ok(Math.abs(scores[i] - value) < 1e-4, `${i}: ${scores[i]} is not ${value}`);
      judged++;
    });
    assert.ok(judged > 50);
  });

test("both ways give the same lists, and the same model serves another recency", () => {
  const log = randomLog();
  const histories = historiesOf(log, allRows(log));
  const lists = (through: "users" | "items", recency: number): number[] => [
    ...ease(log, allRows(log), { regularisation: 2, through }).withRecency(recency).recommend(histories, 3)
      .items,
  ];
  assert.deepEqual(lists("users", 1), lists("items", 1));
  assert.deepEqual(lists("users", 0.5), lists("items", 0.5));
  assert.notDeepEqual(lists("users", 0.5), lists("users", 1));
});

test("two items that everybody has together lead to each other", () => {
  const log = smallLog(
    [
      [0, 0, 5],
      [0, 1, 5],
      [1, 0, 5],
      [1, 1, 5],
      [2, 0, 5],
    ],
    { users: 3, items: 3 },
  );
  // XᵀX + I over items 0, 1: [[4, 2], [2, 3]], inverse [[3, −2], [−2, 4]] / 8: B_01 = 2 / 4.
  const reader = historiesOf(log, Int32Array.of(4));
  const scores = ease(log, allRows(log).slice(0, 5), { regularisation: 1, through: "users" }).scores(reader);
  assert.ok(Math.abs(scores[1] - 0.5) < 1e-6 && Math.abs(scores[2]) < 1e-6);
});

test("refuses a regularisation of 0 and a log without positives", () => {
  const log = randomLog();
  assert.throws(() => ease(log, allRows(log), { regularisation: 0 }), /regularisation above 0, got 0/);
  assert.throws(() => ease(log, allRows(log), { positiveAt: 6 }), /at least one positive row/);
});
