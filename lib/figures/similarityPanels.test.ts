import assert from "node:assert/strict";
import { test } from "node:test";
import { similarityPanels } from "./similarityPanels";

const about = { rows: "readers", title: "Toy", caption: "A toy.", dataset: "invented" };

test("rows are sorted so that likes stand together; one colour scale for all", () => {
  // Rows 0 and 2 are alike, and so are 1 and 3.
  const cosines = Float64Array.of(1, 0, 0.9, 0, 0, 1, 0, 0.8, 0.9, 0, 1, 0, 0, 0.8, 0, 1);
  const figure = similarityPanels({
    matrices: [
      { heading: "real", cosines },
      { heading: "made", cosines: Float64Array.of(1) },
    ],
    ...about,
  });
  const [real, made] = figure.data as unknown as [
    { z: number[][]; zmin: number },
    { z: number[][]; zmax: number },
  ];
  assert.deepEqual(real.z, [
    [1, 0.9, 0, 0],
    [0.9, 1, 0, 0],
    [0, 0, 1, 0.8],
    [0, 0, 0.8, 1],
  ]);
  assert.deepEqual([real.zmin, made.zmax, made.z], [-1, 1, [[1]]]);
});

test("panels are square: one unit is as long upright as across, and the figure leaves them just the room", () => {
  for (const count of [1, 2, 5]) {
    const matrices = Array.from({ length: count }, (_, m) => ({
      heading: `${m}`,
      cosines: new Float64Array(9).fill(0.5),
    }));
    const { layout, width, height } = similarityPanels({ matrices, ...about });
    const { margin, ...axes } = layout as unknown as {
      margin: { l: number; r: number; t: number; b: number };
    } & Record<string, Record<string, unknown>>;
    const across = width - margin.l - margin.r;
    for (let m = 0; m < count; m++) {
      const suffix = m === 0 ? "" : String(m + 1);
      const [x, y] = [axes[`xaxis${suffix}`]!, axes[`yaxis${suffix}`]!];
      assert.deepEqual([y.scaleanchor, y.constrain, x.constrain], [`x${suffix}`, "domain", "domain"]);
      const [from, to] = x.domain as [number, number];
      const free = Math.abs((to - from) * across - (height - margin.t - margin.b));
      assert.ok(free <= 1.5, `${count} panels leave ${free} pixels`);
      assert.equal((x.title as { text: string }).text, "readers");
    }
  }
});

test("what is not square is refused by name", () => {
  const matrices = [{ heading: "odd", cosines: new Float64Array(3) }];
  assert.throws(() => similarityPanels({ matrices, ...about }), /square matrices, got 3 numbers in "odd"/);
  assert.throws(() => similarityPanels({ matrices: [], ...about }), /at least one matrix/);
});
