import assert from "node:assert/strict";
import { test } from "node:test";
import { tuningHistory, tuningInfluence } from "./tuningPlot";

const dataset = "some data";

test("every trial is a dot, the best so far a line to the end, and the default settings a rule", () => {
  const figure = tuningHistory({
    ...{ dataset, metric: "NDCG@10", start: 0.2 },
    trials: [
      { number: 0, value: 0.2 },
      { number: 1, reached: 0.16 },
      { number: 2, value: 0.3, text: "discount 0.5" },
      { number: 3, value: 0.25 },
      { number: 4, reached: 0.01 },
      { number: 5 }, // nothing is known of it
    ],
  });
  const of = (name: string) => figure.data.find((trace) => trace.name === name)!;
  assert.deepEqual(
    [of("best so far").x, of("best so far").y],
    [
      [0, 2, 2, 3, 5],
      [0.2, 0.2, 0.3, 0.3, 0.3],
    ],
  );
  assert.deepEqual(
    [of("trial").x, of("trial").y],
    [
      [0, 2, 3],
      [0.2, 0.3, 0.25],
    ],
  );
  assert.deepEqual([of("stopped early").x, of("stopped early").y], [[1], [0.16]]);
  // One far below stands at the edge, with its number in its text.
  const down = of("stopped early, further down");
  assert.deepEqual(
    [down.x, (down.y as number[])[0] > 0.13, String(down.text).includes("0.0100")],
    [[4], true, true],
  );
  assert.deepEqual(of("default settings").y, [0.2, 0.2]);
  assert.match(figure.caption, /best of 3 trials is number 2 with 0\.3000.* default settings reach 0\.2000/);
  assert.throws(() => tuningHistory({ dataset, metric: "NDCG@10", trials: [] }), /requires a complete trial/);
});

test("the most influential setting is on top", () => {
  const figure = tuningInfluence({ dataset, shares: { a: 0.2, b: 0.8 }, trials: 12 });
  const [bar] = figure.data;
  assert.deepEqual(bar.x, [0.8, 0.2]);
  assert.match(figure.caption, /Of 2 settings b has the largest share, 0\.80, in 12 trials/);
});
