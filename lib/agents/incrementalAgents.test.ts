import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { historiesOfLists } from "../data/histories";
import { readArrays, writeArrays } from "../data/namedArrays";
import { random } from "../math/random";
import type { IncrementalAgent } from "./incrementalAgent";
import { linUcb } from "./linUcb/linUcb";
import { someLog } from "./smallLogs.fixture";
import { qLearning } from "./tabular/qLearning";
import { sarsa } from "./tabular/sarsa";

const N = 12;
const log = someLog(random(1), { users: 20, items: N, length: 5 });
const small = { clusters: 3, vectorWidth: 4 };

/** What every agent that learns from a log keeps to. */
const makers: Readonly<Record<string, (seed: number) => IncrementalAgent>> = {
  ...Object.fromEntries(
    (["last-item", "user", "user-cluster"] as const).flatMap((state) => [
      [
        `q-learning by ${state}`,
        (seed: number) => qLearning({ items: N, random: random(seed) }, { ...small, state }),
      ],
      [`sarsa by ${state}`, (seed: number) => sarsa({ items: N, random: random(seed) }, { ...small, state })],
    ]),
  ),
  "lin-ucb": (seed) => linUcb({ items: N, random: random(seed) }, { vectorWidth: 4 }),
  "lin-ucb with α": (seed) => linUcb({ items: N, random: random(seed) }, { vectorWidth: 4, alpha: 1 }),
};

const asked = historiesOfLists([[0, 3, 5], [], [11], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]], {
  users: [0, 999, -1, 3],
});

for (const [name, make] of Object.entries(makers)) {
  test(`${name}: lists hold nothing that was had or is unavailable, nothing twice, and are filled`, () => {
    const agent = make(1);
    agent.learn(log);
    const unavailable = new Set([2, 7]);
    const lists = agent.recommend(asked, N, { unavailable });
    for (let h = 0; h < asked.size; h++) {
      const had = new Set(asked.items.subarray(asked.offsets[h], asked.offsets[h + 1]));
      const got = [...lists.items.subarray(h * N, (h + 1) * N)].filter((item) => item >= 0);
      const wanted = Array.from({ length: N }, (_, item) => item).filter(
        (item) => !had.has(item) && !unavailable.has(item),
      );
      assert.deepEqual(
        [...got].sort((a, b) => a - b),
        wanted,
      );
      const scores = lists.scores.subarray(h * N, h * N + got.length);
      for (let place = 1; place < got.length; place++) assert.ok(scores[place] <= scores[place - 1]);
    }
    assert.deepEqual([...agent.recommend(asked, 3).items], oneByOne(agent, 3));
  });

  test(`${name}: the same seed gives the same, whoever else is asked about, and figures are numbers`, () => {
    const [one, two] = [make(5), make(5)];
    const figures = one.learn(log);
    assert.deepEqual(two.learn(log), figures);
    for (const value of Object.values(figures)) assert.ok(Number.isFinite(value));
    assert.deepEqual(two.scores(asked), one.scores(asked));
    one.learn(log); // anew
    const again = one.scores(historiesOfLists([[0, 3, 5]], { users: [0] }));
    for (const [item, score] of again.entries()) assert.ok(Math.abs(score - two.scores(asked)[item]) < 1e-5);
  });

  test(`${name}: saved and loaded it goes on exactly as it would have`, async () => {
    const folder = await mkdtemp(join(tmpdir(), "offshelf-classic-"));
    try {
      const agent = make(2);
      agent.learn(log);
      const step = (of: IncrementalAgent, i: number): void =>
        of.update({
          user: i % 3 === 0 ? 100 : i % 5,
          item: (5 * i + 3) % N,
          reward: (i % 3) - 1,
          terminal: i === 6,
        });
      for (let i = 0; i < 8; i++) step(agent, i);
      await agent.save(folder);
      const copy = make(2);
      await copy.load(folder);
      assert.deepEqual(copy.scores(asked), agent.scores(asked));
      for (let i = 8; i < 20; i++) for (const each of [agent, copy]) step(each, i);
      assert.deepEqual(copy.scores(asked), agent.scores(asked));

      const other = make(2);
      const file = join(folder, "agent.arrays");
      const { header, arrays } = await readArrays(file);
      await writeArrays(file, { ...header, items: 13 }, arrays);
      await assert.rejects(
        other.load(folder),
        /load requires an agent saved as .*"items":12.* got .*"items":13/,
      );
      await writeArrays(file, header, arrays);
      const bytes = await readFile(file);
      bytes[bytes.length - 1] ^= 1;
      await writeFile(file, bytes);
      await assert.rejects(other.load(folder), /agent\.arrays: holds other bytes than were written/);
      await writeArrays(file, header, { ...arrays, trajectoryItems: Float32Array.of(1) });
      await assert.rejects(other.load(folder), /has no array "trajectoryItems" of kind Int32Array/);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  test(`${name}: update takes whoever comes, and refuses what cannot have happened`, () => {
    const agent = make(1);
    agent.learn(log);
    const before = agent.scores(asked);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(30), fc.nat(N - 1), fc.double({ min: -1, max: 1, noNaN: true })), {
          maxLength: 10,
        }),
        (events) => {
          for (const [user, item, reward] of events) agent.update({ user, item, reward });
          for (const score of agent.scores(asked)) assert.ok(Number.isFinite(score));
        },
      ),
      { seed: 1, numRuns: 20 },
    );
    assert.notDeepEqual(agent.scores(asked), before);
    assert.throws(
      () => agent.update({ user: 0, item: N, reward: 1 }),
      /requires an item row in 0 \.\. 11, got 12/,
    );
    assert.throws(() => agent.update({ user: -1, item: 0, reward: 1 }), /requires a user row from 0, got -1/);
    assert.throws(
      () => agent.update({ user: 0, item: 0, reward: Number.NaN }),
      /requires a finite reward, got NaN/,
    );
    assert.throws(
      () => agent.learn({ ...log, rewards: log.rewards.slice(1) }),
      /requires one reward and terminal an entry/,
    );
  });
}

/** Asked one after the other. */
function oneByOne(agent: IncrementalAgent, k: number): number[] {
  return Array.from({ length: asked.size }, (_, h) => {
    const items = [...asked.items.subarray(asked.offsets[h], asked.offsets[h + 1])];
    return [...agent.recommend(historiesOfLists([items], { users: [asked.users[h]] }), k).items];
  }).flat();
}

test("what comes in changes what is recommended: an item that brings much rises, one that brings harm falls", () => {
  // With much pessimism a known harm comes before the unknown; with little, values decide. The log goes on for ever,
  // with rewards of at most 1: what ends it has to bring more than 10 to be much.
  const problem = () => ({ items: N, random: random(1) });
  const made: readonly (() => IncrementalAgent)[] = [
    () => qLearning(problem(), { pessimism: 1 }),
    () => sarsa(problem(), { pessimism: 1 }),
    () => linUcb(problem(), { vectorWidth: 4 }),
  ];
  for (const make of made)
    for (const reward of [20, -20]) {
      const agent = make();
      agent.learn(log);
      const history = historiesOfLists([[4]], { users: [500] });
      const before = agent.scores(history)[9];
      for (let user = 200; user < 260; user++) {
        agent.update({ user, item: 4, reward: 0 });
        agent.update({ user, item: 9, reward, terminal: true });
      }
      const after = agent.scores(history)[9];
      assert.ok(Math.sign(after - before) === Math.sign(reward), `${agent.name} ${before} ${after}`);
    }
});
