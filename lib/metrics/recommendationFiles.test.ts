import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { InputError } from "../data/inputError";
import { metricNames } from "./metrics";
import { evaluateFiles } from "./recommendationFiles";

const folder = mkdtempSync(join(tmpdir(), "offshelf-judge-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const file = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};
const judge = (truth: string, recommendations: string, ks = [2]) =>
  evaluateFiles({
    truth: file("truth.csv", truth),
    recommendations: file("lists.csv", recommendations),
    ks,
  });

// Reference values of ranx 0.3.21 for both files.
for (const kind of ["binary", "graded"])
  test(`agrees with the reference to 1e-9: ${kind}`, async () => {
    const at = join(__dirname, "fixtures", kind);
    const expected = JSON.parse(readFileSync(join(at, "expected.json"), "utf8"));
    const { report, withoutList } = await evaluateFiles({
      truth: join(at, "truth.csv"),
      recommendations: join(at, "recommendations.csv"),
      ks: [5, 10, 20],
    });
    assert.equal(report.users, expected.users);
    assert.equal(withoutList, 1);
    for (const k of [5, 10, 20])
      for (const name of metricNames)
        assert.ok(Math.abs(report.at[k][name] - expected.at[k][name]) < 1e-9, `${name}@${k}`);
  });

test("with scores, ties go to the smaller id: 9 before 10 before a", async () => {
  const { metrics } = await judge(
    "user_id,item_id\nu,9\nv,10\nw,a\n",
    "user_id,item_id,score\nu,a,1\nu,10,1\nu,9,1\nv,a,1\nv,10,1\nv,9,1\nw,9,1\nw,10,1\nw,a,1\n",
    [3],
  );
  assert.deepEqual([...metrics.perUser[3].mrr], [1, 1 / 2, 1 / 3]);
});

test("rows may come in any order, and the rank decides where both rank and score are given", async () => {
  const { report } = await judge(
    "user_id,item_id\nu,x\n",
    "item_id,score,rank,user_id\ny,5,2,u\nz,9,3,u\nx,1,1,u\n",
    [1],
  );
  assert.equal(report.at[1].mrr, 1);
});

const truth = "user_id,item_id,relevance\nu,x,1\nv,y,2\n";
const lists = "user_id,item_id,rank\nu,x,1\nu,y,2\nv,y,1\n";
const refused: readonly [what: string, truth: string, lists: string, message: RegExp][] = [
  ["an item twice", truth, `${lists}v,y,2\n`, /lists\.csv:5: item_id "y" comes twice for its user, expected/],
  ["a hole in the ranks", truth, `${lists}v,x,3\n`, /lists\.csv:5: rank "3" has no rank before it/],
  ["a rank twice", truth, `${lists}v,x,1\n`, /lists\.csv:5: rank "1" comes twice for its user/],
  ["a rank of 0", truth, `${lists}v,x,0\n`, /lists\.csv:5: rank "0" is not a rank, expected a whole number/],
  ["a rank in words", truth, lists.replace("y,2", "y,two"), /lists\.csv:3: rank "two" is not a rank/],
  ["an unknown user", truth, `${lists}w,x,1\n`, /lists\.csv:5: user_id "w" is not a user of the truth file/],
  ["no order", truth, "user_id,item_id\nu,x\n", /lists\.csv:1: no column says in which order/],
  ["no item column", truth, "user_id,thing,rank\nu,x,1\n", /lists\.csv:1: no item column among/],
  [
    "a bad score",
    truth,
    "user_id,item_id,score\nu,x,1\nu,y,high\n",
    /lists\.csv:3: score "high" is not a score/,
  ],
  ["an endless score", truth, "user_id,item_id,score\nu,x,inf\n", /lists\.csv:2: score "inf" is not a score/],
  ["an empty id", truth, "user_id,item_id,rank\nu,,1\n", /lists\.csv:2: item_id is empty/],
  ["a torn row", truth, `${lists}v,x\n`, /lists\.csv:5: 2 fields, expected 3/],
  ["no rows", truth, "user_id,item_id,rank\n", /lists\.csv:1: no rows/],
  [
    "a negative relevance",
    truth.replace("y,2", "y,-2"),
    lists,
    /truth\.csv:3: relevance "-2" is not a relevance/,
  ],
  ["a pair twice in the truth", `${truth}u,x,1\n`, lists, /truth\.csv:4: item_id "x" comes twice/],
];
for (const [what, truthText, listsText, message] of refused)
  test(`refuses ${what} by file and line`, async () => {
    await assert.rejects(judge(truthText, listsText), (error: Error) => {
      assert.ok(error instanceof InputError);
      assert.match(error.message, message);
      assert.doesNotMatch(error.message, /skip-bad-rows/);
      return true;
    });
  });

test("a missing file is named", async () => {
  await assert.rejects(
    evaluateFiles({ truth: join(folder, "none.csv"), recommendations: "x", ks: [1] }),
    /none\.csv: there is no such file/,
  );
});
