import assert from "node:assert/strict";
import { test } from "node:test";
import { syntheticDataset } from "../data/synthetic";
import { prepareData } from "./preparedData";

test("data is cut by time, unless the dataset says otherwise, unless the caller does", () => {
  const dataset = syntheticDataset({ config: { users: 40, items: 40, genres: 4, rows: [8, 14] } });
  const own = { ...dataset, protocol: "leave-one-out" as const };
  assert.equal(prepareData(dataset).split.protocol, "temporal");
  assert.equal(prepareData(own).split.protocol, "leave-one-out");
  assert.equal(prepareData(own, { protocol: "temporal" }).split.protocol, "temporal");
});

test("other shares are cut as asked, also where validation rows are learned from", () => {
  const dataset = syntheticDataset({ seed: 1 });
  const { size } = dataset.interactions;
  const asked = { testRatio: 0.3, validationRatio: 0.2 };
  for (const refit of [false, true]) {
    const data = prepareData(dataset, { ...asked, refit });
    assert.equal(data.split.train.length, Math.floor(size / 2));
    assert.equal(data.split.test[0], Math.floor(0.7 * size));
    assert.equal(data.rows.length, Math.floor((refit ? 0.7 : 0.5) * size));
  }
  assert.throws(() => prepareData(dataset, { testRatio: 1 }), /requires rows for train/);
});
