import assert from "node:assert/strict";
import { basename } from "node:path";
import { test } from "node:test";
import { applyExercise, cellsOf, exercisesOf, type SourceCell, tryThis } from "./exercises";
import { type CellResult, runExercise } from "./runExercises";
import { notebookFiles } from "./runNotebooks";

const markdown = (source: string): SourceCell => ({ cell_type: "markdown", source });
const code = (source: string): SourceCell => ({ cell_type: "code", source: [source] });
const cells = [
  markdown("# 1 · A question"),
  code("const seed = 1;"),
  markdown("## Two arms\n\ntext"),
  code("const chances = [0.4, 0.6];"),
  code("const price = 5; const $ = 1;"),
  markdown("## Three arms"),
  code("const others = [0.4, 0.6];"),
  markdown(
    "## Try this\n\nEach is one edit.\n\n1. One.\n2. Two,\n   longer.\n3. Three.\n\n**What this wrote:** nothing.\n- no item",
  ),
];

test("an edit is made below its heading alone, in the one cell that has the text", () => {
  const { sources, edited } = applyExercise(cells, { cell: "Two", from: "[0.4, 0.6]", to: "[$&, 1]" });
  assert.equal(edited, 1);
  assert.deepEqual(sources, [
    "const seed = 1;",
    "const chances = [$&, 1];",
    "const price = 5; const $ = 1;",
    "const others = [0.4, 0.6];",
  ]);
});

test("an edit that fits nowhere or twice is refused, with what was looked for", () => {
  const refused = (cell: string, from: string): string => {
    try {
      applyExercise(cells, { cell, from, to: "" });
    } catch (error) {
      return String(error);
    }
    return "it was made";
  };
  assert.match(refused("Four", "seed"), /heading that begins with "Four", got 1 · A question; Two arms/);
  assert.match(refused("Two arms", "seed"), /once below "Two arms", got it 0 times: seed/);
  assert.match(refused("Two arms", "const "), /once below "Two arms", got it 3 times/);
});

test("the items of a list are its own, not those of what follows", () => {
  assert.deepEqual(tryThis(cells), ["1. One.", "2. Two,", "3. Three."]);
});

/** A notebook whose cells print what they say, and fail where they say so. */
function played(sources: readonly string[]) {
  const ran: string[] = [];
  const run = async (source: string): Promise<CellResult> => {
    ran.push(source);
    return { ok: !/no longer|Error/.test(source), output: `${source}\n`, seconds: 1 };
  };
  return { ran, go: runExercise.bind(null, { sources, edited: 1 }), runner: { run, fresh() {} } };
}
const entry = { cell: "A", from: "a", to: "b" };

test("a notebook runs as far as its promise needs, and what stands above the edit does not count", async () => {
  const { ran, go, runner } = played(["gain 3", "gain 5", "gain 6", "rest"]);
  const outcome = await go({ ...entry, expect: "gain [36]" }, runner);
  assert.deepEqual(outcome, { holds: true, because: "gain 6", seconds: 3 });
  assert.equal(ran.length, 3);
});

test("a promise fails that nothing prints, that prints what it must not, or that stops in an error", async () => {
  const notebook = () => played(["a", "gain 5", "loss", "gain 6"]);
  const fails = async (more: object): Promise<string> => {
    const { go, runner } = notebook();
    const { holds, because } = await go({ ...entry, ...more }, runner);
    assert.equal(holds, false);
    return because;
  };
  assert.match(await fails({ expect: "gain 7" }), /nothing below prints gain 7/);
  assert.match(await fails({ expect: "gain 6", unlike: "lo.s" }), /prints what it must not: loss/);
  const { go, runner } = played(["a", "TypeError: wrong", "gain 6"]);
  assert.match((await go({ ...entry, expect: "gain" }, runner)).because, /cell 2 fails: TypeError: wrong/);
});

test("an edit that trips the claims must trip them, and print what it promises on the way", async () => {
  const tripped = played(["a", "gain 5", "Error: no longer true: it falls"]);
  const outcome = await tripped.go({ ...entry, trips: true, expect: "gain 5" }, tripped.runner);
  assert.deepEqual(outcome, { holds: true, because: "no longer true: it falls", seconds: 3 });
  const other = await tripped.go({ ...entry, trips: true, expect: "gain 9" }, tripped.runner);
  assert.match(other.because, /the claims complain \(no longer true: it falls\), but nothing below prints/);
  const quiet = played(["a", "gain 5", "all hold"]);
  assert.match((await quiet.go({ ...entry, trips: true }, quiet.runner)).because, /claims do not complain/);
});

for (const file of notebookFiles()) {
  const exercises = exercisesOf(file);
  test(`${basename(file)}: each of three edits stands once in its cell`, {
    skip: exercises.length === 0 && "it has no file of exercises yet",
  }, () => {
    const ours = cellsOf(file);
    assert.equal(tryThis(ours).length, 3, tryThis(ours).join("\n"));
    assert.equal(exercises.length, 3, "one entry an item");
    for (const exercise of exercises) {
      applyExercise(ours, exercise);
      for (const each of [exercise.expect, exercise.unlike]) if (each !== undefined) new RegExp(each);
    }
  });
}

test("every notebook has exercises", () => {
  const without = notebookFiles().filter((file) => exercisesOf(file).length === 0);
  assert.deepEqual(
    without.map((file) => basename(file)),
    [],
  );
});
