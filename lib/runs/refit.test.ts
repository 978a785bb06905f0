import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { loadNextItem } from "../encoders/nextItemFile";
import type { NextItemModel } from "../encoders/nextItemModel";
import { validationNdcg } from "../encoders/validationNdcg";
import { random, shuffle } from "../math/random";
import { resolveConfig } from "../settings/resolveConfig";
import type { StudyConfig } from "../settings/studyConfig";
import { evaluateRuns } from "../studies/evaluateRuns";
import { runStudy } from "../studies/runStudy";
import { handMadeLog } from "./handMade.fixture";
import { openRun } from "./openRun";
import { prepareData } from "./preparedData";
import { queryRecommender } from "./queryRecommender";
import { type RunSummary, readSummary } from "./runFolder";
import { sharedModel } from "./sharedModel";
import { isPlain } from "./supervisedStart";
import { trainRun } from "./trainRun";

const root = mkdtemp(join(tmpdir(), "offshelf-refit-"));
after(async () => rm(await root, { recursive: true, force: true }));

/** Thirty users read five of items 0 to 7 as chance has it; then everybody reads 8 to 11, and so on validation and test. */
const draw = random(5);
const users = Array.from({ length: 30 }, (_, u) => {
  const early = [...shuffle(Int32Array.of(0, 1, 2, 3, 4, 5, 6, 7), draw)].slice(0, 5);
  return { train: [...early, 8 + (u % 2)], validation: [9 - (u % 2)], test: [10 + (u % 2)] };
});
const { dataset, ratios } = handMadeLog(users, 12);
const small = ["nextItem.epochs=2", "nextItem.units=8", "nextItem.width=8", "nextItem.batchSize=8"];
const actor = [...small, "agent.hidden=[8]", "agent.warmUp=0", "steps=6", "evaluateEvery=2", "batchSize=8"];
const cut = [`validationRatio=${ratios.validationRatio}`, `testRatio=${ratios.testRatio}`];
const settled = (agent: string, ...set: string[]) => resolveConfig({ agent, set: [...cut, ...set] });
const under = async (...names: string[]) => join(await root, ...names);

test("refitting a model takes as many passes as train alone had chosen", async () => {
  const config = {
    epochs: 6,
    patience: 6,
    units: 8,
    width: 8,
    batchSize: 8,
    learningRate: 0.05,
    averageRate: 1,
  };
  const data = prepareData(dataset, ratios);
  const chosen = await sharedModel(data, { root: await root, config });
  assert.equal(chosen.training.length, 6);
  assert.ok(chosen.bestEpoch < 6, "a log on which the last pass is not the best");
  const refit = await sharedModel(prepareData(dataset, { ...ratios, refit: true }), {
    root: await root,
    config,
  });
  assert.equal(refit.training.length, chosen.bestEpoch);
  assert.equal(refit.bestEpoch, chosen.bestEpoch);
  assert.ok(refit.training.every(({ validationNdcg }) => validationNdcg === undefined));
  for (const model of [chosen, refit]) model.dispose();
});

test("refitting keeps the start that train alone had chosen", async () => {
  const of = async (folder: string, ...set: string[]) =>
    trainRun({
      folder: await under(folder),
      root: await root,
      dataset,
      config: settled("next-item", ...small, ...set),
    });
  const first = await of("first");
  assert.ok(!isPlain(first.start!), "a log on which more than the model counts");
  const refitted = await of("refitted", "refit=true");
  assert.deepEqual(refitted.start, first.start);
  // It is counted to the end of what was learned from: validation's rows among it.
  const [before, now] = [await openRun(await under("first")), await openRun(await under("refitted"))];
  assert.equal(before.data.rows.length + before.data.split.validation.length, now.data.rows.length);
  for (const run of [before, now]) run.dispose();
});

test("an experiment's refitted runs take as many steps as were kept without the validation rows", async () => {
  const config = settled("ddpg", ...actor, "keep=learned", "agent.actorLearningRate=0.05", "refit=true");
  const refused = (): never => {
    throw new Error("refused");
  };
  const study: StudyConfig = {
    ...{ name: "refit", data: {}, file: "refit.yaml", seeds: [1, 2, 3], ks: [5], controls: false },
    models: [{ name: "ddpg", config, refused }],
  };
  const { runs: many } = await runStudy({ study, dataset, folder: await under("many"), root: await root });
  const { seeds } = many.rows.find(({ name }) => name === "ddpg")!;
  assert.deepEqual(
    seeds.map(({ seed }) => seed),
    [1, 2, 3],
  );
  const kept: number[] = [];
  const models: NextItemModel[] = [];
  for (const { seed, summary: known } of seeds) {
    const summary = known as RunSummary;
    assert.equal(summary.split.refit, true);
    const home = join(await under("many"), await onlyFolder(await under("many"), "ddpg-"), `seed-${seed}`);
    const { record, split, seed: own } = (await readSummary(home))!;
    assert.equal(split.refit, false, "the step is chosen without the validation rows");
    assert.deepEqual([own, summary.seed], [seed, seed]);
    for (const folder of [home, join(home, "refit")])
      models.push(await loadNextItem(join(folder, "next-item")));
    kept.push(record!.chosenStep);
    assert.deepEqual([record!.steps, record!.keep], [6, "learned"]);
    assert.deepEqual(
      [summary.record!.steps, summary.record!.chosenStep],
      [record!.chosenStep, record!.chosenStep],
    );
    assert.equal(summary.record!.stepZero, undefined);
  }
  assert.ok(
    kept.some((step) => step < 6),
    `${kept}: not every seed keeps its last step`,
  );
  // The model under an actor has the actor's seed, so that seeds show all that chance does.
  assert.deepEqual(
    models.map(({ config: { seed } }) => seed),
    [1, 1, 2, 2, 3, 3],
  );
  assert.equal(new Set(models.map(({ itemVectors }) => itemVectors.join())).size, 6);
  for (const model of models) model.dispose();
});

test("step 0 kept is what is fitted again, in as many steps: none", async () => {
  // A learning rate that ruins the actor at once: step 0 is kept.
  const config = settled("ddpg", ...actor, "agent.actorLearningRate=10");
  const folder = await under("ruined");
  const { record } = await trainRun({ folder, root: await root, dataset, config });
  assert.equal(record!.chosenStep, 0);
  const run = await openRun(folder);
  const { histories } = run.data.test();
  assert.deepEqual(
    run.recommender.recommend(histories, 5).items,
    run.stepZero!.recommend(histories, 5).items,
  );
  run.dispose();
  const table = await evaluateRuns({
    folders: [folder],
    ks: [5],
    refit: true,
    controls: false,
    root: await root,
  });
  const { steps, chosenStep } = (await readSummary(join(folder, "refit")))!.record!;
  assert.deepEqual([steps, chosenStep], [0, 0]);
  const row = table.rows.find(({ name }) => name === "ddpg")!;
  const { changedLists, difference } = row.actor!.fromStepZero;
  assert.deepEqual([changedLists, difference.mean], [0, 0]);
});

test("step 0 and the supervised model are served with the recent popularity of the run", async () => {
  const folder = await under("popular");
  const config = settled("ddpg", ...actor, "keep=last", "agent.actorLearningRate=0.05");
  const { record, start: chosen } = await trainRun({ folder, root: await root, dataset, config });
  assert.ok(!isPlain(chosen!));
  const opened = await openRun(folder);
  const looked = record!.curves.validationNdcg.values;
  for (const [served, ndcg] of [
    [opened.stepZero!, looked[0]],
    [opened.recommender, looked.at(-1)!],
  ] as const)
    assert.ok(
      Math.abs(validationNdcg(served, opened.data.validation!) - ndcg) < 1e-9,
      "looked at as it is served",
    );
  const own = queryRecommender(await loadNextItem(join(folder, "next-item")));
  assert.ok(Math.abs(validationNdcg(own, opened.data.validation!) - looked[0]) > 1e-3, "and not without it");
  for (const each of [own, opened]) each.dispose();
  // So strong that it alone decides, and counted over all train rows.
  const file = join(folder, "run.json");
  const summary = JSON.parse(await readFile(file, "utf8"));
  const biases = [{ window: 1000, strength: 1000, own: 0, share: 1 }];
  const start = { biases, companion: {} };
  await writeFile(file, JSON.stringify({ ...summary, start }));
  const run = await openRun(folder);
  const counts = new Int32Array(12);
  for (const row of run.data.rows) counts[dataset.interactions.items[row]]++;
  const { histories } = run.data.test();
  for (const served of [run.recommender, run.stepZero!, run.supervised!]) {
    const lists = served.recommend(histories, 4);
    for (let user = 0; user < histories.size; user++) {
      const had = histories.items.subarray(histories.offsets[user], histories.offsets[user + 1]);
      const open = [...counts.keys()].filter((item) => !had.includes(item)).map((item) => counts[item]);
      assert.deepEqual(
        [...lists.items.subarray(4 * user, 4 * user + 4)]
          .filter((item) => item >= 0)
          .map((item) => counts[item]),
        open.sort((a, b) => b - a).slice(0, 4),
        `${served.name}, user ${user}`,
      );
    }
  }
  run.dispose();
});

test("a run whose start is of an earlier version is refused by name", async () => {
  const folder = await under("popular");
  const file = join(folder, "run.json");
  const { start: _, ...summary } = JSON.parse(await readFile(file, "utf8"));
  await writeFile(file, JSON.stringify({ ...summary, bias: { window: 1, strength: 0, own: 1 } }));
  await assert.rejects(openRun(folder), /popular: was made by an earlier version.*train it again/s);
});

async function onlyFolder(folder: string, start: string): Promise<string> {
  const [found, ...more] = (await readdir(folder)).filter((name) => name.startsWith(start));
  assert.ok(found !== undefined && more.length === 0);
  return found;
}
