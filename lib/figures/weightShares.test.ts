import assert from "node:assert/strict";
import { test } from "node:test";
import { shareCurve, weightShares } from "./weightShares";

type Trace = { name?: string; mode: string; x: number[]; y: number[] };

test("shares: the heaviest first, all of it at the end", () => {
  const { rounds, shares, effectiveSampleSize } = shareCurve(Float64Array.of(1, 0, 3, 4));
  assert.deepEqual([...rounds], [1, 2, 3, 4]);
  assert.deepEqual([...shares], [0.5, 0.875, 1, 1]);
  assert.ok(Math.abs(effectiveSampleSize - 64 / 26) < 1e-12);
  assert.deepEqual([...shareCurve(Float64Array.of(7)).shares], [1]);
});

test("equal weights: n_e is their number, and thinning keeps the first, the last and the values between", () => {
  const { rounds, shares, effectiveSampleSize } = shareCurve(new Float64Array(100_000).fill(0.3));
  assert.ok(Math.abs(effectiveSampleSize - 100_000) < 1e-4);
  assert.ok(rounds.length <= 300 && rounds.length > 200);
  assert.deepEqual([rounds[0], rounds[rounds.length - 1]], [1, 100_000]);
  rounds.forEach((count, i) => {
    assert.ok(Math.abs(shares[i]! - count / 100_000) < 1e-9);
  });
});

test("the weights given stay in their order", () => {
  const weights = Float64Array.of(1, 3, 2);
  shareCurve(weights);
  assert.deepEqual([...weights], [1, 3, 2]);
});

test("a dot stands on its curve at n_e, and the legend and the caption say the number", () => {
  const logs = [
    { name: "even", weights: new Float64Array(1000).fill(1) },
    { name: "odd", weights: Float64Array.from({ length: 4000 }, (_, i) => (i === 9 ? 12_000 : 1)) },
  ];
  const figure = weightShares({ logs, dataset: "invented" });
  const [line, dot, , odd] = figure.data as unknown as Trace[];
  assert.equal(line!.name, "even: 1,000 rounds, n<sub>e</sub> = 1,000");
  assert.deepEqual([dot!.x, dot!.y], [[1000], [100]]);
  const few = 15_999 ** 2 / (12_000 ** 2 + 3999);
  assert.ok(Math.abs(odd!.x[0]! - few) < 1e-9);
  assert.ok(odd!.y[0]! > 75 && odd!.y[0]! < 75.1, `${odd!.y[0]}`);
  assert.equal(
    figure.caption,
    "even: 1,000 rounds tell as much as 1,000; odd: 4,000 rounds tell as much as 1.8. In odd a single round holds 75% of all weight.",
  );
  const texts = (figure.layout.annotations as { text: string }[]).map(({ text }) => text);
  assert.deepEqual(texts, ["n<sub>e</sub> = 1,000", "n<sub>e</sub> = 1.8", "one round holds 75%"]);
});

test("what is no weight is refused", () => {
  assert.throws(() => shareCurve(Float64Array.of(1, -1)), /weights of 0 or more, got -1/);
  assert.throws(() => shareCurve(new Float64Array(3)), /a weight above 0, got none/);
  assert.throws(() => weightShares({ logs: [], dataset: "x" }), /at least one log, got none/);
});
