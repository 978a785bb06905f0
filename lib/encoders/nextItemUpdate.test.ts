import assert from "node:assert/strict";
import { test } from "node:test";
import { random } from "../math/random";
import { withSwitch } from "../tensors/switches";
import { tf } from "../tensors/tf";
import { type NextItemConfig, nextItemConfig } from "./nextItemConfig";
import { disposeOf, nextItemNetwork } from "./nextItemNetwork";
import { nextItemUpdate } from "./nextItemUpdate";
import { encoderNames } from "./sequenceNetworks";
import { historiesOfLengths } from "./smallHistories.fixture";
import { epochWindows, windowBatches } from "./windows";

const items = 15;
const histories = historiesOfLengths([9, 1, 14, 5, 20, 2, 7, 11], { items, seed: 1 });

/** Weights of the average, losses and what was refused after two epochs. */
function trained(changes: Partial<NextItemConfig>) {
  const config = nextItemConfig({ width: 4, units: 6, window: 6, frameSize: 3, batchSize: 4, ...changes });
  const draw = random(7);
  const network = nextItemNetwork(config, new Float64Array(items).fill(1), draw);
  const windows = epochWindows(histories, config.window, draw);
  const batches = windowBatches(windows, config.batchSize, draw);
  const source = {
    ...{ sequence: network.sequence, histories, windows, weightScale: { centre: 3, spread: 1 } },
    ...{ itemCount: items, always: Int32Array.of(1, 2) },
  };
  const update = nextItemUpdate(network, source, { batches, epochs: 2 });
  const losses = [...batches, ...batches].map((chosen) => update.apply(source, chosen, draw).loss);
  const weights = update.averaged.variables.map((each) => Float32Array.from(each.dataSync()));
  const refused = update.refused();
  update.dispose();
  disposeOf(network);
  return { losses, weights, refused, lengths: new Set(batches.map((batch) => batch.length)) };
}

const compiled = (changes: Partial<NextItemConfig>) =>
  withSwitch("OFFSHELF_COMPILED", () => trained(changes));
const eager = (changes: Partial<NextItemConfig>) => withSwitch("OFFSHELF_EAGER", () => trained(changes));

const kinds: readonly Partial<NextItemConfig>[] = [
  ...encoderNames.map((encoder) => ({ encoder })),
  { geometry: "inner", dropout: 0 },
  { candidates: 3 },
];

for (const changes of kinds)
  test(`${JSON.stringify(changes)}: compiled, padded updates are those operation by operation`, () => {
    const [one, other] = [compiled(changes), eager(changes)];
    assert.equal(one.refused, undefined);
    assert.match(other.refused ?? "", /OFFSHELF_EAGER/);
    assert.ok(one.lengths.size > 1); // the last batch is a smaller one
    one.losses.forEach((loss, i) => {
      assert.ok(
        Math.abs(loss - other.losses[i]) < 1e-4 * Math.abs(loss),
        `loss ${i}: ${loss}, ${other.losses[i]}`,
      );
    });
    one.weights.forEach((values, i) => {
      values.forEach((value, k) => {
        assert.ok(
          Math.abs(value - other.weights[i][k]) < 2e-3,
          `${i} ${k}: ${value}, ${other.weights[i][k]}`,
        );
      });
    });
  });

test("no tensor stays behind, compiled or not", () => {
  compiled({});
  const before = tf().memory().numTensors;
  compiled({});
  eager({});
  assert.equal(tf().memory().numTensors, before);
});

test("lengths that come seldom run operation by operation", () => {
  const [usual, other] = [trained({}), eager({})];
  assert.deepEqual(usual.weights, other.weights);
});
