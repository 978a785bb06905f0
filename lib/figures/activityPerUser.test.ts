import assert from "node:assert/strict";
import { test } from "node:test";
import { activityPerUser } from "./activityPerUser";

test("every active reader is in one bin, and the bin's text holds the reader's count", () => {
  const counts = [1, 2, 3, 4, 8, 8, 100, 0];
  const figure = activityPerUser({ counts, dataset: "invented" });
  const [bars] = figure.data as { y: number[]; customdata: string[] }[];
  assert.equal(
    bars.y.reduce((sum, n) => sum + n, 0),
    7,
  );
  for (const count of counts.filter((n) => n > 0)) {
    const bin = bars.customdata.findIndex((text) => {
      const [low, high] = text.split(" to ").map(Number);
      return low <= count && count <= high;
    });
    assert.ok(bars.y[bin] > 0, `${count} in ${bars.customdata[bin]}`);
  }
  assert.match(figure.caption, /median is 4, the most active gave 100/);
});
