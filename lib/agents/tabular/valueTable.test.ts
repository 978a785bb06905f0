import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type PairColumns, valueTable } from "./valueTable";

const never = (): boolean => false;

test("a pair is there once the log has taken it, and moves by its rate", () => {
  const table = valueTable();
  assert.equal(table.value(3, 5), undefined);
  assert.equal(table.best(3, never), undefined);
  assert.throws(
    () => table.move(3, 5, { target: 1, rate: 1 }),
    /requires a supported pair, got action 5 in state 3/,
  );
  table.support(3, 5);
  assert.equal(table.value(3, 5), 0);
  table.move(3, 5, { target: 4, rate: 0.25 });
  assert.equal(table.value(3, 5), 1);
  table.support(3, 2);
  for (const target of [3, 6, 0]) table.move(3, 2, { target, rate: "1/visits" });
  assert.equal(table.value(3, 2), 3); // their mean
  assert.equal(table.best(3, never), 3);
  assert.equal(
    table.best(3, (action) => action === 2),
    1,
  );
  assert.equal(
    table.best(3, () => true),
    undefined,
  );
});

test("whatever is done to it, a table answers as a plain map does, also after going through columns", () => {
  const pair = fc.record({ state: fc.nat(3), action: fc.nat(9), target: fc.integer({ min: -5, max: 5 }) });
  fc.assert(
    fc.property(fc.array(pair, { maxLength: 80 }), fc.nat(1023), fc.nat(80), (moves, mask, cut) => {
      let table = valueTable();
      const plain = new Map<string, number>();
      const isSeen = (action: number): boolean => ((mask >> action) & 1) === 1;
      for (const [i, { state, action, target }] of moves.entries()) {
        if (i === cut) table = valueTable(table.columns());
        const key = `${state} ${action}`;
        table.support(state, action);
        table.move(state, action, { target, rate: 0.5 });
        plain.set(key, ((plain.get(key) ?? 0) + target) / 2);
        for (let s = 0; s < 4; s++) {
          const left = [...plain].filter(([k]) => k.startsWith(`${s} `) && !isSeen(Number(k.split(" ")[1])));
          const wanted = left.length === 0 ? undefined : Math.max(...left.map(([, value]) => value));
          assert.equal(table.best(s, isSeen), wanted);
        }
      }
      const { states, actions, values, counts }: PairColumns = table.columns();
      assert.deepEqual(
        [...values].map((value, i) => [`${states[i]} ${actions[i]}`, value]),
        [...plain].sort(([a], [b]) => (a < b ? -1 : 1)),
      );
      assert.equal(
        counts.reduce((sum, one) => sum + one, 0),
        moves.length,
      );
    }),
    { seed: 1, numRuns: 200 },
  );
});

test("gathered targets count when they are settled, as their mean; means over a state and over all follow every change", () => {
  const table = valueTable();
  assert.equal(table.mean(), undefined);
  assert.equal(table.usual(1), undefined);
  for (const [state, action] of [
    [1, 2],
    [1, 2],
    [1, 5],
    [3, 2],
  ] as const)
    table.support(state, action);
  assert.throws(() => table.gather(1, 4, 0), /gather requires a supported pair, got action 4 in state 1/);
  for (const target of [3, 6]) table.gather(1, 2, target);
  table.gather(3, 2, 8);
  assert.deepEqual([table.value(1, 2), table.mean(), table.best(1, never)], [0, 0, 0]);
  assert.deepEqual(table.settle(), { total: 12.5, largest: 8 });
  assert.deepEqual([table.value(1, 2), table.value(1, 5), table.value(3, 2)], [4.5, 0, 8]);
  assert.equal(table.best(1, never), 4.5);
  const means = (of: typeof table): (number | undefined)[] => [of.usual(1), of.usual(3), of.mean()];
  assert.deepEqual(means(table), [3, 8, 17 / 4]);
  assert.deepEqual(table.settle(), { total: 0, largest: 0 }); // nothing new was gathered
  table.move(1, 5, { target: 3, rate: 1 });
  table.move(1, 2, { target: 10.5, rate: "1/visits" }); // the third target of three: their mean
  assert.equal(table.value(1, 2), 6.5);
  table.support(3, 2);
  assert.deepEqual(means(table), [16 / 3, 8, 32 / 5]);
  assert.deepEqual(means(valueTable(table.columns())), means(table));
  assert.equal(table.size(), 3);
});
