import assert from "node:assert/strict";
import { test } from "node:test";
import { random } from "../../math/random";
import { type ClassifiedPictures, digitsProtocol, handwrittenDigits } from "./digitsProtocol";

test("the pictures are those of the data set: how often each digit comes, and the first one's pixels", () => {
  const { size, width, labels, pixels } = handwrittenDigits();
  assert.deepEqual([size, width], [1797, 64]);
  const counts = new Int32Array(10);
  for (const label of labels) counts[label]++;
  assert.deepEqual([...counts], [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]);
  assert.deepEqual([labels[0], ...pixels.subarray(0, 8)], [0, 0, 0, 5, 13, 9, 1, 0, 0]);
  assert.equal(Math.max(...pixels), 16);
});

test("errors come in the reference's order: DM far the worst, Switch-DR, IPW, SNIPW, SNDR, then DR and DRos", () => {
  // Open Bandit Pipeline, 30 runs: .4365, .0347, .0298, .0228, .0220, .0156 and .0160.
  const found = digitsProtocol(handwrittenDigits(), { random: random(1), runs: 12 });
  const error = (name: string): number => found.find(({ estimator }) => estimator === name)!.mean;
  assert.deepEqual(found.map(({ estimator }) => estimator).slice(0, 3), ["dm", "switch-dr", "ipw"]);
  assert.ok(error("dm") > 0.3 && error("dm") > 5 * error("switch-dr"), `dm ${error("dm")}`);
  for (const better of ["dr", "dr-os"])
    for (const worse of ["snipw", "sndr"])
      assert.ok(error(better) < error(worse), `${better} ${error(better)}, ${worse} ${error(worse)}`);
});

test("where both policies always take the right class, nothing is off but the model alone", () => {
  // Two classes, told apart by one pixel; the log's choices are the target's, so every weight is 1.
  const labels = Int32Array.from({ length: 200 }, (_, i) => i % 2);
  const pictures: ClassifiedPictures = {
    ...{ size: 200, classes: 2, width: 1, labels },
    pixels: Float64Array.from(labels, (label) => 10 * label),
  };
  const found = digitsProtocol(pictures, { random: random(1), runs: 3, logged: 1, target: 1, ridge: 1 });
  for (const { estimator, mean, standardError } of found)
    if (estimator !== "dm") assert.ok(mean < 1e-9 && standardError < 1e-9, `${estimator} ${mean}`);
});
