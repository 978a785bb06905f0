import assert from "node:assert/strict";
import { test } from "node:test";
import { historiesOf } from "../data/histories";
import { smallLog } from "../data/smallLog.fixture";
import { temporalSplit } from "../data/split";
import { meanOf } from "../math/mean";
import { random } from "../math/random";
import { tf } from "../tensors/tf";
import { candidateCount, drawCandidates, largestRows } from "./candidates";
import { fittingEpochs, nextItemData, trainNextItem } from "./nextItem";
import { nextItemBatch } from "./nextItemBatch";
import { nextItemFingerprint } from "./nextItemCache";
import { nextItemConfig } from "./nextItemConfig";
import { disposeOf, nextItemLoss, nextItemNetwork } from "./nextItemNetwork";
import { epochWindows } from "./windows";

/** 40 users over 60 items in ten rounds: mostly the next item of a circle, else a popular one. */
const draw = random(4);
const log = smallLog(
  Array.from({ length: 1200 }, (_, row): [number, number, number] => [
    row % 40,
    draw.next() < 0.7 ? ((row % 40) + Math.floor(row / 40)) % 60 : Math.floor(60 * draw.next() ** 3),
    1 + draw.integer(5),
  ]),
  { users: 40, items: 60 },
);

test("auto is the whole catalogue up to 20,000 items and 4,000 drawn beyond; a number is for larger ones", () => {
  assert.deepEqual(
    [20_000, 20_001, 150_000].map((items) => candidateCount("auto", items)),
    [undefined, 4000, 4000],
  );
  assert.deepEqual(
    [9, 10, 11].map((items) => candidateCount(10, items)),
    [undefined, undefined, 10],
  );
  assert.equal(candidateCount("all", 1e6), undefined);
  const data = nextItemData(log, temporalSplit(log));
  const [auto, all] = [{}, { candidates: "all" as const }].map((changes) =>
    nextItemFingerprint(data, nextItemConfig(changes)),
  );
  assert.equal(auto, all); // one model for both where they are the same
});

test("a large log is read fewer times, a small one more often", () => {
  assert.deepEqual(
    [1000, 100_000, 240_000, 2_400_000, 4_800_000, 16_000_000, 1e9].map(fittingEpochs),
    [24, 20, 8, 8, 4, 1, 1],
  );
});

test("items that are always there are candidates for certain, each once", () => {
  const { rows, correction } = drawCandidates(Int32Array.of(7, 3), 4, 20, random(1), Int32Array.of(3, 9));
  assert.deepEqual([...rows.subarray(0, 3)], [7, 3, 9]);
  assert.equal(new Set(rows).size, 7);
  const log = Math.fround(Math.log(4 / 17));
  assert.deepEqual([...correction], [0, 0, 0, log, log, log, log]);
});

test("the sampled loss of a batch is the whole one where all are drawn, and near it on average", () => {
  const histories = historiesOf(
    log,
    Int32Array.from({ length: log.size }, (_, row) => row),
  );
  const settings = { width: 8, units: 12, window: 10, dropout: 0, startTemperature: 0.5 };
  const counts = new Float64Array(60);
  for (const item of histories.items) counts[item]++;
  const network = nextItemNetwork(nextItemConfig(settings), counts, random(1));
  const windows = epochWindows(histories, 10, random(2));
  const { sequence } = network;
  const source = { sequence, histories, windows, weightScale: { centre: 3, spread: 1 }, itemCount: 60 };
  const lossWith = (candidates: number | "all", seed: number): number =>
    tf().tidy(() => {
      const config = nextItemConfig({ ...settings, candidates });
      const batch = nextItemBatch(source, Int32Array.of(0, 5, 9), config, random(seed));
      return nextItemLoss(network, batch).dataSync()[0];
    });
  const whole = lossWith("all", 1);
  assert.ok(Math.abs(lossWith(59, 1) - whole) < 1e-5);
  tf().tidy(() => {
    const wide = { ...source, itemCount: 20_001, always: largestRows(Float32Array.of(1, 7, 3, 7, 9), 3) };
    const { candidates } = nextItemBatch(wide, Int32Array.of(0), nextItemConfig(settings), random(1));
    const rows = [...candidates!.rows.dataSync()];
    for (const item of [4, 1, 3]) assert.ok(rows.includes(item));
    assert.equal([...candidates!.correction.dataSync()].filter((log) => log < 0).length, 4000);
  });
  const some = Array.from({ length: 50 }, (_, seed) => lossWith(15, seed));
  assert.ok(Math.abs(meanOf(some) - whole) < 0.03, `${meanOf(some)} is not near ${whole}`);
  disposeOf(network);
});

test("a model of sampled candidates ranks about as well as one of all", async () => {
  const data = nextItemData(log, temporalSplit(log));
  const settings = { width: 8, units: 12, epochs: 6, batchSize: 8, window: 10, seed: 3 };
  const reached: number[] = [];
  for (const candidates of ["all", 15] as const) {
    const model = await trainNextItem(data, { ...settings, candidates });
    reached.push(Math.max(...model.training.map(({ validationNdcg }) => validationNdcg!)));
    model.dispose();
  }
  const [whole, sampled] = reached;
  assert.ok(whole > 0.2 && sampled > whole - 0.05, `${reached}`);
});
