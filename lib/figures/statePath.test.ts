import assert from "node:assert/strict";
import { test } from "node:test";
import { statePath } from "./statePath";

const path = { x: [0, 1, 2, 2], y: [0, 0, 0, 1] };
const titles = ["Emma", "Persuasion", "Dune (Dune, #1)", "Foundation"];
const about = { others: { x: [3], y: [3] }, shares: [0.2, 0.1] as const, dataset: "a log" };

test("the step that is longest in all dimensions is red and named, whatever it looks like on the plane", () => {
  const figure = statePath({ path, titles, steps: [1, 4, 1], title: "A reader moves", ...about });
  assert.match(figure.caption, /to title 3, Dune \(Dune, #1\): 2\.0 times the average\.$/);
  const traces = figure.data as { x: number[]; y: number[]; line?: { width?: number } }[];
  const red = traces.find(({ line }) => line?.width === 4)!;
  assert.deepEqual(
    [red.x, red.y],
    [
      [1, 2],
      [0, 0],
    ],
  );
  const words = JSON.stringify(figure.layout);
  for (const name of ["1. Emma", "3. Dune", "4. Foundation"]) assert.match(words, new RegExp(name));
});

test("dots, titles and steps have to go together", () => {
  const wrong = { path, titles, steps: [1, 2], title: "A reader moves", ...about };
  assert.throws(() => statePath(wrong), /a step between, got 4, 4 and 2/);
});
