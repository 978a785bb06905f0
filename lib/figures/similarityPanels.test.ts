import assert from "node:assert/strict";
import { test } from "node:test";
import { similarityPanels } from "./similarityPanels";

const about = { title: "Toy", caption: "A toy.", dataset: "invented" };

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

test("what is not square is refused by name", () => {
  const matrices = [{ heading: "odd", cosines: new Float64Array(3) }];
  assert.throws(() => similarityPanels({ matrices, ...about }), /square matrices, got 3 numbers in "odd"/);
  assert.throws(() => similarityPanels({ matrices: [], ...about }), /at least one matrix/);
});
