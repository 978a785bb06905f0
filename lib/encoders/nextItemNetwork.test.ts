import assert from "node:assert/strict";
import { test } from "node:test";
import { random } from "../math/random";
import { gaussian } from "../tensors/initialisers";
import { type Tensor2D, tf } from "../tensors/tf";
import { nextItemConfig } from "./nextItemConfig";
import { disposeOf, type NextItemBatch, nextItemLoss, nextItemNetwork } from "./nextItemNetwork";

const [items, width, units, entries] = [7, 3, 4, 5];
const counts = Float64Array.from({ length: items }, (_, item) => item + 1);

function networkOf(geometry: "unit" | "inner") {
  const config = nextItemConfig({ width, units, geometry });
  return nextItemNetwork(config, counts, random(1));
}

/** Five entries of one window, each with its next item. */
function batchOf(rows?: Int32Array, correction?: Float32Array): NextItemBatch {
  const labels = Int32Array.of(1, 4, 0, 6, 1);
  const at = rows ? labels.map((label) => rows.indexOf(label)) : labels;
  return {
    items: tf().tensor2d([3, 1, 4, 0, 6], [1, entries], "int32"),
    weights: tf().tensor3d(gaussian(entries, 1, random(2)), [1, entries, 1]),
    places: tf().tensor1d([0, 1, 2, 3, 4], "int32"),
    labels: tf().tensor1d(labels, "int32"),
    inputMask: tf().ones([1, entries, width]),
    stateMask: tf().ones([entries, units]) as Tensor2D,
    ...(rows
      ? {
          candidates: {
            rows: tf().tensor1d(rows, "int32"),
            labels: tf().tensor1d(at, "int32"),
            correction: tf().tensor1d(correction!),
          },
        }
      : {}),
  };
}

for (const geometry of ["unit", "inner"] as const)
  test(`${geometry}: with candidates, each logit counts less the log of how often it is drawn`, () => {
    const network = networkOf(geometry);
    const loss = (batch: NextItemBatch): number =>
      tf().tidy(() => nextItemLoss(network, batch).dataSync()[0]);
    const whole = loss(batchOf());
    const all = Int32Array.from({ length: items }, (_, item) => item);
    assert.ok(Math.abs(loss(batchOf(all, new Float32Array(items))) - whole) < 1e-5);

    // A correction c is a bias of −c: the same numbers in the bias, with the sign turned, give the same loss.
    const correction = gaussian(items, 1.5, random(3));
    const corrected = loss(batchOf(all, correction));
    tf().tidy(() => network.itemBias.assign(network.itemBias.sub(tf().tensor1d(correction))));
    assert.ok(Math.abs(loss(batchOf()) - corrected) < 1e-5);
    tf().tidy(() => network.itemBias.assign(network.itemBias.add(tf().tensor1d(correction).mul(2))));
    assert.ok(Math.abs(loss(batchOf()) - corrected) > 0.01); // the other sign is another loss
    disposeOf(network);
  });

test("an item that is drawn twice as often and corrected for it weighs as much as one that is drawn once", () => {
  // Softmax over draws: k copies of an item with log k taken off each count as the item itself.
  const network = networkOf("unit");
  const loss = (batch: NextItemBatch): number => tf().tidy(() => nextItemLoss(network, batch).dataSync()[0]);
  const all = Int32Array.from({ length: items }, (_, item) => item);
  const doubled = Int32Array.of(...all, 2, 3, 3);
  const copies = Float32Array.from(doubled, (item) => Math.log([1, 1, 2, 3, 1, 1, 1][item]));
  assert.ok(Math.abs(loss(batchOf(doubled, copies)) - loss(batchOf())) < 1e-5);
  disposeOf(network);
});
