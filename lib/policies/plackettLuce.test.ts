import assert from "node:assert/strict";
import { test } from "node:test";
import { random } from "../math/random";
import { placeLogProbabilities, sampleSlate, slateLogProbability } from "./plackettLuce";

const logits = Float64Array.of(0.3, -1, 2, 0, Number.NEGATIVE_INFINITY);
const orderedSlates: Int32Array[] = [];
for (let a = 0; a < 5; a++)
  for (let b = 0; b < 5; b++)
    for (let c = 0; c < 5; c++) if (a !== b && b !== c && a !== c) orderedSlates.push(Int32Array.of(a, b, c));

test("the probabilities of all ordered slates sum to one, and equal the definition", () => {
  let total = 0;
  const weights = [...logits].map(Math.exp);
  for (const slate of orderedSlates) {
    const p = Math.exp(slateLogProbability(logits, slate));
    let left = weights.reduce((x, y) => x + y);
    let byHand = 1;
    for (const row of slate) {
      byHand *= weights[row] / left;
      left -= weights[row];
    }
    assert.ok(Math.abs(p - byHand) < 1e-12);
    total += p;
  }
  assert.ok(Math.abs(total - 1) < 1e-12, `total ${total}`);
  assert.deepEqual(
    [...placeLogProbabilities(Float64Array.of(0, 0), Int32Array.of(1, 0))],
    [Math.log(0.5), 0],
  );
});

test("draws follow the slate probabilities (chi-square over all 24 slates)", () => {
  const draw = random(5);
  const counts = new Map<string, number>();
  const draws = 40_000;
  for (let i = 0; i < draws; i++) {
    const key = sampleSlate(logits, 3, draw).join();
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  let statistic = 0;
  for (const slate of orderedSlates) {
    const expected = draws * Math.exp(slateLogProbability(logits, slate));
    const count = counts.get(slate.join()) ?? 0;
    if (expected === 0) assert.equal(count, 0);
    else statistic += (count - expected) ** 2 / expected;
  }
  assert.ok(statistic < 49.73, `chi-square ${statistic}`); // 23 degrees of freedom, p = .001
});

test("slates that repeat or leave the range are refused; too few items shorten the slate", () => {
  assert.throws(() => slateLogProbability(logits, Int32Array.of(1, 1)), /distinct rows below 5, got 1/);
  assert.throws(() => slateLogProbability(logits, Int32Array.of(7)), /got 7/);
  assert.throws(() => sampleSlate(logits, 0, random(1)), /k of at least 1, got 0/);
  assert.equal(sampleSlate(logits, 9, random(1)).length, 4);
});
