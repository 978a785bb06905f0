import assert from "node:assert/strict";
import { test } from "node:test";
import { pairedInterval } from "../math/bootstrap";
import { random } from "../math/random";
import { markedDifferences } from "./markedDifferences";

const side = (p: number) => ({ lower: 0.1, upper: 0.3, p });

test("a mark is for what stands when all are counted, and for nothing whose interval holds 0", () => {
  assert.deepEqual(markedDifferences([side(0.001), side(0.04)]).marks, ["*", "*"]);
  assert.deepEqual(markedDifferences([side(0.001), side(0.04), side(0.03)]).marks, ["*", "", ""]);
  assert.deepEqual(markedDifferences([side(0.04)]).marks, ["*"]);
  assert.deepEqual(markedDifferences([{ lower: -0.1, upper: 0.3, p: 0.01 }]).marks, [""]);
  assert.deepEqual(
    markedDifferences([
      { lower: -0.3, upper: -0.1, p: 0.01 },
      { lower: 1, upper: 2 },
    ]).marks,
    ["*", ""],
  );
});

test("the number looked at is told; nothing is told of none", () => {
  assert.match(markedDifferences([side(0.2), side(0.1)]).notes[0], /^2 paired differences were looked at/);
  assert.match(markedDifferences([side(0.2)]).notes[0], /^1 paired difference was looked at/);
  assert.deepEqual(markedDifferences([]), { marks: [], notes: [] });
});

test("of tables of ten differences without an effect few have a mark, though many an interval leaves 0 out", () => {
  let [tables, intervals] = [0, 0];
  for (let table = 0; table < 100; table++) {
    const draw = random(table);
    const differences = Array.from({ length: 10 }, () => {
      const values = Float64Array.from({ length: 40 }, () => draw.normal());
      return pairedInterval(values, new Float64Array(40), draw, { resamples: 100 });
    });
    intervals += differences.filter(({ lower, upper }) => lower > 0 || upper < 0).length;
    tables += markedDifferences(differences).marks.includes("*") ? 1 : 0;
  }
  assert.ok(intervals > 40, `${intervals} of 1000`);
  assert.ok(tables <= 10, `${tables} of 100`);
});
