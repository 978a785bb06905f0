import assert from "node:assert/strict";
import { test } from "node:test";
import { cellProgress } from "./cellProgress";

function outlet() {
  const shown: { text: string; html: string; update: boolean }[] = [];
  let time = 0;
  return {
    shown,
    pass: (milliseconds: number) => {
      time += milliseconds;
    },
    show: (html: string, text: string, update: boolean) => void shown.push({ html, text, update }),
    now: () => time,
  };
}

test("the first state makes the place, the later ones replace it", () => {
  const page = outlet();
  const progress = cellProgress("training", page);
  progress.update(1, 4, "loss 3");
  page.pass(1000);
  progress.update(2, 4, "loss 2");
  progress.end();
  assert.deepEqual(
    page.shown.map(({ text, update }) => [text, update]),
    [
      ["training: 1/4 · loss 3 · 0 s left", false],
      ["training: 2/4 · loss 2 · 1 s left", true],
      ["training: 2/4 · loss 2", true],
    ],
  );
  assert.match(page.shown[1].html, /width:50\.0%/);
});

test("a thousand quick updates become few messages", () => {
  const page = outlet();
  const progress = cellProgress("steps", page);
  for (let step = 1; step <= 1000; step++) {
    page.pass(1);
    progress.update(step, 1000);
  }
  progress.end();
  assert.equal(page.shown.length, 5); // at 1, 251, 501 and 751 milliseconds, and the end
  assert.equal(page.shown[4].text, "steps: 1000/1000");
});

test("what needed no work shows nothing", () => {
  const page = outlet();
  cellProgress("training", page).end();
  assert.deepEqual(page.shown, []);
});

test("outside a notebook nothing is shown and nothing fails", () => {
  const progress = cellProgress("quiet");
  progress.update(1, 2);
  progress.end();
  assert.equal("__tslab__" in globalThis, false);
});
