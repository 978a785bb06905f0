import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { readDataset } from "./readInteractions";

const folder = mkdtempSync(join(tmpdir(), "further-columns-"));
after(() => rmSync(folder, { recursive: true }));

test("several further columns keep their names, with times and without", async () => {
  const rows = ["a,1,7,x,0.5,100", "b,2,8,y,,50"];
  for (const time of ["timestamp", "late"]) {
    const file = join(folder, `${time}.csv`);
    writeFileSync(file, `user_id,item_id,clicks,comment,share,${time}\n${rows.join("\n")}\n`);
    const { extra, order } = (await readDataset({ interactions: file })).interactions;
    const timed = time === "timestamp";
    assert.equal(order, timed ? "timestamp" : "row order");
    assert.deepEqual([...extra.clicks], timed ? [8, 7] : [7, 8]);
    assert.deepEqual([...extra.share], timed ? [Number.NaN, 0.5] : [0.5, Number.NaN]);
    assert.deepEqual(Object.keys(extra), ["clicks", "share", ...(timed ? [] : ["late"])]);
  }
});
