import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { evaluateFiles } from "./recommendationFiles";

const folder = mkdtempSync(join(tmpdir(), "scored-lists-"));
after(() => rmSync(folder, { recursive: true }));

test("lists with scores begin with the largest, wherever it stands in the file", async () => {
  const [truth, recommendations] = [join(folder, "truth.csv"), join(folder, "lists.csv")];
  writeFileSync(truth, "user_id,item_id\nu,x\nv,x\n");
  writeFileSync(recommendations, "user_id,item_id,score\nu,y,-3\nu,x,0.5\nu,z,-1\nv,z,2\nv,x,1\nv,y,-7\n");
  const { metrics, userIds } = await evaluateFiles({ truth, recommendations, ks: [1, 3] });
  assert.deepEqual(userIds, ["u", "v"]);
  assert.deepEqual([...metrics.perUser[3].mrr], [1, 1 / 2]);
  assert.deepEqual([...metrics.perUser[1].recall], [1, 0]);
});
