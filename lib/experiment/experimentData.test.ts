import assert from "node:assert/strict";
import { test } from "node:test";
import { syntheticDataset } from "../data/synthetic";
import { experimentData } from "./experimentData";

test("data is cut by time, unless the dataset says otherwise, unless the caller does", () => {
  const dataset = syntheticDataset({ config: { users: 40, items: 40, genres: 4, rows: [8, 14] } });
  const own = { ...dataset, protocol: "leave-one-out" as const };
  assert.equal(experimentData(dataset).split.protocol, "temporal");
  assert.equal(experimentData(own).split.protocol, "leave-one-out");
  assert.equal(experimentData(own, { protocol: "temporal" }).split.protocol, "temporal");
});
