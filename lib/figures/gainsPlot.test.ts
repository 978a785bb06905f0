import assert from "node:assert/strict";
import { test } from "node:test";
import { gainsPlot } from "./gainsPlot";

const gain = (name: string, mean: number, reach: number) => ({
  ...{ name, mean, lower: mean - reach, upper: mean + reach },
});
const draw = (gains: ReturnType<typeof gain>[]) =>
  gainsPlot({ gains, over: "readers and three seeds", dataset: "invented" });
const ranges = (figure: ReturnType<typeof draw>) =>
  ["xaxis", "xaxis2"].map((key) => (figure.layout[key] as { range?: number[] } | undefined)?.range);

test("gains of one size share one panel, and the caption tells them", () => {
  const figure = draw([gain("TD3", -0.001, 0.002), gain("DDPG", 0.002, 0.003)]);
  assert.equal(ranges(figure)[1], undefined);
  assert.equal(figure.caption, "NDCG@10 less that of step 0: TD3 −.0010; DDPG .0020.");
});

test("beside a gain that is far from 0 the small ones are enlarged, around 0", () => {
  const figure = draw([gain("plain", -0.03, 0.01), gain("held", -0.001, 0.002)]);
  const [all, enlarged] = ranges(figure);
  assert.ok(all![0] < -0.04 && all![1] > 0.001, `${all}`);
  assert.ok(Math.abs(enlarged![0] + enlarged![1]) < 1e-12 && enlarged![1] > 0.003 && enlarged![1] < 0.005);
  assert.throws(() => draw([]), /at least one gain/);
});
