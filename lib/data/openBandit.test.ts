import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { verifyChecksums } from "./checksums";
import { findFolder } from "./findFolder";
import { readOpenBandit } from "./openBandit";
import { openBanditSource } from "./sources";

const base = mkdtempSync(join(tmpdir(), "open-bandit-"));
after(() => rmSync(base, { recursive: true }));

const items = ",item_id,item_feature_0,item_feature_1\n0,10,-.5,aa\n1,9,1.5,bb\n";
const header =
  ",timestamp,item_id,position,click,propensity_score,user_feature_0,user-item_affinity_9,user-item_affinity_10\n";
const rows = [
  "0,2019-11-24 00:00:02.5+00:00,10,3,1,0.25,u,0.0,7.0\n",
  "1,2019-11-24 00:00:01+00:00,9,1,0,1,v,2.0,0.0\n",
];

function folderOf(name: string, log: string, context = items): string {
  const folder = join(base, name);
  mkdirSync(join(folder, "bts", "men"), { recursive: true });
  writeFileSync(join(folder, "bts", "men", "men.csv"), log);
  writeFileSync(join(folder, "bts", "men", "item_context.csv"), context);
  return folder;
}

test("columns in time order; items by row; affinities at their items", async () => {
  const folder = folderOf("good", header + rows.join(""));
  const log = await readOpenBandit(folder, { policy: "bts", campaign: "men" });
  assert.equal(log.label, "Open Bandit, men, bts (2 rounds, 2 items)");
  assert.deepEqual(log.catalog.ids, ["9", "10"]);
  assert.deepEqual([...log.catalog.numbers.item_feature_0], [1.5, -0.5]);
  assert.deepEqual(log.catalog.text.item_feature_1, ["bb", "aa"]);
  assert.deepEqual([...log.times], [1574553601, 1574553602.5]);
  assert.deepEqual([...log.actions], [0, 1]);
  assert.deepEqual([...log.positions], [1, 3]);
  assert.deepEqual([...log.clicks], [0, 1]);
  assert.deepEqual([...log.propensities], [1, 0.25]);
  assert.deepEqual(log.userFeatures, { user_feature_0: ["v", "u"] });
  assert.deepEqual([...log.affinities], [2, 0, 0, 7]);
});

const broken: readonly (readonly [string, string, RegExp])[] = [
  ["item", rows[0].replace(",10,3", ",11,3"), /item_id "11" is not in item_context\.csv/],
  ["position", rows[0].replace(",3,1", ",4,1"), /position "4" is not a position, expected 1, 2 or 3/],
  ["click", rows[0].replace(",3,1", ",3,2"), /click "2" is not a click, expected 0 or 1/],
  ["zero", rows[0].replace("0.25", "0"), /propensity_score "0" is not a propensity/],
  ["above", rows[0].replace("0.25", "1.5"), /propensity_score "1\.5" is not a propensity/],
  ["nan", rows[0].replace("0.25", "nan"), /propensity_score "nan" is not a propensity/],
  ["empty", rows[0].replace("0.25", ""), /propensity_score is empty/],
  ["time", rows[0].replace("2019-11-24 00:00:02.5+00:00", "noon"), /timestamp "noon" is not a time/],
  ["affinity", rows[0].replace("7.0", "x"), /user-item_affinity_10 "x" is not such a number/],
];
for (const [name, row, message] of broken)
  test(`a bad ${name} is refused by line`, async () => {
    const folder = folderOf(name, header + rows[1] + row);
    await assert.rejects(readOpenBandit(folder, { policy: "bts", campaign: "men" }), (error: Error) => {
      assert.match(error.message, message);
      assert.match(error.message, /men\.csv:3: /);
      return true;
    });
  });

test("files that lie in folders come with their folders, and with their checksums", async () => {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url!);
    response.end(request.url!.endsWith("item_context.csv") ? items : header + rows.join(""));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const source = {
      ...openBanditSource,
      official: { ...openBanditSource.official, kind: "files" as const, base: address, optional: [] },
    };
    const folder = await findFolder(source, { root: join(base, "fetched"), onNotice: () => {} });
    assert.equal(asked.length, 12);
    await verifyChecksums(folder);
    assert.equal((await readOpenBandit(folder, { policy: "random", campaign: "all" })).size, 2);
    writeFileSync(join(folder, "bts", "women", "women.csv"), header);
    await assert.rejects(verifyChecksums(folder), /women\.csv: has changed/);
  } finally {
    server.closeAllConnections();
    server.close();
  }
});
