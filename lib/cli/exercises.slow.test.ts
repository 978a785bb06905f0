import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { reportExercises } from "./exerciseReport";
import { type Exercise, exercisesOf } from "./exercises";
import { memoryOutput } from "./output";
import { notebookFiles } from "./runNotebooks";

const root = resolve(__dirname, "..", "..");

/** Seconds on two quiet cores that all exercises together may take here; the rest runs in CI by `--exercises` alone. */
const budget = 60;
/** A fresh process a notebook compiles lib before its first cell. */
const startUp = 6;

/** The cheapest exercises that fit into the budget; the text that each replaces tells them apart. */
function cheapest(): Set<Exercise["from"]> {
  const all = notebookFiles()
    .flatMap((file) => exercisesOf(file))
    .flatMap((exercise) =>
      exercise.seconds === undefined ? [] : [{ ...exercise, seconds: exercise.seconds }],
    )
    .sort((a, b) => a.seconds - b.seconds);
  const chosen = new Set<string>();
  let left = budget;
  for (const { from, seconds } of all) {
    left -= seconds + startUp / 2;
    if (left >= 0) chosen.add(from);
  }
  return chosen;
}

const raw = [process.env.OFFSHELF_DATA ?? "", join(root, "data", "raw")];
const present = raw.some((folder) =>
  ["goodbooks", "goodbooks-10k"].some((name) => existsSync(join(folder, name))),
);

test("the cheapest edits of Try this have the effect that they promise", {
  skip: !present && "the exercises are about goodbooks",
}, async () => {
  const chosen = cheapest();
  assert.ok(chosen.size > 0, "some exercises have measured seconds");
  const results = await reportExercises(notebookFiles(), memoryOutput(), {
    env: { OFFSHELF_FAST: "1" },
    only: ({ from }) => chosen.has(from),
  });
  assert.equal(results.length, chosen.size);
  const broken = results.filter(({ holds }) => !holds);
  assert.deepEqual(
    broken.map(({ name, because }) => `${name}: ${because}`),
    [],
  );
});
