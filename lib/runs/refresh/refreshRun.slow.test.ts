import assert from "node:assert/strict";
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import type { Dataset } from "../../data/dataset";
import { InputError } from "../../data/inputError";
import { plantFuture } from "../../data/plantedFuture.fixture";
import { syntheticDataset } from "../../data/synthetic";
import { loadNextItem } from "../../encoders/nextItemFile";
import { agentDefaults, agents } from "../../settings/agents";
import { resolveConfig } from "../../settings/resolveConfig";
import { openRun } from "../openRun";
import { prepareData } from "../preparedData";
import { type RunSummary, readFinished } from "../runFolder";
import { readStoredDataset } from "../storedDataset";
import { trainRun } from "../trainRun";
import { cutLog } from "./cutLog.fixture";
import { measureGain } from "./measureGain";
import { storedOrigin } from "./origin";
import { planRefresh, type RefreshOptions } from "./refreshRun";

const home = mkdtemp(join(tmpdir(), "offshelf-refresh-"));
after(async () => rm(await home, { recursive: true, force: true }));

const whole = syntheticDataset({ config: { users: 60, items: 50, genres: 4, rows: [8, 14] } });
const cut = Math.floor(0.7 * whole.interactions.size);
const old = cutLog(whole, 0, cut, "old.csv");
/** Some rows of it are in the old log already. */
const newer = cutLog(whole, cut - 20, whole.interactions.size);

const quick = [
  ...["nextItem.epochs=4", "nextItem.units=8", "nextItem.width=8", "agent.hidden=[8]", "agent.warmUp=2"],
  ...["steps=24", "evaluateEvery=4", "batchSize=16", "agent.tune=false", "keep=learned"],
];

const quickly = (agent: string) =>
  resolveConfig({
    agent,
    set: quick.filter(
      (one) => !one.startsWith("agent.") || one.slice(6, one.indexOf("=")) in agentDefaults(agent),
    ),
  });

const oldRuns = new Map<string, Promise<string>>();

function oldRun(agent: string): Promise<string> {
  const made = oldRuns.get(agent) ?? trainedOld(agent);
  oldRuns.set(agent, made);
  return made;
}

async function trainedOld(agent: string): Promise<string> {
  const folder = join(await home, `old-${agent}`);
  await trainRun({ folder, root: await home, dataset: old, config: quickly(agent) });
  return folder;
}

interface Changes extends RefreshOptions {
  readonly rows?: Dataset;
  readonly onProgress?: (label: string, done: number) => void;
}

/** Refreshes an agent's run into a folder of that name. */
async function refreshed(
  agent: string,
  name: string,
  { rows = newer, onProgress, ...options }: Changes = {},
) {
  const from = await oldRun(agent);
  const plan = await planRefresh(from, async () => rows, options);
  const folder = join(await home, name);
  const summary = await trainRun({
    folder,
    root: join(folder, "home"),
    ...plan,
    ...(onProgress && { onProgress }),
  });
  return { ...plan, from, folder, summary };
}

test("a refreshed run goes on: fewer passes and updates, its own weights, new items, and where it comes from", async () => {
  const { folder, from, summary, config, origin } = await refreshed("ddpg", "plain");
  const before = await readFinished(from);
  assert.equal(config.steps, 6);
  const model = await loadNextItem(join(from, "next-item"));
  assert.equal(config.nextItem.epochs, Math.ceil(model.bestEpoch / 2));
  model.dispose();
  assert.ok(config.nextItem.learningRate < before.config.nextItem.learningRate);
  assert.deepEqual(config.agent, before.config.agent);
  assert.equal(origin.anew?.steps, 24, "anew as the old run was");
  const { refresh, split, data } = summary as Required<RunSummary>;
  const { rows } = refresh;
  assert.deepEqual(
    [rows.oldRows, rows.fileRows, rows.knownRows, rows.newRows],
    [cut, newer.interactions.size, 20, whole.interactions.size - cut],
  );
  assert.equal(data.interactions, whole.interactions.size);
  assert.ok(rows.newUsers > 0 && data.users === old.interactions.userIds.length + rows.newUsers);
  assert.equal(refresh.heldOut.rows, split.test);
  assert.ok(Math.abs(split.test - 0.25 * rows.newRows) <= 1 && Math.abs(split.validation - split.test) <= 1);
  assert.match(refresh.fingerprint, /^[0-9a-f]{16}$/);
  assert.deepEqual([refresh.from, refresh.step], [from, before.summary.record!.chosenStep]);
  const card = await readFile(join(folder, "model-card.md"), "utf8");
  assert.match(
    card,
    /## Refreshed\n\nGoes on from `.*old-ddpg` \(ddpg, its step \d+; fingerprint [0-9a-f]{16}\)\. 1?\d+ new rows/,
  );
  const run = await openRun(folder);
  assert.ok(run.recommender.recommend(run.data.test().histories, 5).items.some((item) => item >= 0));
  run.dispose();
  const again = await openRun(from); // the run it comes from is as it was
  assert.equal(again.dataset.interactions.size, cut);
  again.dispose();
});

test("no step and no pass: the agent and the model stand where the old run left them", async () => {
  for (const agent of ["ddpg", "dqn"]) {
    const set = ["steps=0", "nextItem.learningRate=1e-12", "popularity=false", "companion=false"];
    const { folder, from } = await refreshed(agent, `still-${agent}`, { set });
    const [was, is] = [await openRun(from), await openRun(folder)];
    const [a, b] = await Promise.all([from, folder].map((each) => loadNextItem(join(each, "next-item"))));
    for (const [row, id] of was.dataset.catalog.ids.entries()) {
      const item = is.dataset.catalog.rowOf(id);
      const width = a.headBias.length;
      const of = (model: typeof a, at: number) => [
        ...model.itemVectors.subarray(at * width, (at + 1) * width),
      ];
      for (const [i, value] of of(a, row).entries())
        assert.ok(Math.abs(value - of(b, item)[i]) < 1e-5, `${agent}: item ${id}`);
    }
    assert.deepEqual(
      [...b.headWeights].map((x) => x.toFixed(4)),
      [...a.headWeights].map((x) => x.toFixed(4)),
    );
    // One reader whom both know; the same query, whatever the catalogue has gained.
    const histories = prepareData(old).test().histories;
    const moved = {
      ...histories,
      items: histories.items.map((item) => is.dataset.catalog.rowOf(old.catalog.ids[item])),
    };
    if (agent === "ddpg") {
      // Queries stand first in rows that also hold what retrieval adds.
      const rows = (run: typeof was, asked: typeof histories): string[] => {
        const { index } = run.served!;
        const found = run.served!.queries(asked);
        return Array.from({ length: asked.size * a.headBias.length }, (_, i) =>
          found[Math.floor(i / a.headBias.length) * index.width + (i % a.headBias.length)].toFixed(3),
        );
      };
      assert.deepEqual(rows(is, moved), rows(was, histories));
      assert.notDeepEqual(was.served!.queries(histories), was.stepZero!.queries(histories), "it had learned");
    }
    for (const each of [was, is, a, b]) each.dispose();
  }
});

/** The files of a run that hold what was learned or chosen: all but the copy of the log, the clock's and the cache. */
async function learned(folder: string): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name).slice(folder.length + 1);
    if (entry.isFile() && !/^(events|home|log\.)/.test(path))
      found.set(path, (await readFile(join(folder, path))).toString("latin1"));
  }
  return found;
}

async function requireSame(one: string, two: string): Promise<void> {
  const [wanted, found] = [await learned(one), await learned(two)];
  assert.ok(wanted.size > 1);
  assert.deepEqual([...found.keys()].sort(), [...wanted.keys()].sort());
  for (const [file, bytes] of wanted) assert.ok(found.get(file) === bytes, `${file} differs`);
}

for (const agent of ["ddpg", "dqn", "next-item", "sarsa", "ease"])
  test(`${agent}: whatever the held-out rows hold, the refreshed run is the same to the byte`, async () => {
    const plain = await refreshed(agent, `${agent}-plain`);
    const held = plain.summary.split.test;
    const { size } = newer.interactions;
    const test = Int32Array.from({ length: held }, (_, i) => size - held + i);
    const none = new Int32Array(0);
    const split = { protocol: "temporal", train: none, validation: none, test } as const;
    const planted = { ...newer, interactions: plantFuture(newer.interactions, split) };
    const after = await refreshed(agent, `${agent}-planted`, { rows: planted });
    assert.notDeepEqual(after.dataset.interactions.items, plain.dataset.interactions.items);
    await requireSame(plain.folder, after.folder);
    // The rows before them do matter.
    const earlier = { ...split, test: Int32Array.from({ length: 40 }, (_, i) => 25 + i) };
    const other = { ...newer, interactions: plantFuture(newer.interactions, earlier) };
    const differing = await refreshed(agent, `${agent}-earlier`, { rows: other });
    await assert.rejects(requireSame(plain.folder, differing.folder));
  });

test("a refreshed run that was cut short goes on from its folder alone, to the same bytes", async () => {
  const plain = await refreshed("ddpg", "resume-plain");
  const off = (label: string, done: number): void => {
    if (label === "ddpg" && done >= 3) throw new Error("the machine goes off");
  };
  await assert.rejects(refreshed("ddpg", "resume-cut", { onProgress: off }), /goes off/);
  const folder = join(await home, "resume-cut");
  const away = join(await home, "old-ddpg");
  await cp(away, `${away}-kept`, { recursive: true });
  await rm(away, { recursive: true });
  try {
    const dataset = await readStoredDataset(folder);
    const origin = await storedOrigin(folder, dataset.catalog.ids);
    const { config } = plain;
    await trainRun({ folder, root: join(folder, "home"), dataset, config, ...(origin && { origin }) });
  } finally {
    await cp(`${away}-kept`, away, { recursive: true });
  }
  await requireSame(plain.folder, folder);
});

test("the gain is measured on the held-out readers, beside the old run and anew, and kept", async () => {
  const { folder, from, origin } = await refreshed("next-item", "gain");
  const summary = await measureGain(folder, {
    from,
    anew: origin.anew!,
    time: { seconds: 3, cpuSeconds: 4 },
  });
  assert.deepEqual((await readFinished(folder)).summary, JSON.parse(JSON.stringify(summary)));
  const gain = summary.refresh!.gain!;
  const run = await openRun(folder);
  const task = run.data.test();
  assert.deepEqual([gain.readers, gain.relevant], [task.histories.size, task.relevantItems.length]);
  run.dispose();
  const [own, before, anew] = gain.methods;
  assert.deepEqual(
    gain.methods.map(({ name }) => name),
    ["refreshed", "old run, as it is", "trained anew"],
  );
  for (const other of [before, anew])
    assert.ok(
      Math.abs(own.ndcg.mean - other.ndcg.mean - other.difference!.mean) < 1e-12,
      "refreshed less the other",
    );
  assert.deepEqual(own.time, { seconds: 3, cpuSeconds: 4 });
  assert.ok(anew.time!.seconds > 0);
  const card = await readFile(join(folder, "model-card.md"), "utf8");
  assert.match(card, /\| refreshed \| 0\.\d{4} \(.*\) \| {2}\| 3 s \(4 s of CPU\) \|/);
});

test("every name can be refreshed, and an encoder that learned along goes on too", async () => {
  for (const { name, kind } of agents) {
    const { folder, summary } = await refreshed(name, `every-${name}`);
    assert.equal(summary.agent, name);
    assert.equal(summary.refresh!.notes.length, kind === "baseline" || kind === "classic" ? 1 : 0, name);
    if (name !== "sac" && kind !== "classic") continue;
    const { refresh } = await measureGain(folder, { from: await oldRun(name) });
    assert.ok(refresh!.gain!.methods[1].ndcg.mean > 0, name);
  }
  const from = join(await home, "old-joint");
  const config = { ...quickly("ddpg"), window: 4 };
  await trainRun({ folder: from, root: await home, dataset: old, config });
  const plan = await planRefresh(from, async () => newer);
  const folder = join(await home, "joint");
  const { record } = await trainRun({ folder, root: join(folder, "home"), ...plan });
  assert.ok(record!.chosenStep > 0);
});

test("what cannot go on is refused by name", async () => {
  const from = await oldRun("most-popular");
  const refuse = async (rows: Dataset, message: RegExp, options: RefreshOptions = {}): Promise<void> => {
    await assert.rejects(
      planRefresh(from, async () => rows, options),
      (error) => error instanceof InputError && message.test(error.message),
    );
  };
  await refuse(cutLog(whole, 0, cut, "same.csv"), /same\.csv: holds no row that the run's log has not/);
  const backwards = cutLog(whole, 0, 40, "earlier.csv");
  const shifted = {
    ...backwards.interactions,
    times: backwards.interactions.times.map((time) => time - 1e9),
  };
  await refuse(
    { ...backwards, interactions: shifted },
    /earlier\.csv: holds nothing newer than the run's log/,
  );
  await refuse(newer, /unknown key "stepz"/, { set: ["stepz=3"] });
  const copy = join(await home, "features");
  await cp(from, copy, { recursive: true });
  const file = join(copy, "config.yaml");
  await writeFile(file, (await readFile(file, "utf8")).replace("features: none", "features: auto"));
  await assert.rejects(
    planRefresh(copy, async () => newer),
    (error) =>
      error instanceof InputError &&
      /features: cannot be refreshed: its states know further columns/.test(error.message),
  );
  const { summary } = await refreshed("most-popular", "popular");
  assert.deepEqual(summary.refresh!.notes, [
    "most-popular keeps nothing that could be gone on from: it is trained anew on the joined log",
  ]);
});
