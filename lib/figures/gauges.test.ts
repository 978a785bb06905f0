import assert from "node:assert/strict";
import { test } from "node:test";
import { gaugePosition, gauges } from "./gauges";
import type { Frame } from "./marks/mark";

const rising = [0, 30, 200, 1000] as const;
const falling = [1, 0.25, 0.05, 0] as const;
const near = (seen: number, wanted: number): void =>
  assert.ok(Math.abs(seen - wanted) < 1e-12, `${seen} is not ${wanted}`);

test("a third of the gauge for each zone, whichever way it runs", () => {
  near(gaugePosition(15, rising), 1 / 6);
  near(gaugePosition(30, rising), 1 / 3); // a threshold itself belongs to the better zone
  near(gaugePosition(115, rising), 1 / 2);
  near(gaugePosition(600, rising), 5 / 6);
  near(gaugePosition(0.25, falling), 1 / 3);
  near(gaugePosition(0.15, falling), 1 / 2);
  near(gaugePosition(0.05, falling), 2 / 3);
  near(gaugePosition(0.025, falling), 5 / 6);
});

test("beyond its ends a needle stays on the gauge", () => {
  near(gaugePosition(5000, rising), 1);
  near(gaugePosition(-1, rising), 0);
  near(gaugePosition(Number.POSITIVE_INFINITY, falling), 0);
  near(gaugePosition(0, falling), 1);
});

test("what nobody knows has no needle and no numbers", () => {
  const format = String;
  const mark = gauges([
    { label: "a", value: 30, ends: rising, format },
    { label: "b", value: undefined, ends: falling, format },
  ]);
  const { traces = [], shapes = [] } = mark.draw({} as Frame);
  assert.equal((traces[0].x as number[]).length, 1);
  assert.deepEqual(traces[1].text, ["a", "b"]);
  assert.deepEqual(traces[2].text, ["0", "30", "200", "1000"]);
  const fills = shapes.map(({ fillcolor }) => fillcolor);
  assert.equal(new Set(fills.slice(0, 3)).size, 3);
  assert.equal(new Set(fills.slice(3)).size, 1);
});
