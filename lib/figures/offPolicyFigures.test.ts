import assert from "node:assert/strict";
import { test } from "node:test";
import { countedIntervals } from "./countedIntervals";
import { estimatesPlot } from "./estimatesPlot";
import type { Figure } from "./figure";
import { judgementsPlot } from "./judgementsPlot";
import { reliabilityPlot } from "./reliabilityPlot";
import { heldByHeaviest, weightCurvePlot } from "./weightCurvePlot";

type Trace = { name?: string; mode?: string; type: string; x: number[]; y: number[]; xaxis: string };
const tracesOf = (figure: Figure): Trace[] => figure.data as unknown as Trace[];
const textsOf = (figure: Figure): string[] =>
  (figure.layout.annotations as { text: string }[]).map(({ text }) => text);
const dataset = "invented";

test("guesses are counted into bars on one axis, and those beyond it in words", () => {
  const near = { heading: "near", truth: 0.5, values: [0.1, 0.15, 0.55, 3] };
  const figure = estimatesPlot({ situations: [near], range: [0, 1], bins: 10, dataset });
  const bars = tracesOf(figure).find(({ type }) => type === "bar")!;
  assert.deepEqual(bars.y, [0, 2, 0, 0, 0, 1, 0, 0, 0, 0]);
  assert.ok(textsOf(figure).includes("1 further right"));
  assert.ok(!textsOf(figure).some((text) => /further left/.test(text)));
  const mean = tracesOf(figure).find(({ name }) => name === "mean of the guesses")!;
  assert.ok(Math.abs(mean.x[0] - 0.95) < 1e-12);
  assert.equal(figure.caption, "near 0.950 on average, the truth 0.500.");
  assert.throws(
    () => estimatesPlot({ situations: [{ ...near, values: [] }], range: [0, 1], dataset }),
    /guesses of "near", got none/,
  );
});

test("all intervals are counted, the first ones drawn, red where they miss", () => {
  const panel = { heading: "far", truth: 0.5, lower: [0.4, 0.6, -9], upper: [0.6, 0.7, 0.1] };
  const figure = countedIntervals({ panels: [panel], range: [0, 1], shown: 2, dataset });
  const [held, missed] = ["holds the truth", "misses it"].map(
    (kind) => tracesOf(figure).find(({ name }) => name === kind)!,
  );
  assert.deepEqual(
    [held.x, held.y],
    [
      [0.4, 0.6, null],
      [1, 1, null],
    ],
  );
  assert.deepEqual(missed.x, [0.6, 0.7, null]);
  assert.equal(figure.caption, "far: 1 of 3 intervals hold the truth.");
  assert.doesNotMatch(JSON.stringify(figure.layout), /are cut/);
  const all = countedIntervals({ panels: [panel], range: [0, 1], dataset });
  assert.match(JSON.stringify(all.layout), /the first 3 logs; long ones are cut/);
  assert.throws(
    () => countedIntervals({ panels: [{ ...panel, lower: [1] }], range: [0, 1], dataset }),
    /intervals of "far", got 1 and 3 ends/,
  );
});

test("the heaviest rounds come first, and the caption says what one holds", () => {
  const shares = heldByHeaviest([1, 6, 3]);
  for (const [i, wanted] of [0.6, 0.9, 1].entries()) assert.ok(Math.abs(shares[i] - wanted) < 1e-12);
  const figure = weightCurvePlot({
    ...{ logs: [{ name: "men", weights: [1, 6, 3], effectiveSampleSize: 100 / 46 }], dataset },
  });
  assert.equal(
    figure.caption,
    "men: 3 rounds tell as much as 2.2. In men a single round holds 60% of all weight.",
  );
});

test("what never came about stands on the floor of the axis; the worst guess is named", () => {
  const bin = { predicted: 0.02, frequency: 0, lower: 0, upper: 0.1 };
  const guess = (name: string, error: number) => ({ name, bins: [bin], expectedCalibrationError: error });
  const figure = reliabilityPlot({ guesses: [guess("raw", 0.43), guess("mended", 0.02)], dataset });
  const raw = tracesOf(figure).find(({ name }) => name === "raw: 43% misplaced")!;
  assert.deepEqual([raw.x, raw.y], [[0.02], [0.01]]);
  assert.match(figure.caption, /it is told raw: 43% of the probability/);
});

test("policies stand in the order of their truth, and whom each way puts first is said", () => {
  const truths = { plain: 0.3, best: 0.5, copy: 0.4 };
  const rows = Object.keys(truths).map((name, i) => ({ name, value: i, lower: i - 1, upper: i + 1 }));
  const way = { heading: "NDCG", x: "NDCG@5", rows, sameUnit: false };
  const figure = judgementsPlot({ truths, ways: [way, { ...way, sameUnit: true }], marked: "copy", dataset });
  assert.deepEqual((figure.layout.yaxis as { ticktext: string[] }).ticktext, ["plain", "copy", "best"]); // upwards
  const diamonds = tracesOf(figure).filter(({ name }) => name === "the truth");
  assert.deepEqual(
    diamonds.map(({ x, xaxis }) => [x, xaxis]),
    [[[0.5, 0.4, 0.3], "x2"]],
  );
  assert.equal(figure.caption, "The truly best is best; NDCG puts copy first, NDCG puts copy first.");
  assert.throws(
    () => judgementsPlot({ truths: { ...truths, other: 1 }, ways: [way], dataset }),
    /NDCG of every policy, got none of other/,
  );
});
