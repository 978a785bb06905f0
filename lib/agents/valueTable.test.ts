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
      const isTaken = (action: number): boolean => ((mask >> action) & 1) === 1;
      for (const [i, { state, action, target }] of moves.entries()) {
        if (i === cut) table = valueTable(table.columns());
        const key = `${state} ${action}`;
        table.support(state, action);
        table.move(state, action, { target, rate: 0.5 });
        plain.set(key, ((plain.get(key) ?? 0) + target) / 2);
        for (let s = 0; s < 4; s++) {
          const left = [...plain].filter(([k]) => k.startsWith(`${s} `) && !isTaken(Number(k.split(" ")[1])));
          const wanted = left.length === 0 ? undefined : Math.max(...left.map(([, value]) => value));
          assert.equal(table.best(s, isTaken), wanted);
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
