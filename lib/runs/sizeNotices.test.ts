import assert from "node:assert/strict";
import { test } from "node:test";
import { ddpg } from "../agents/actorCritic/ddpg";
import { easeLimit } from "../baselines/ease";
import { syntheticDataset } from "../data/synthetic";
import { random } from "../math/random";
import { agentEntry } from "../settings/agents";
import { resolveConfig } from "../settings/resolveConfig";
import { someUsers } from "../studies/evaluateRuns";
import { thatFit } from "../studies/execute";
import { baselineRows } from "../studies/plan";
import { handMadeModel } from "./handMade.fixture";
import { type PreparedData, prepareData } from "./preparedData";
import { rowsOfSome } from "./sharedBaselines";
import { sizeNotices } from "./sizeNotices";
import { trainSpec } from "./trainSpec";

const dataset = syntheticDataset({ config: { users: 40, items: 40, genres: 4, rows: [8, 14] } });
const data = prepareData(dataset);

/** Data that claims to have so many entries, users and items. */
function claiming(entries: number, users: number, items: number): PreparedData {
  const ids = (count: number): string[] => ({ length: count }) as string[];
  const interactions = { ...dataset.interactions, userIds: ids(users), itemIds: ids(items) };
  return {
    ...data,
    dataset: { ...dataset, interactions },
    histories: { ...data.histories, items: { length: entries } as Int32Array },
  };
}
const told = (about: PreparedData, name: string, set: string[] = []): string[] =>
  sizeNotices(about, agentEntry(name), resolveConfig({ agent: name, set }));

test("what is done otherwise on a large log is said in a line each; of a usual one nothing is", () => {
  assert.deepEqual(told(data, "td3"), []);
  const large = claiming(16_000_000, 138_000, 27_000);
  const small = ["nextItem.units=16"]; // so that the disk of whoever tests has room
  const lines = told(large, "td3", small);
  assert.match(lines[0], /^of 27,000 items, 4,000 are drawn .* \(--set nextItem.candidates=all takes all\)$/);
  assert.match(
    lines[1],
    /^the next-item model reads 16,000,000 entries in 1 epoch, about 18 minutes .*--set nextItem.epochs=N/,
  );
  assert.deepEqual(told(large, "td3", [...small, "nextItem.candidates=all", "nextItem.epochs=2"]), []);
  const [, , place] = told(claiming(40_000_000, 138_000, 27_000), "td3", small);
  assert.match(place, /^the states of 40,000,000 entries \(2\.6 GB\) are kept in a file in data.cache/);
  assert.deepEqual(told(large, "most-popular"), []);
});

test("what cannot fit is refused before anything is done, with its size and what else there is", () => {
  assert.throws(() => told(claiming(1e12, 138_000, 27_000), "ddpg"), {
    name: "InputError",
    message:
      /take 512000\.0 GB on the disk of .*expected more room there, smaller states \(--set nextItem.units=32\)/,
  });
  assert.throws(() => told(claiming(4e5, 40_000, 150_000), "ease-recency"), {
    name: "InputError",
    message:
      /^--agent ease-recency: EASE would invert a matrix of 40,000 × 40,000 numbers \(6\.4 GB, .*expected a smaller catalogue/,
  });
  assert.deepEqual(
    [easeLimit(12_000, 150), easeLimit(150, 1_000_000), easeLimit(53_000, 10_000)],
    [undefined, undefined, undefined],
  );
  assert.match(easeLimit(1000, 150_001)!, /EASE would hold 1,000 × 150,001 numbers/);
});

test("a table leaves out the compulsory baselines that cannot be fitted, and says so; what is asked for stays", () => {
  const planned = baselineRows(resolveConfig({ agent: "ease" })).map((row) => ({ ...row, runs: [] }));
  const asked = { ...planned[5], name: "mine", role: "model" as const };
  const notices: string[] = [];
  const say = (notice: string): number => notices.push(notice);
  const left = thatFit([...planned, asked], claiming(4e5, 40_000, 150_000), say).map(({ name }) => name);
  assert.deepEqual(
    [...left],
    ["Random", "MostPopular", "RecentPop", "ItemKNN", "ItemKNN + recency", "Sequence rules", "mine"],
  );
  assert.match(
    notices.join("\n"),
    /^left out: EASE, EASE \+ recency, EASE \+ recency \+ RecentPop\. EASE would invert a matrix of 40,000/,
  );
  assert.equal(thatFit(planned, data, say).length, planned.length);
  assert.equal(notices.length, 1);
});

test("baselines of a very large log are tuned on whole users, about as many rows as wanted", () => {
  const { interactions, split } = { ...dataset, split: data.split };
  assert.equal(rowsOfSome(interactions, split.train), split.train);
  const some = rowsOfSome(interactions, split.train, { whole: 100, wanted: 150 });
  assert.ok(some.length > 75 && some.length < 225, `${some.length}`);
  const users = new Set([...some].map((row) => interactions.users[row]));
  assert.deepEqual(
    [...some],
    [...split.train].filter((row) => users.has(interactions.users[row])),
  );
});

test("test users are drawn where there are very many, or as many as are asked for, always the same", () => {
  const task = data.test();
  const notices: string[] = [];
  assert.equal(someUsers(task, {}, 40, notices), task);
  assert.deepEqual(notices, []);
  const five = someUsers(task, { testUsers: 5 }, 40, notices);
  assert.match(
    notices[0],
    /^5 of \d+ test users, drawn at random, are evaluated \(--test-users says how many\)$/,
  );
  assert.deepEqual(someUsers(task, { testUsers: 5 }, 40, []), five);
  assert.equal(five.histories.size, 5);
  for (const user of five.histories.users) assert.ok(task.histories.users.includes(user));
});

test("a run over states in a file learns what one over a table learns", async () => {
  const draw = random(7);
  const model = handMadeModel(
    Array.from({ length: 40 }, () => Array.from({ length: 6 }, () => draw.normal())),
  );
  const curves = [];
  for (const statesInMemory of [2 ** 30, 0]) {
    const cut = prepareData(dataset, { statesInMemory });
    if (statesInMemory === 0)
      assert.throws(() => cut.statesOf(model.encoder), /no table of all states is in memory/);
    const config = { hidden: [8], behaviour: "softmax", behaviourWeight: 1 };
    const run = await trainSpec({ data: cut, model, agent: ddpg, config, steps: 4, batchSize: 16, seed: 2 });
    curves.push(run.curves);
    run.dispose();
    cut.dispose();
  }
  assert.deepEqual(curves[1], curves[0]);
});
