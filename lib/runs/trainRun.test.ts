import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { Dataset } from "../data/dataset";
import { InputError } from "../data/inputError";
import { syntheticDataset } from "../data/synthetic";
import { agentDefaults, agents } from "../settings/agents";
import { resolveConfig } from "../settings/resolveConfig";
import { openRun } from "./openRun";
import { prepareData } from "./preparedData";
import { trainRun } from "./trainRun";

const dataset: Dataset = syntheticDataset({ config: { users: 40, items: 40, genres: 4, rows: [8, 14] } });

const quick = [
  "nextItem.epochs=2",
  "nextItem.units=8",
  "nextItem.width=8",
  "agent.hidden=[16]",
  "agent.warmUp=2",
  "steps=20",
  "evaluateEvery=5",
  "batchSize=16",
];

const quickConfig = (agent: string, ...set: string[]) => {
  const knows = (one: string): boolean =>
    one.slice("agent.".length, one.indexOf("=")) in agentDefaults(agent);
  const own = quick.filter((one) => !one.startsWith("agent.") || knows(one));
  return resolveConfig({ agent, set: [...own, ...set] });
};

async function inFolder(run: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "offshelf-train-"));
  try {
    await run(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const request = (root: string, folder: string, agent: string, ...set: string[]) => ({
  folder: join(root, folder),
  root,
  dataset,
  config: quickConfig(agent, ...set),
});

/** Every file of a folder with its bytes, but for TensorBoard's, which hold the clock. */
async function contents(folder: string, under = ""): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const entry of await readdir(join(folder, under), { withFileTypes: true })) {
    const path = join(under, entry.name);
    if (entry.name === "events") continue;
    if (entry.isDirectory()) for (const [name, text] of await contents(folder, path)) found.set(name, text);
    else found.set(path, (await readFile(join(folder, path))).toString("latin1"));
  }
  return found;
}

test("a run that was cut short and continued gives the same bytes as one that never stopped", () =>
  inFolder(async (root) => {
    await trainRun(request(root, "whole", "ddpg"));
    const cut = request(root, "cut", "ddpg");
    const stopAt12 = (label: string, done: number) => {
      if (label === "ddpg" && done >= 12) throw new Error("the machine goes off");
    };
    await assert.rejects(trainRun({ ...cut, onProgress: stopAt12 }), /goes off/);
    await assert.rejects(openRun(cut.folder), /is not finished/);
    const kept = await readdir(join(cut.folder, "checkpoints"));
    assert.ok(kept.includes("step-000000010") && !kept.includes("step-000000015"));
    await trainRun(cut);
    const [whole, resumed] = [await contents(join(root, "whole")), await contents(cut.folder)];
    assert.deepEqual([...resumed.keys()].sort(), [...whole.keys()].sort());
    for (const [name, bytes] of whole) assert.ok(resumed.get(name) === bytes, `${name} differs`);
    assert.ok(whole.has("metrics.jsonl") && whole.has("model-card.md") && whole.has("run.json"));
  }));

test("another seed gives another run", () =>
  inFolder(async (root) => {
    const one = await trainRun(request(root, "one", "ddpg"));
    const two = await trainRun(request(root, "two", "ddpg", "seed=2"));
    assert.notDeepEqual(one.record!.curves.criticLoss, two.record!.curves.criticLoss);
  }));

test("every name trains, and its folder alone gives the same lists again", () =>
  inFolder(async (root) => {
    const { histories } = prepareData(dataset).test();
    for (const { name, kind } of agents) {
      const asked = request(root, name, name, ...(kind === "baseline" ? ["agent.tune=false"] : []));
      const summary = await trainRun(asked);
      assert.equal(summary.agent, name);
      assert.ok(summary.validation!.users > 0);
      const run = await openRun(asked.folder);
      const lists = run.recommender.recommend(histories, 5);
      assert.equal(lists.size, histories.size);
      assert.equal(run.dataset.catalog.titles[0], dataset.catalog.titles[0]);
      assert.equal(run.stepZero !== undefined, kind === "actor-critic");
      run.dispose();
      const again = await openRun(asked.folder);
      assert.deepEqual(again.recommender.recommend(histories, 5), lists);
      again.dispose();
    }
  }));

test("greedy reward is the same agent with discount 0, cloning has no critic in the actor's loss", () => {
  const settings = (name: string) => resolveConfig({ agent: name }).agent;
  const { discount: _one, name: _two, ...greedy } = settings("greedy-reward");
  const { discount, name: _three, ...ddpg } = settings("ddpg");
  assert.deepEqual(greedy, ddpg);
  assert.equal(settings("greedy-reward").discount, 0);
  assert.equal(discount, 0.9);
  assert.equal(settings("behaviour-cloning").criticWeight, 0);
});

test("too little data and unknown rewards are refused by name, before anything is written", () =>
  inFolder(async (root) => {
    const few = { ...dataset, interactions: { ...dataset.interactions, size: 5 } };
    const small = trainRun({ ...request(root, "few", "ddpg"), dataset: few });
    await assert.rejects(
      small,
      (error) => error instanceof InputError && /too little to learn from/.test(error.message),
    );
    await assert.rejects(
      trainRun(request(root, "reward", "ddpg", "reward=clicks")),
      (error) => error instanceof InputError && /"clicks", expected one of auto, rating/.test(error.message),
    );
    assert.deepEqual(await readdir(root), []);
  }));
