import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { plantFuture } from "../data/plantedFuture.fixture";
import { meanOf } from "../math/mean";
import { prepareData } from "../runs/preparedData";
import { readSummary } from "../runs/runFolder";
import { trainRun } from "../runs/trainRun";
import { parseConfig } from "../settings/readConfig";
import { resolveTune } from "../settings/tuneConfig";
import { studyDataset } from "../studies/studyDataset";
import { makeTrial, type TrialJob, type TrialMessage } from "./trial";

const home = mkdtemp(join(tmpdir(), "offshelf-trial-"));
after(async () => rm(await home, { recursive: true, force: true }));

const tune = resolveTune(
  parseConfig(
    `data: { dataset: synthetic, users: 60, items: 40, genres: 4 }
model: { type: ddpg, params: { hidden: [8], warmUp: 2, boundedTargets: false, boundedValues: false } }
training:
  { steps: 20, evaluateEvery: 5, batchSize: 16, keep: learned, seeds: 2, nextItem: { epochs: 1, units: 8, width: 8 } }
search: { actorLearningRate: , criticLearningRate: { low: 1.0e-5, high: 1.0e+30, log: true }, behaviourWeight: { low: 0.1, high: 2 } }`,
    "s.yaml",
  ),
);
const dataset = studyDataset(tune.study);
const usual = { actorLearningRate: 0.003, criticLearningRate: 0.001, behaviourWeight: 0.7 };
let made = 0;

async function said(params: TrialJob["params"], of = dataset): Promise<TrialMessage[]> {
  const root = join(await home, String(++made));
  const messages: TrialMessage[] = [];
  const say = (message: TrialMessage): void => void messages.push(message);
  await makeTrial(tune, { params, folder: join(root, "trials", "0") }, { dataset: await of, root, say });
  return messages;
}

test("a trial's value is the mean over its seeds of what train says of the same settings on validation", async () => {
  const messages = await said(usual);
  const root = join(await home, String(made));
  const last = messages.at(-1) as Extract<TrialMessage, { values: readonly number[] }>;
  // Both seeds' validations on the way, in one count.
  assert.deepEqual(
    messages.slice(0, -1).map((message) => ("step" in message ? message.step : message)),
    [1, 2, 3, 4, 5, 6, 7, 8],
  );
  const values: number[] = [];
  for (const seed of [1, 2]) {
    const agent = { ...tune.base.agent, ...usual };
    const folder = join(root, "alone", String(seed));
    const { validation, record } = await trainRun({
      ...{ folder, root, dataset: await dataset, config: { ...tune.base, agent, seed } },
    });
    values.push(validation!.ndcg.mean);
    assert.equal(last.kept[seed - 1], record!.chosenStep);
    // Of its runs only settings and figures stay.
    const run = join(root, "trials", "0", `seed-${seed}`);
    assert.deepEqual((await readdir(run)).sort(), ["config.yaml", "metrics.jsonl", "run.json"]);
    assert.deepEqual((await readSummary(run))?.validation, validation);
    assert.equal(
      await readFile(join(run, "config.yaml"), "utf8"),
      await readFile(join(folder, "config.yaml"), "utf8"),
    );
  }
  assert.deepEqual(last.values, values);
  assert.notEqual(values[0], values[1]);
  assert.equal(last.value, meanOf(Float64Array.from(values)));
});

test("whatever the test rows hold, a trial says the same; what validation rows hold it does hear", async () => {
  const whole = await dataset;
  const { split } = prepareData(whole, tune.base);
  const planted = async (keep: "train" | "train and validation") => ({
    ...whole,
    interactions: plantFuture(whole.interactions, split, { keep }),
  });
  const before = await said(usual);
  assert.deepEqual(await said(usual, planted("train and validation")), before);
  assert.notDeepEqual(await said(usual, planted("train")), before);
});

test("settings that diverge, or do not go together, count as tried", async () => {
  const [ended] = await said({ ...usual, criticLearningRate: 1e30 }).then((all) => all.slice(-1));
  assert.match("pruned" in ended ? ended.pruned : JSON.stringify(ended), /diverged/);
  const [refused] = await said({ ...usual, behaviourWeight: 0 });
  assert.match(
    "pruned" in refused ? refused.pruned : "",
    /settings do not go together: a behaviour term and its weight/,
  );
});

test("what is wrong with the data is told as such", async () => {
  const few = { ...(await dataset), origin: "few.csv" };
  const { interactions } = few;
  const [none] = await said(
    usual,
    Promise.resolve({ ...few, interactions: { ...interactions, size: 3 } as typeof interactions }),
  );
  assert.deepEqual(none, { error: "error" in none ? none.error : "", input: true });
  assert.match("error" in none ? none.error : "", /^few\.csv: there is too little to learn from/);
});
