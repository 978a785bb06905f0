import assert from "node:assert/strict";
import { test } from "node:test";
import { fittingJobs, type StudyCell, type StudyWorker, shareOut } from "./workers";

/** Workers whose runs take one turn each, and what each of them made. */
function fakes(count: number, failing?: (cell: StudyCell) => boolean) {
  const made: StudyCell[][] = Array.from({ length: count }, () => []);
  const ended: number[] = [];
  const workers = made.map(
    (list, i): StudyWorker => ({
      async make(cell) {
        await new Promise((next) => setImmediate(next));
        if (failing?.(cell)) throw new Error("gone");
        list.push(cell);
      },
      end: () => void ended.push(i),
    }),
  );
  return { made, workers, ended };
}

function cellsOf(seeds: readonly number[], names: readonly string[]): StudyCell[] {
  return seeds.flatMap((seed) => names.map((name) => ({ name, seed })));
}

test("each worker has a seed of its own, in the order of its rows, while there are seeds nobody has begun", async () => {
  const { made, workers, ended } = fakes(2);
  await shareOut(cellsOf([1, 2, 3, 4], ["a", "b", "c"]), workers);
  assert.deepEqual(made[0], cellsOf([1, 3], ["a", "b", "c"]));
  assert.deepEqual(made[1], cellsOf([2, 4], ["a", "b", "c"]));
  assert.deepEqual(ended.sort(), [0, 1]);
});

test("who has nothing left helps with the seed that has most left; nothing is made twice", async () => {
  const { made, workers } = fakes(2);
  const cells = [...cellsOf([1], ["a"]), ...cellsOf([2], ["a", "b", "c", "d", "e"])];
  await shareOut(cells, workers);
  assert.deepEqual(made[0][0], { name: "a", seed: 1 });
  assert.ok(made[0].length > 1);
  const all = [...made[0], ...made[1]].map(({ name, seed }) => `${name}${seed}`);
  assert.deepEqual(all.sort(), ["a1", "a2", "b2", "c2", "d2", "e2"]);
});

test("a worker that fails leaves its run, and the others make the rest", async () => {
  const failed: string[] = [];
  const seconds: number[] = [];
  const { made, workers, ended } = fakes(2, ({ name, seed }) => name === "b" && seed === 1);
  await shareOut(cellsOf([1, 2], ["a", "b", "c"]), workers, {
    onMade: (_, each) => void seconds.push(each),
    onFailed: ({ name, seed }, { message }) => void failed.push(`${name}${seed} ${message}`),
  });
  assert.deepEqual(failed, ["b1 gone"]);
  assert.equal(made[0].length + made[1].length, 5);
  assert.equal(seconds.length, 5);
  assert.equal(ended.length, 2);
});

test("one job for each core, as far as there is memory, and always one", () => {
  assert.equal(fittingJobs(8, 64e9), 8);
  assert.equal(fittingJobs(8, 6.5e9), 3);
  assert.equal(fittingJobs(2, 1e8), 1);
});
