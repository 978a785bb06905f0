import assert from "node:assert/strict";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { dot, norm } from "../math/vectors";
import { hasTextEncoder, textEmbeddings, textWidth } from "./text";

const reference = JSON.parse(readFileSync(join(__dirname, "fixtures", "text.json"), "utf8")) as {
  texts: string[];
  vectors: number[][];
};
// `npm test` brings the encoder; where only `npm start` was run, these are left out and say so.
const skip = !process.env.CI && !hasTextEncoder() && "run `npm run setup -- --text` once";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "offshelf-text-"));
  mkdirSync(join(root, "data", "cache"), { recursive: true });
});
afterEach(() => rmSync(root, { recursive: true }));

const rowOf = (vectors: Float32Array, row: number): Float32Array =>
  vectors.subarray(row * textWidth, (row + 1) * textWidth);

/** The encoder of this project, in a folder whose cache is empty. */
function withEncoder(): void {
  symlinkSync(resolve("data", "cache", "text"), join(root, "data", "cache", "text"));
}

test("five texts, of one batch, equal Python's vectors to 1e-3 in each number", { skip }, async () => {
  withEncoder();
  const vectors = await textEmbeddings(reference.texts, { root });
  let worst = 0;
  for (const [row, expected] of reference.vectors.entries())
    expected.forEach((value, i) => {
      worst = Math.max(worst, Math.abs(rowOf(vectors, row)[i] - value));
    });
  assert.ok(worst < 1e-3, `${worst}`);
  for (let row = 0; row < reference.texts.length; row++)
    assert.ok(Math.abs(norm(rowOf(vectors, row)) - 1) < 1e-5);
});

test("a text has one vector, whatever stands beside it; near meanings are near", { skip }, async () => {
  withEncoder();
  const many = Array.from({ length: 300 }, (_, i) => `Book ${i}, ${"very ".repeat(i % 40)}long`);
  const texts = ["Treasure Island", "Pirates and hidden gold", "Tax law for beginners", ...many];
  const done: number[] = [];
  const together = await textEmbeddings(texts, { root, onProgress: (count) => done.push(count) });
  const alone = await textEmbeddings(["Tax law for beginners"], { root });
  assert.ok(dot(rowOf(together, 2), alone) > 1 - 1e-5);
  assert.ok(dot(rowOf(together, 0), rowOf(together, 1)) > 0.3 + dot(rowOf(together, 0), rowOf(together, 2)));
  assert.ok(done.length > 1 && done[done.length - 1] === texts.length);
});

test("vectors are kept by their texts, and read without the encoder", { skip }, async () => {
  withEncoder();
  const first = await textEmbeddings(["one", "two"], { root });
  await textEmbeddings(["two", "one"], { root });
  assert.equal(readdirSync(join(root, "data", "cache")).filter((name) => name.endsWith(".arrays")).length, 2);
  rmSync(join(root, "data", "cache", "text"));
  assert.deepEqual(await textEmbeddings(["one", "two"], { root }), first);
});

test("without the optional install it says which command brings it", async () => {
  await assert.rejects(textEmbeddings(["one"], { root }), /run `npm run setup -- --text` once/);
  cpSync(join(__dirname, "fixtures", "text.json"), join(root, "data", "cache", "text", "model.onnx"));
  assert.equal(hasTextEncoder(root), false); // files without the stamp are an install that was broken off
});
