import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { rankingMetrics } from "../metrics/metrics";
import { handMadeLog } from "../runs/handMade.fixture";
import { openRun } from "../runs/openRun";
import { readRunConfig } from "../runs/runFolder";
import { trainRun } from "../runs/trainRun";
import { agentDefaults } from "../settings/agents";
import { resolveConfig } from "../settings/resolveConfig";
import { evaluateRuns } from "./evaluateRuns";

const root = mkdtemp(join(tmpdir(), "offshelf-controls-"));
after(async () => rm(await root, { recursive: true, force: true }));

/** Items follow one another in a ring of 9, for half of the users by one and for the others by two. */
const users = Array.from({ length: 30 }, (_, u) => {
  const [at, ...more] = Array.from({ length: 6 }, (_, i) => (u + i * (1 + (u % 2))) % 9);
  return { train: [at, ...more.slice(0, 3)], validation: [more[3]], test: [more[4]] };
});
const { dataset, ratios } = handMadeLog(users, 9);
const set = [
  ...["nextItem.epochs=2", "nextItem.units=8", "nextItem.width=8", "nextItem.batchSize=8"],
  ...["agent.hidden=[8]", "agent.warmUp=1", "agent.discount=0.7", "agent.actorLearningRate=0.05"],
  ...["steps=6", "evaluateEvery=3", "batchSize=8", "keep=last", "popularity=false", "companion=false"],
  ...[`validationRatio=${ratios.validationRatio}`, `testRatio=${ratios.testRatio}`],
];

test("an actor stands beside itself without a critic, itself without a future, and itself before learning", async () => {
  const folder = join(await root, "ddpg");
  await trainRun({ folder, root: await root, dataset, config: resolveConfig({ agent: "ddpg", set }) });
  const table = await evaluateRuns({ folders: [folder], ks: [3], root: await root });

  const { agent: own, ...shared } = await readRunConfig(folder);
  const settings = async (name: string) => {
    const { agent, ...others } = await readRunConfig(join(folder, "controls", name));
    assert.deepEqual(others, shared, `${name} is trained as the actor was`);
    assert.ok(table.rows.some((row) => row.name === name && row.actor !== undefined));
    return agent;
  };
  assert.deepEqual([own.discount, own.criticWeight], [0.7, 1]);
  assert.deepEqual(await settings("greedy-reward"), { ...own, name: "greedy-reward", discount: 0 });
  assert.deepEqual(await settings("behaviour-cloning"), {
    ...{ ...own, name: "behaviour-cloning", criticWeight: 0 },
    ...{ behaviour: "softmax", behaviourWeight: 1, warmUp: 0 },
  });

  const run = await openRun(folder);
  const task = run.data.test();
  const [learned, start] = [run.recommender, run.stepZero!].map(
    (served) => rankingMetrics(served.recommend(task.histories, 3), task, [3]).at[3].ndcg,
  );
  run.dispose();
  const { actor, at } = table.rows.find(({ name }) => name === "ddpg")!;
  assert.ok(Math.abs(learned - start) > 0.01, `${learned} and ${start}: an actor that learned something`);
  assert.ok(Math.abs(at[3].ndcg.mean - learned) < 1e-9);
  assert.ok(Math.abs(actor!.fromStepZero.difference.mean - (learned - start)) < 1e-9, "after less before");
});

test("a control of an actor that lacks some of its settings has the usual ones beside", async () => {
  const folder = join(await root, "iql");
  await trainRun({ folder, root: await root, dataset, config: resolveConfig({ agent: "iql", set }) });
  const table = await evaluateRuns({ folders: [folder], ks: [3], root: await root });
  const { agent: own } = await readRunConfig(folder);
  const { agent } = await readRunConfig(join(folder, "controls", "greedy-reward"));
  const usual = agentDefaults("greedy-reward");
  assert.deepEqual(Object.keys(agent).sort(), ["name", ...Object.keys(usual)].sort());
  for (const [key, value] of Object.entries(usual))
    if (key !== "discount") assert.deepEqual(agent[key], key in own ? own[key] : value, key);
  assert.equal(agent.discount, 0);
  assert.ok(table.rows.some(({ name, actor }) => name === "greedy-reward" && actor !== undefined));
});
