import assert from "node:assert/strict";
import { test } from "node:test";
import { random } from "../math/random";
import { nextItemConfig } from "./nextItemConfig";
import { disposeOf, nextItemNetwork } from "./nextItemNetwork";

test("an item's bias starts as the log of how often it is had beside the others, one more for each", () => {
  const config = nextItemConfig({ width: 4, units: 4, start: "random" });
  const network = nextItemNetwork(config, Float64Array.of(0, 3, 7, 1), random(1));
  const bias = [...network.itemBias.dataSync()];
  for (const [item, count] of [1, 4, 8, 2].entries())
    assert.ok(Math.abs(bias[item] - Math.log((4 * count) / 15)) < 1e-6);
  disposeOf(network);
});
