import assert from "node:assert/strict";
import { test } from "node:test";
import type { ActorComparison } from "./actorComparison";
import type { StudyRow, StudyTable } from "./table";
import { actorTable, studyNotes, studyPage } from "./text";

const about = (mean: number, reach: number, p?: number) => ({
  ...{ mean, lower: mean - reach, upper: mean + reach, standardError: reach / 2 },
  ...(p === undefined ? {} : { p }),
});

function rowOf(name: string, start: ReturnType<typeof about>, off?: ReturnType<typeof about>): StudyRow {
  const figure = { ...about(0.1, 0.01), bySeed: [0.1, 0.1] };
  const actor: ActorComparison = {
    fromStepZero: { difference: start, verdict: "", changedLists: 0.5 },
    ...(off && { fromCriticOff: { row: `${name}, critic off`, difference: off, verdict: "" } }),
    ...{ imitationWeight: 1, criticWeight: off ? 1 : 0, chosenSteps: [200, 400] },
  };
  return {
    ...{ name, type: "ddpg", kind: "actor-critic", role: "model", seeds: [1, 2], actor, warnings: [] },
    at: {
      10: {
        ndcg: figure,
        recall: figure,
        hitRate: figure,
        mrr: figure,
        map: figure,
        precision: figure,
        dcg: figure,
      },
    },
    lists: {},
    coverage: { 10: { mean: 0.2, bySeed: [0.2, 0.2] } },
  };
}

const tableOf = (rows: readonly StudyRow[], seeds = [1, 2]): StudyTable => ({
  ...{ format: 1, name: "hand", data: "hand", protocol: "temporal", order: "row order" },
  ...{ validationRatio: 0.1, testRatio: 0.1, refit: false, relevantAt: null, users: 50 },
  ...{ seeds, ks: [10], k: 10, rows, failed: [], code: [], controls: true, notices: [] },
});

test("an interval that holds 0 shows no difference and tells what it leaves open, never that nothing was added", () => {
  const table = tableOf([
    rowOf("DDPG", about(0.002, 0.003, 0.2), about(0.02, 0.03, 0.2)),
    rowOf("BC", about(-0.02, 0.01, 0.001)),
  ]);
  const [ddpg, cloning] = actorTable(table).lines;
  assert.equal(ddpg[1], "+.0020 (−.0010 to +.0050)");
  // Step 0 earned .098, critic off .08.
  assert.equal(ddpg[2], "no difference from step 0 shown; up to +.0050 (+5.1%) is left open");
  assert.equal(ddpg[5], "no difference from critic off shown; up to +.0500 (+62.5%) is left open");
  assert.deepEqual(cloning.slice(1, 6), [
    "−.0200 (−.0300 to −.0100)*",
    "imitation did harm",
    "50%",
    "",
    "(has none)",
  ]);
  assert.doesNotMatch(studyPage(table), /added nothing/);
});

test("every difference of the table is counted before one is marked", () => {
  const rows = [
    rowOf("A", about(0.02, 0.01, 0.02), about(0.02, 0.01, 0.001)),
    rowOf("B", about(0.01, 0.02, 0.4)),
  ];
  const table = tableOf(rows);
  const [a] = actorTable(table).lines;
  assert.equal(a[1], "+.0200 (+.0100 to +.0300)*");
  assert.equal(a[4], "+.0200 (+.0100 to +.0300)*");
  const notes = (of: StudyTable): string => studyNotes(of).join("\n");
  assert.match(notes(table), /^3 paired differences were looked at here; \* marks what is not 0 after Holm/m);
  // One more that shows nothing, and .02 no longer stands.
  const wider = tableOf([...rows, rowOf("C", about(0.01, 0.02, 0.5))]);
  assert.deepEqual(
    actorTable(wider).lines.map((line) => [line[1].endsWith("*"), line[4].endsWith("*")]),
    [
      [false, true],
      [false, false],
      [false, false],
    ],
  );
  assert.match(notes(wider), /^4 paired differences/m);
  assert.doesNotMatch(notes(tableOf([])), /looked at here/);
});

test("one seed's intervals are over users alone, and it is told", () => {
  const of = (seeds: number[]) => studyNotes(tableOf([rowOf("A", about(0.1, 0.2, 0.5))], seeds)).join("\n");
  assert.match(of([1]), /^1 seed, so that intervals are over users alone: a claim/m);
  assert.match(of([1, 2]), /^2 seeds: a claim/m);
  assert.match(of([1, 2]), /of learned models over several seeds Student's t of users and seeds together/);
});
