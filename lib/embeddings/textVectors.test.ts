import assert from "node:assert/strict";
import { test } from "node:test";
import { random } from "../math/random";
import { cosine, normaliseRows } from "../math/vectors";
import { textVectors } from "./textVectors";

// Texts whose first three of six numbers decide the trained vector; items 40 and up were never trained.
const [items, width, size] = [50, 6, 3];
const draw = random(5);
const texts = normaliseRows(
  Float32Array.from({ length: items * width }, () => draw.normal()),
  width,
);
const truth = normaliseRows(
  Float32Array.from({ length: items * size }, (_, at) => texts[Math.floor(at / size) * width + (at % size)]),
  size,
);
const counts = Array.from({ length: items }, (_, item) => (item < 40 ? 5 + item : 0));
const vectors = truth.map((value, at) => (counts[Math.floor(at / size)] > 0 ? value : draw.normal()));
const settings = [0.001, 1, 100].map((strength) => ({ by: "ridge" as const, strength }));
const rowOf = (matrix: Float32Array, row: number): Float32Array =>
  matrix.subarray(row * size, (row + 1) * size);

test("items that were never trained get vectors from those that were, of length 1", () => {
  const made = textVectors({ texts, vectors, counts }, random(1), { settings });
  assert.deepEqual(made.best.setting, settings[0]);
  assert.equal(made.learnedFrom, 40);
  assert.equal(made.best.cosine, Math.max(...made.trials.map((trial) => trial.cosine)));
  assert.ok(made.best.cosine > 0.9);
  let sum = 0;
  for (let item = 40; item < items; item++) {
    sum += cosine(rowOf(made.vectors, item), rowOf(truth, item));
    assert.ok(Math.abs(Math.hypot(...rowOf(made.vectors, item)) - 1) < 1e-5);
  }
  assert.ok(sum / 10 > 0.9, `${sum / 10}`);
});

test("where items come in tight groups, near texts know what no straight map can", () => {
  const groups = normaliseRows(
    Float32Array.from({ length: 25 * width }, () => draw.normal()),
    width,
  );
  const grouped = normaliseRows(
    Float32Array.from({ length: items * width }, (_, at) => groups[at % (25 * width)] + 0.02 * draw.normal()),
    width,
  );
  const own = normaliseRows(
    Float32Array.from({ length: 25 * size }, () => draw.normal()),
    size,
  );
  const trained = Float32Array.from({ length: items * size }, (_, at) => own[at % (25 * size)]);
  const popularity = Float32Array.from({ length: items }, (_, item) => (item < 40 ? item % 25 : 1000));
  const made = textVectors({ texts: grouped, vectors: trained, counts, biases: popularity }, random(1));
  assert.equal(made.best.setting.by, "neighbours");
  // Items 40 .. 49 are of groups 15 .. 24, each of which has one trained member; their own biases are not read.
  for (let item = 40; item < items; item++)
    assert.ok(Math.abs(made.biases![item] - (item % 25)) < 3, `${item}: ${made.biases![item]}`);
  for (let item = 40; item < items; item++)
    assert.ok(cosine(rowOf(made.vectors, item), rowOf(trained, item)) > 0.8);
});

test("vectors of items below the minimum count play no part", () => {
  const other = vectors.slice();
  for (let at = 40 * size; at < other.length; at++) other[at] = 100;
  const options = { minimumCount: 10 };
  for (let at = 0; at < 5 * size; at++) other[at] = -100; // counts 5 .. 9
  assert.deepEqual(
    textVectors({ texts, vectors: other, counts }, random(1), options),
    textVectors({ texts, vectors, counts }, random(1), options),
  );
});

test("too few items, and sizes that do not fit, are refused", () => {
  assert.throws(
    () => textVectors({ texts, vectors, counts }, random(1), { minimumCount: 40 }),
    /at least 10 items of 40 interactions, got 5/,
  );
  assert.throws(
    () => textVectors({ texts: texts.slice(1), vectors, counts }, random(1)),
    /a text and a vector/,
  );
  assert.throws(
    () => textVectors({ texts, vectors, counts }, random(1), { minimumCount: 0 }),
    /from 1, got 0/,
  );
});
