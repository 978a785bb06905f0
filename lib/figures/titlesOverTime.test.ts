import assert from "node:assert/strict";
import { test } from "node:test";
import { titlesOverTime } from "./titlesOverTime";

test("each title has its line in percent, named at its peak", () => {
  const figure = titlesOverTime({
    titles: ["Steady", "Comet (Comet, #1)"],
    shares: [
      [0.02, 0.02],
      [0, 0.05],
    ],
    dataset: "invented",
  });
  assert.deepEqual(
    figure.data.map((trace) => trace.y),
    [
      [2, 2],
      [0, 5],
    ],
  );
  const labels = figure.layout.annotations as { x: number; text: string }[];
  assert.deepEqual(
    labels.map(({ x, text }) => [x, text]),
    [
      [1, "Steady"],
      [2, "Comet"],
    ],
  );
  assert.match(figure.caption, /"Comet" takes 5\.0% of a part's ratings, 2\.0 times its average/);
  assert.throws(() => titlesOverTime({ titles: ["a"], shares: [], dataset: "x" }), /each of 1 titles, got 0/);
});
