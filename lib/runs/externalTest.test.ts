import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { externalTest } from "./externalTest";
import { handMadeLog } from "./handMade.fixture";
import { prepareData } from "./preparedData";

const folder = mkdtempSync(join(tmpdir(), "own-test-"));
after(() => rmSync(folder, { recursive: true }));

test("in a test file of one's own nothing counts that was had, and nobody who is not in the log", async () => {
  const { dataset, ratios } = handMadeLog(
    [
      { train: [0, 1, 2], validation: [3], test: [4] },
      { train: [0, 2, 1], validation: [5], test: [3] },
      { train: [1, 0, 3], validation: [2], test: [5] },
    ],
    7,
  );
  const file = join(folder, "later.csv");
  writeFileSync(file, "user_id,item_id,weight\n0,6,1\n0,4,1\n0,5,1\n1,3,1\n2,9,1\n2,6,0\n8,1,1\n");
  const { task, unknownUsers, unknownItems } = await externalTest(file, prepareData(dataset, ratios));
  // 4 was had by 0, and 3 by 1, on test; 9 is in no catalogue and counts as missed; weight 0 is not wanted.
  assert.deepEqual([...task.histories.users], [0, 2]);
  assert.deepEqual([...task.relevantOffsets, ...task.relevantItems], [0, 2, 3, 5, 6, 7]);
  assert.deepEqual([...task.histories.items], [0, 1, 2, 3, 4, 1, 0, 3, 2, 5]);
  assert.deepEqual([unknownUsers, unknownItems], [1, 1]);
});
