import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { TabularAgent } from "../agents/tabular/tabularAgent";
import { companion } from "../baselines/companion";
import { linksOf } from "../baselines/itemLinks";
import { random } from "../math/random";
import type { Transitions } from "../replay/transitions";
import { agentEntry, type ClassicEntry } from "../settings/agents";
import { resolveConfig } from "../settings/resolveConfig";
import { fitClassic } from "./fitClassic";
import { handMadeLog, handMadeModel, scripted, unitVectors } from "./handMade.fixture";
import { prepareData } from "./preparedData";
import { runReplay } from "./runReplay";
import { discountOf } from "./runSpec";

const users = Array.from({ length: 12 }, (_, u) => ({
  train: [u % 3, 3, 4],
  validation: [5],
  test: [(u + 1) % 3],
}));
const { dataset, ratios } = handMadeLog(users, 6);
const spec = {
  data: prepareData(dataset, ratios),
  model: handMadeModel(unitVectors(6)),
  agent: scripted(() => [0]),
};

test("the importance of prioritised replay grows from .4 to 1 over a run", () => {
  const replay = runReplay({ ...spec, replay: "prioritised" });
  assert.equal(replay.transitions.size, 24);
  // Errors make priorities of three sizes.
  const first = replay.sample(24, random(1), 0);
  first.onErrors!(Float32Array.from({ length: 24 }, (_, i) => [0.1, 1, 10][i % 3]));
  first.dispose();
  // The same draws each time: log weight = −β · log(priority) less that of the smallest, so β is their ratio.
  const logs = (share: number): number[] => {
    const batch = replay.sample(24, random(2), share);
    const weights = [...batch.weights!.dataSync()];
    batch.dispose();
    return weights.map(Math.log);
  };
  const whole = logs(1);
  assert.ok(Math.min(...whole) < -1 && Math.max(...whole) === 0);
  for (const [share, beta] of [
    [0, 0.4],
    [0.5, 0.7],
    [0.25, 0.55],
  ] as const)
    for (const [i, value] of logs(share).entries())
      assert.ok(Math.abs(value - beta * whole[i]) < 1e-5, `${share}: ${value} of ${whole[i]}`);
  replay.dispose();
});

test("priorities are kept and found again; uniform draws have no weights", async () => {
  const folder = await mkdtemp(join(tmpdir(), "offshelf-replay-"));
  const [one, two] = [0, 1].map(() => runReplay({ ...spec, replay: "prioritised" }));
  const first = one.sample(24, random(1), 0);
  first.onErrors!(Float32Array.from({ length: 24 }, (_, i) => i));
  await one.save(folder);
  const drawn = (replay: typeof one): number[] => {
    const batch = replay.sample(50, random(3), 0.3);
    return [...batch.itemRows.dataSync(), ...batch.weights!.dataSync()];
  };
  assert.notDeepEqual(drawn(two), drawn(one));
  await two.restore(folder);
  assert.deepEqual(drawn(two), drawn(one));
  const uniform = runReplay(spec);
  assert.equal(uniform.sample(5, random(1), 0.5).weights, undefined);
  for (const each of [one, two, uniform]) each.dispose();
  await rm(folder, { recursive: true, force: true });
});

test("transitions lead from the state after one entry to that after the next, with a weight's reward of 1", () => {
  const replay = runReplay(spec);
  const transitions = replay.transitions as Transitions;
  // User 1's history 1, 3, 4: in the state of item 1 it took 3, in that of 3 it took 4.
  assert.deepEqual([...transitions.itemRows.subarray(2, 4)], [3, 4]);
  const state = (row: number): number[] => [...transitions.stateTable.subarray(6 * row, 6 * row + 6)];
  assert.deepEqual(state(transitions.stateRows[2]), [0, 1, 0, 0, 0, 0]);
  assert.deepEqual(state(transitions.nextStateRows[3]), [0, 0, 0, 0, 1, 0]);
  assert.deepEqual(new Set(transitions.rewards), new Set([1]));
  assert.deepEqual([...transitions.returns!.subarray(2, 4)], [Math.fround(1.9), 1]);
  const greedy = runReplay({ ...spec, config: { discount: 0 } });
  assert.deepEqual([...greedy.transitions.returns!.subarray(2, 4)], [1, 1]);
  for (const each of [replay, greedy]) each.dispose();
  assert.deepEqual(
    [{}, { discount: 0.5 }, { discount: 0 }, { discount: 1 }, { discount: "x" }].map((config) =>
      discountOf({ config }),
    ),
    [0.9, 0.5, 0, 0.9, 0.9],
  );
});

test("batches bring what the companion adds after each state's history", () => {
  const { dataset: log, ratios } = handMadeLog(
    [
      { train: [0, 1, 2], validation: [3], test: [3] },
      { train: [2, 0] },
      { train: [3, 1, 0] },
      { train: [1, 2] },
    ],
    5,
  );
  const cut = prepareData(log, ratios);
  const triples = [
    [0, 3, 1],
    [1, 4, 2],
    [2, 3, 3],
    [2, 1, 1],
  ] as const;
  const links = linksOf(5, {
    sources: Int32Array.from(triples, ([source]) => source),
    targets: Int32Array.from(triples, ([, target]) => target),
    weights: Float32Array.from(triples, ([, , weight]) => weight),
    count: triples.length,
  });
  const beside = companion([{ links, recency: 0.5, weight: 2 }], { most: 2 });
  const model = handMadeModel(unitVectors(5));
  for (const replay of ["uniform", "prioritised"] as const) {
    const made = runReplay({
      ...{ data: cut, model, companion: beside, replay },
      agent: scripted(() => [0, 0, 0, 0, 0]),
    });
    const batch = made.sample(made.transitions.size, random(1), 0);
    const table = beside.along(cut.histories);
    const states = batch.nextStates.arraySync();
    assert.equal(states.length, 6);
    for (const [row, state] of states.entries()) {
      // The entry that the next state stands after is told by what was seen by then.
      const had = [...batch.nextSeen!.items].filter((_, i) => batch.nextSeen!.rows[i] === row).join();
      const { offsets, items: entries } = cut.histories;
      const entry = [...entries.keys()].find((e) => {
        const start = Math.max(...[...offsets].filter((offset) => offset <= e));
        return entries.subarray(start, e + 1).join() === had;
      })!;
      assert.equal(state[entries[entry]], 1);
      const [items, values] = [new Map<number, number>(), new Map<number, number>()];
      for (let c = 2 * entry; c < 2 * entry + 2; c++)
        if (table.items[c] >= 0) items.set(table.items[c], table.values[c]);
      batch.nextAdded!.rows.forEach((of, i) => {
        if (of === row) values.set(batch.nextAdded!.items[i], batch.nextAdded!.values[i]);
      });
      assert.ok(values.size > 0);
      assert.deepEqual(values, items, `${replay}, entry ${entry}`);
    }
    batch.dispose();
    made.dispose();
  }
});

test("a column says after which rows nothing is expected, for updates and for tables", () => {
  const terminal = Float32Array.from(dataset.interactions.items, (item) => (item === 4 ? 1 : 0));
  const data = prepareData(
    {
      ...dataset,
      interactions: { ...dataset.interactions, extra: { terminal, two: terminal.map((v) => 2 * v) } },
    },
    ratios,
  );
  const ended = { ...spec, data, terminals: "terminal" };
  const replay = runReplay(ended);
  const { itemRows, terminals } = replay.transitions;
  assert.deepEqual(
    [...terminals],
    [...itemRows].map((item) => (item === 4 ? 1 : 0)),
  );
  replay.dispose();
  const plain = runReplay({ ...spec, data });
  assert.ok(!plain.transitions.terminals.includes(1));
  plain.dispose();
  const config = (terminals: string | null) =>
    resolveConfig({ agent: "q-learning", set: ["agent.discount=0.5", `terminals=${terminals}`] });
  const valued = (terminals: string | null): number | undefined =>
    (
      fitClassic(agentEntry("q-learning") as ClassicEntry, data, config(terminals)).agent as TabularAgent
    ).value(3, 4);
  assert.equal(valued("terminal"), 1); // the reward, and nothing after it
  assert.ok(valued(null)! > 1.4);
  assert.throws(
    () => runReplay({ ...ended, terminals: "gone" }),
    /no numeric column is called "gone", expected one of terminal, two/,
  );
  assert.throws(
    () => runReplay({ ...ended, terminals: "two" }),
    /column "two" holds 2, expected 1 where somebody left/,
  );
});
