import assert from "node:assert/strict";
import { test } from "node:test";
import { progressBar } from "./progressBar";

const written = (isTTY: boolean) => {
  const texts: string[] = [];
  return { isTTY, texts, write: (text: string) => texts.push(text) };
};

test("in a terminal one line is rewritten, and ended once", () => {
  const out = written(true);
  const progress = progressBar("model", out);
  progress.update(1, 10, "loss 6.9");
  progress.update(2, 10); // at once: too early to be drawn
  progress.end("done");
  assert.deepEqual(out.texts, ["\r\u001b[2Kmodel: 1/10 · loss 6.9", "\r\u001b[2Kmodel: 2/10 · done\n"]);
});

test("elsewhere one line when it is over, none where nothing had to be done", () => {
  const out = written(false);
  progressBar("cached", out).end();
  const progress = progressBar("model", out);
  for (let i = 1; i <= 5; i++) progress.update(i, 5, `step ${i}`);
  progress.end();
  assert.deepEqual(out.texts, ["model: 5/5 · step 5\n"]);
});
