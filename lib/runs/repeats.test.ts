import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { retrievedActions } from "../agents/catalogue";
import { linUcb } from "../agents/linUcb/linUcb";
import { qLearning } from "../agents/tabular/qLearning";
import { companion } from "../baselines/companion";
import { linksOf } from "../baselines/itemLinks";
import { mostPopular } from "../baselines/mostPopular";
import { historiesOfLists } from "../data/histories";
import { random } from "../math/random";
import { evaluateRecommender } from "../metrics/evaluate";
import { rankingMetrics } from "../metrics/metrics";
import { nextSituation } from "../replay/batch";
import { resolveConfig } from "../settings/resolveConfig";
import { tf } from "../tensors/tf";
import { everyNdcg } from "./chooseStart";
import { handMadeLog, handMadeModel, scripted, unitVectors } from "./handMade.fixture";
import { openRun } from "./openRun";
import { prepareData } from "./preparedData";
import { queryRecommender } from "./queryRecommender";
import { runReplay } from "./runReplay";
import { servedDistribution } from "./servedDistribution";
import { servedLists } from "./servedLists";
import { linkedModels } from "./supervisedStart";
import { trainRun } from "./trainRun";
import { validator } from "./validator";

/** Four songs that are played again and again: what is held out was played before. */
const users = Array.from({ length: 8 }, (_, u) => ({
  train: [u % 4, (u + 1) % 4, u % 4],
  validation: [u % 4],
  test: [(u + 1) % 4],
}));
const { dataset, ratios } = handMadeLog(users, 4);
const [once, again] = [false, true].map((repeats) => prepareData(dataset, { ...ratios, repeats }));
const itemsOf = ({ items, k }: { items: Int32Array; k: number }, row = 0): number[] =>
  [...items.subarray(row * k, (row + 1) * k)].filter((item) => item >= 0);

test("what was played before is relevant where items may come again, and nobody is asked about it where not", () => {
  assert.throws(() => once.test(), /a relevant one after the test cut/);
  const task = again.test();
  assert.equal(task.repeats, true);
  assert.deepEqual([...task.relevantItems], [1, 2, 3, 0, 1, 2, 3, 0]);
  assert.equal(once.validation, undefined);
  assert.deepEqual([...again.validation!.relevantItems], [0, 1, 2, 3, 0, 1, 2, 3]);
});

test("targets may choose what was had: batches do not say what it was", () => {
  const model = handMadeModel(unitVectors(4));
  const items = retrievedActions({
    catalogue: { itemVectors: model.itemVectors, servedBias: Float32Array.of(0.4, 0.3, 0.2, 0.1) },
    actionSize: 4,
  });
  const best = [once, again].map((data) => {
    const replay = runReplay({ data, model, agent: scripted(() => [0]) });
    const batch = replay.sample(16, random(1), 0);
    const chosen = tf().tidy(() =>
      [...items.of(batch.nextStates.mul(0), nextSituation(batch)).argMax(1).dataSync()].map(Number),
    );
    assert.equal(batch.nextSeen === undefined, data.repeats);
    const had = batch.itemRows.dataSync();
    batch.dispose();
    replay.dispose();
    return { chosen, had: chosen.filter((item, i) => item === had[i]).length };
  });
  assert.deepEqual(best[1].chosen, Array(16).fill(0)); // the largest bias, whatever was had
  assert.equal(best[0].had, 0);
  assert.ok(best[1].had > 0);
  items.dispose();
});

test("tabular values count on what can be had again: 4/3 and 2/3 by hand", () => {
  const log = { histories: historiesOfLists([[0, 1, 0, 1, 0]]), rewards: Float32Array.of(0, 1, 0, 1, 0) };
  const learned = (repeats: boolean) => {
    const agent = qLearning({ items: 2, random: random(1), repeats }, { discount: 0.5, passes: 60 });
    agent.learn(log);
    return agent;
  };
  const [plain, repeated] = [learned(false), learned(true)];
  // Q(0, 1) = 1 + ½ Q(1, 0) and Q(1, 0) = ½ Q(0, 1); with nothing left to follow the mean of both does: 1.
  const near = (got: number | undefined, wanted: number): void =>
    assert.ok(Math.abs(got! - wanted) < 0.01, `${got} instead of ${wanted}`);
  near(repeated.value(0, 1), 4 / 3);
  near(repeated.value(1, 0), 2 / 3);
  near(plain.value(0, 1), 3 / 2);
  near(plain.value(1, 0), 1 / 2);
  assert.deepEqual(itemsOf(repeated.recommend(log.histories, 2)).sort(), [0, 1]);
  assert.deepEqual(itemsOf(plain.recommend(log.histories, 2)), []);
});

test("a linear bandit learns that what was had is passed over, too", () => {
  const log = { histories: historiesOfLists([[0, 1, 0, 1]]), rewards: new Float32Array(4).fill(1) };
  const rows = (repeats: boolean): number =>
    linUcb({ items: 2, random: random(1), repeats }, { negatives: 1, vectorWidth: 1 }).learn(log).rows;
  assert.equal(rows(true), 8); // the other item beside each
  assert.ok(rows(false) < 8);
});

test("linear models name what was read", () => {
  const links = linksOf(3, {
    sources: Int32Array.of(0, 0, 1),
    targets: Int32Array.of(1, 2, 0),
    weights: Float32Array.of(2, 1, 1),
    count: 3,
  });
  const added = (repeats: boolean) =>
    itemsOf({
      ...companion([{ links, recency: 1, weight: 1 }], { most: 3, repeats }).of(historiesOfLists([[0, 1]])),
      k: 3,
    });
  assert.deepEqual(added(true), [1, 0, 2]);
  assert.deepEqual(added(false), [2]);
});

test("starts are chosen by the lists that will be served", () => {
  const model = handMadeModel(unitVectors(4));
  const validation = again.validation!;
  const models = Object.values(linkedModels(again)).map((each) => ({ ...each, recency: 0.8, weight: 1 }));
  const beside = companion(models, { repeats: true });
  const blends = [{ weights: [] }, { weights: [], times: 1, added: beside.of(validation.histories) }];
  const found = everyNdcg(model, validation, { biases: [model.itemBias], blends });
  const plain = everyNdcg(model, validation, { biases: [model.itemBias], blends: [blends[0]] });
  assert.deepEqual([...plain], Array(8).fill(1));
  for (const [w, each] of [undefined, beside].entries()) {
    const served = queryRecommender(model, undefined, { companion: each, repeats: true });
    const lists = served.recommend(validation.histories, 10);
    const wanted = rankingMetrics(lists, validation, [10]).perUser[10].ndcg;
    for (const [user, value] of wanted.entries()) assert.ok(Math.abs(found[8 * w + user] - value) < 1e-6);
    // The state is the last item, which all took again.
    if (each === undefined) assert.deepEqual(wanted, new Float64Array(8).fill(1));
    served.dispose();
  }
});

test("validations rank everything, and agents that choose are told of nothing that was had", () => {
  const told: boolean[] = [];
  const start = {
    act: (states: Float32Array, situation?: object) => {
      told.push(situation !== undefined && "seen" in situation && situation.seen !== undefined);
      return states;
    },
  };
  const watched = validator(handMadeModel(unitVectors(4)), again.validation!, start);
  const { lists, ndcg } = watched.validate(start);
  assert.deepEqual(told, [false, false]);
  assert.deepEqual(itemsOf(lists).sort(), [0, 1, 2, 3]);
  assert.deepEqual([...ndcg], Array(8).fill(1));
  watched.dispose();
});

test("lists with items that were had are taken in a task that lets them come again, and in no other", () => {
  const task = again.test();
  const options = { ks: [2], random: random(1), trainCounts: [1, 1, 1, 1], resamples: 2 };
  const stubborn = {
    name: "stubborn",
    recommend: queryRecommender(handMadeModel(unitVectors(4)), undefined, { repeats: true }).recommend,
  };
  const told = evaluateRecommender(stubborn, task, options);
  assert.ok(itemsOf(told.lists).includes(0));
  const { repeats: _, ...strict } = task;
  assert.ok(!itemsOf(evaluateRecommender(stubborn, strict, options).lists).includes(0));
  const deaf = { name: "deaf", recommend: (h: typeof task.histories, k: number) => stubborn.recommend(h, k) };
  assert.throws(() => evaluateRecommender(deaf, strict, options), /leave out what the user had seen/);
  const popular = mostPopular(dataset.interactions, again.rows);
  assert.equal(itemsOf(evaluateRecommender(popular, task, { ...options, ks: [4] }).lists).length, 4);
});

test("a run keeps the setting, and serves what was had, whatever its method", async () => {
  const root = await mkdtemp(join(tmpdir(), "offshelf-repeats-"));
  const quick = ["epochs=1", "units=4", "width=4"].map((each) => `nextItem.${each}`);
  const own = { dqn: ["agent.hidden=[4]", "steps=2", "evaluateEvery=2", "batchSize=4", "keep=last"] };
  try {
    for (const agent of ["dqn", "next-item", "q-learning", "most-popular"]) {
      const set = [
        ...["repeats=true", "validationRatio=0.2", "testRatio=0.2", ...(agent === "dqn" ? own.dqn : [])],
        ...(agent === "most-popular" || agent === "q-learning" ? [] : quick),
      ];
      const folder = join(root, agent);
      const config = resolveConfig({ agent, set });
      const summary = await trainRun({ folder, root, dataset, config });
      assert.equal(summary.validation!.users, 8);
      assert.match(await readFile(join(folder, "config.yaml"), "utf8"), /\nrepeats: true\n/);
      const run = await openRun(folder);
      assert.equal(run.data.repeats, true);
      const whole = historiesOfLists([[0, 1, 2, 3]]);
      assert.deepEqual(itemsOf(servedLists(run, whole, 4)).sort(), [0, 1, 2, 3], agent);
      assert.deepEqual(itemsOf(run.recommender.recommend(whole, 4)).sort(), [0, 1, 2, 3], agent);
      assert.deepEqual(itemsOf(run.recommender.recommend(whole, 4, { repeats: false })), [], agent);
      if (agent !== "most-popular") assert.equal(servedDistribution(run, whole)!.available[0], 4);
      run.dispose();
    }
  } finally {
    await rm(root, { recursive: true, force: true });
  }
});
