import assert from "node:assert/strict";
import { test } from "node:test";
import type { LogColumns } from "../offPolicy/files/readLog";
import { handMadeLog, handMadeModel } from "./handMade.fixture";
import type { OpenRun } from "./openRun";
import { queryRecommender } from "./queryRecommender";
import { beginnings, roundMoments } from "./roundMoments";
import { runTarget } from "./runTarget";

/** User 0 has items 0, 1, 2, 3 at rows 0, 2, 4, 5 and user 1 items 4, 3 at rows 1, 3. */
const users = [{ train: [0, 1, 2, 3] }, { train: [4, 3] }];
const log = handMadeLog(users, 6).dataset;
const dataset = {
  ...log,
  interactions: {
    ...log.interactions,
    order: "timestamp" as const,
    times: Float64Array.of(100, 110, 120, 130, 140, 150),
  },
};
const vectors = [
  [1, 0],
  [0, 1],
  [-1, 1],
  [2, 1],
  [1, -1],
  [0.5, 2],
];
const exploration = 0.12;
const runOn = (data: typeof log): OpenRun =>
  ({
    folder: "run",
    summary: { agent: "hand" },
    config: { policy: { candidates: 100, exploration } },
    dataset: data,
    served: queryRecommender(handMadeModel(vectors)),
    recommender: {},
  }) as unknown as OpenRun;

/** The served probability of an item after some items: the last one's vector is the state. */
function probability(item: number, had: readonly number[]): number {
  const state = had.length === 0 ? undefined : vectors[had.at(-1)!];
  if (had.includes(item)) return 0;
  const weight = (i: number): number => Math.exp(state![0] * vectors[i][0] + state![1] * vectors[i][1]);
  const open = [0, 1, 2, 3, 4, 5].filter((i) => !had.includes(i));
  return (
    ((1 - exploration) * weight(item)) / open.map(weight).reduce((a, b) => a + b) + exploration / open.length
  );
}
const logOf = (
  rows: readonly (readonly [user: number, item: number])[],
  about: Partial<LogColumns> = {},
): LogColumns => ({
  file: "log.csv",
  rounds: rows.map((_, round) => `${round}`),
  actions: rows.map(([, item]) => `${item}`),
  users: rows.map(([user]) => `${user}`),
  rewards: new Float64Array(rows.length),
  ...about,
});
async function check(run: OpenRun, given: LogColumns, wanted: readonly (readonly number[])[]): Promise<void> {
  const { logged, unsupported } = await runTarget(run, given);
  const shown = [...new Set(given.actions.map(Number))];
  for (const [round, had] of wanted.entries()) {
    const near = (got: number, value: number): void =>
      assert.ok(Math.abs(got - value) < 1e-6, `round ${round}: ${got} is not ${value}`);
    near(logged[round], probability(Number(given.actions[round]), had));
    near(unsupported[round], 1 - shown.reduce((sum, item) => sum + probability(item, had), 0));
  }
}

test("with times a round knows what its user had before it, and nothing of the same moment or later", async () => {
  const given = logOf(
    [
      [0, 5],
      [0, 5],
      [0, 2],
      [1, 5],
      [0, 0],
      [1, 0],
    ],
    { times: Float64Array.of(121, 120, 140, 115, 999, 111) },
  );
  await check(runOn(dataset), given, [[0, 1], [0], [0, 1], [4], [0, 1, 2, 3], [4]]);
});

test("without times a round whose item its user has is that row; of another all rows are known", async () => {
  const given = logOf([
    [0, 5],
    [0, 2],
    [0, 3],
    [1, 3],
    [1, 0],
  ]);
  await check(runOn(dataset), given, [[0, 1, 2, 3], [0, 1], [0, 1, 2], [4], [4, 3]]);
  // Times of the log mean nothing to data that has none.
  await check(runOn(log), { ...given, times: new Float64Array(5) }, [
    [0, 1, 2, 3],
    [0, 1],
    [0, 1, 2],
    [4],
    [4, 3],
  ]);
});

test("a round between others of its user comes no later than the next one whose row is known", async () => {
  const given = logOf(
    [
      [0, 5],
      [0, 3],
      [0, 4],
      [0, 1],
      [1, 5],
    ],
    { steps: Int32Array.of(2, 3, 9, 1, 0) },
  );
  await check(runOn(dataset), given, [[0, 1, 2], [0, 1, 2], [0, 1, 2, 3], [0], [4, 3]]);
});

test("what follows the logged round does not change its probability", async () => {
  const given = logOf([[0, 2]], { times: Float64Array.of(135) });
  const other = [{ train: [0, 1, 5, 4] }, { train: [4, 3] }];
  const { interactions, ...rest } = handMadeLog(other, 6).dataset;
  const times = { order: "timestamp" as const, times: dataset.interactions.times };
  const [one, two] = [
    await runTarget(runOn(dataset), given),
    await runTarget(runOn({ ...rest, interactions: { ...interactions, ...times } }), given),
  ];
  assert.deepEqual(two, one);
});

test("places of a slate are those of a draw without replacement", async () => {
  const single = logOf([
    [1, 0],
    [1, 5],
    [1, 2],
  ]);
  const { logged } = await runTarget(runOn(log), single);
  const slates = { slates: ["s", "s", "t"], positions: Int32Array.of(2, 1, 1) };
  const places = (await runTarget(runOn(log), { ...single, ...slates })).logged;
  const near = (got: number, value: number): void => assert.ok(Math.abs(got - value) < 1e-9, `${got}`);
  near(places[1], logged[1]);
  near(places[0], logged[0] / (1 - logged[1]));
  near(places[2], logged[2]);
});

test("moments and beginnings by hand", () => {
  const rounds = { users: Int32Array.of(0, 0, 1), items: Int32Array.of(3, 4, 4) };
  assert.deepEqual([...roundMoments(log.interactions, rounds)], [5, 6, 1]);
  assert.deepEqual(
    [...roundMoments(log.interactions, { ...rounds, steps: Int32Array.of(1, 0, 0) })],
    [5, 5, 1],
  );
  const times = Float64Array.of(99, 130, 1000);
  assert.deepEqual([...roundMoments(dataset.interactions, { ...rounds, times })], [0, 3, 6]);
  const histories = {
    ...{ size: 2, users: Int32Array.of(7, 8), offsets: Int32Array.of(0, 2, 3) },
    ...{ items: Int32Array.of(5, 6, 9), weights: Float32Array.of(1, 2, 3), rows: Int32Array.of(10, 20, 15) },
  };
  assert.deepEqual(
    beginnings(histories, [
      { history: 1, before: 16 },
      { history: 0, before: 20 },
      { history: 0, before: 10 },
      { history: 0, before: 21 },
    ]),
    {
      ...{ size: 4, users: Int32Array.of(8, 7, 7, 7), offsets: Int32Array.of(0, 1, 2, 2, 4) },
      ...{
        items: Int32Array.of(9, 5, 5, 6),
        weights: Float32Array.of(3, 1, 1, 2),
        rows: Int32Array.of(15, 10, 10, 20),
      },
    },
  );
});
