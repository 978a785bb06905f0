import assert from "node:assert/strict";
import { test } from "node:test";
import { matrixPanels } from "./matrixPanels";

const about = { title: "Toy", caption: "A toy.", dataset: "invented" };

test("one heat map a matrix, one colour scale, numbers written in", () => {
  const figure = matrixPanels({
    matrices: [
      { heading: "read", values: [[1, 0]] },
      { heading: "guess", values: [[0.517, -0.001]] },
    ],
    rows: ["Ann"],
    columns: ["Emma", "Dune"],
    ...about,
  });
  assert.deepEqual(
    figure.data.map(({ text, zmax }) => [text, zmax]),
    [
      [[["1", "0"]], 1],
      [[["0.52", "0"]], 1],
    ],
  );
});

test("a matrix of another shape is refused by name", () => {
  assert.throws(
    () =>
      matrixPanels({
        matrices: [{ heading: "odd", values: [[1]] }],
        rows: ["a"],
        columns: ["x", "y"],
        ...about,
      }),
    /1 × 2 values, got another shape in "odd"/,
  );
});
