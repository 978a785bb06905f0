import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import type { Dataset } from "../data/dataset";
import { historiesOfLists } from "../data/histories";
import { syntheticDataset } from "../data/synthetic";
import { textColumn } from "../data/textColumns";
import { trainNextItem } from "../encoders/nextItem";
import { trainableEncoder } from "../encoders/trainableEncoder";
import { validationNdcg } from "../encoders/validationNdcg";
import { random } from "../math/random";
import { resolveConfig } from "../settings/resolveConfig";
import { tf } from "../tensors/tf";
import { openRun } from "./openRun";
import { prepareData } from "./preparedData";
import { readRunConfig } from "./runFolder";
import { runReplay } from "./runReplay";
import { readStoredDataset } from "./storedDataset";
import { trainRun } from "./trainRun";

const root = mkdtemp(join(tmpdir(), "offshelf-features-run-"));
after(async () => rm(await root, { recursive: true, force: true }));

const plain = syntheticDataset({ config: { users: 40, items: 40, genres: 4, rows: [8, 14] } });
const dataset: Dataset = {
  ...plain,
  interactions: {
    ...plain.interactions,
    texts: {
      device: textColumn(Array.from(plain.interactions.users, (user, row) => `d${(user + row) % 3}`)),
    },
    userColumns: {
      text: {
        sex: plain.interactions.userIds.map((_, user) => (user % 3 === 0 ? "" : user % 2 ? "f" : "m")),
      },
      numbers: {
        age: Float64Array.from(plain.interactions.userIds, (_, user) =>
          user % 5 ? 20.5 + user : Number.NaN,
        ),
      },
    },
  },
};
const small = ["nextItem.epochs=1", "nextItem.units=8", "nextItem.width=8", "agent.hidden=[8]"];
const steps = [
  "agent.warmUp=0",
  "steps=6",
  "evaluateEvery=6",
  "batchSize=16",
  "keep=last",
  "companion=false",
];
const columns = ["user.age", "user.sex", "log.device", "time.gap"];

test("an opened run reads the columns it was trained with, frozen and with an encoder that learns along", async () => {
  for (const window of ["null", "6"]) {
    const folder = join(await root, `run-${window}`);
    const set = [...small, ...steps, `nextItem.features=[${columns}]`, `window=${window}`];
    const request = { folder, root: await root, config: resolveConfig({ agent: "ddpg", set }) };
    const { validation, features } = await trainRun({ ...request, dataset });
    assert.deepEqual(features, { columns: ["user.age", "user.sex", "log.device", "time.gap"] });
    assert.match(
      await readFile(join(folder, "model-card.md"), "utf8"),
      /States know user\.age, user\.sex, log\.device/,
    );
    const kept = await readStoredDataset(folder);
    assert.deepEqual(kept.interactions, dataset.interactions);
    assert.deepEqual(kept.catalog.text, dataset.catalog.text);
    assert.deepEqual(kept.catalog.numbers, dataset.catalog.numbers);
    const run = await openRun(folder);
    const asked = validationNdcg(run.recommender, run.data.validation!);
    assert.ok(Math.abs(asked - validation!.ndcg.mean) < 1e-9, `${asked} and ${validation!.ndcg.mean}`);
    // The same items, rated as before, by somebody who is not in the log.
    const { histories } = run.data.validation!;
    const strangers = { ...histories, rows: new Int32Array(histories.items.length).fill(-1) };
    assert.notDeepEqual(run.served!.queries(strangers), run.served!.queries(histories));
    assert.equal(
      run.recommender.recommend(historiesOfLists([[3]]), 5).items.filter((item) => item >= 0).length,
      5,
    );
    run.dispose();
  }
});

test("without columns a run keeps neither what users are nor the log's text; what items are a service filters by", async () => {
  const folder = join(await root, "none");
  const config = resolveConfig({ agent: "next-item", set: small.slice(0, 3) });
  const { features } = await trainRun({ folder, root: await root, config, dataset });
  assert.equal(features, undefined);
  const { interactions, catalog } = await readStoredDataset(folder);
  assert.deepEqual([interactions.texts, interactions.userColumns], [undefined, undefined]);
  assert.deepEqual(catalog.text, dataset.catalog.text);
});

test("a column that is none is refused before anything is written", async () => {
  const folder = join(await root, "refused");
  for (const agent of ["ddpg", "most-popular"]) {
    const config = resolveConfig({ agent, set: ["nextItem.features=[ages]"] });
    await assert.rejects(
      trainRun({ folder, root: await root, config, dataset }),
      /no column "ages" \(did you mean user\.age\?\)/,
    );
  }
  await assert.rejects(readFile(join(folder, "names.json")), /ENOENT/);
});

test("windows that are long enough give the states of whole histories, columns and all", async () => {
  const data = prepareData(dataset);
  const settings = { width: 8, units: 8, epochs: 1, features: columns };
  const model = await trainNextItem({ histories: data.histories, itemCount: 40 }, settings);
  for (const replay of ["uniform", "prioritised"] as const) {
    const buffer = runReplay({ data, model, window: 100, replay, agent: () => assert.fail() });
    const batch = buffer.sample(32, random(1), 0);
    const encoder = trainableEncoder(model);
    tf().tidy(() => {
      for (const end of ["states", "nextStates"] as const) {
        const [read, cached] = [encoder.states(batch.windows![end]), batch[end]].map((each) =>
          each.dataSync(),
        );
        for (let i = 0; i < read.length; i++) assert.ok(Math.abs(read[i] - cached[i]) < 1e-5);
      }
      const { features: _, ...bare } = batch.windows!.states;
      assert.throws(() => encoder.states(bare), /windows with \d+ further columns, got none/);
    });
    const held = tf().memory().numTensors;
    batch.dispose();
    assert.ok(held - tf().memory().numTensors >= 6, "the windows' columns are disposed of, too");
    for (const part of [buffer, encoder]) part.dispose();
  }
});

test("a run that was cut short goes on with the columns in its folder", async () => {
  const folder = join(await root, "resumed");
  const config = resolveConfig({
    agent: "next-item",
    set: [...small.slice(0, 3), "nextItem.features=[age, class]"],
  });
  const classes = plain.catalog.ids.map((_, item) => `class ${item % 4}`);
  const own = { ...dataset, catalog: { ...dataset.catalog, text: { class: classes } } };
  const { validation } = await trainRun({ folder, root: await root, config, dataset: own });
  await rm(join(folder, "run.json"));
  const elsewhere = join(await root, "elsewhere"); // no model is cached there
  const kept = { config: await readRunConfig(folder), dataset: await readStoredDataset(folder) };
  assert.deepEqual((await trainRun({ folder, root: elsewhere, ...kept })).validation, validation);
});

test("refitting learns from validation rows, too, with the columns that train alone had chosen", async () => {
  const folder = join(await root, "refit");
  const set = [...small.slice(0, 3), "nextItem.features=auto", "refit=true"];
  const config = resolveConfig({ agent: "next-item", set });
  const { features } = await trainRun({ folder, root: await root, config, dataset });
  const { taken, columns: tried } = features!.choice!;
  assert.deepEqual(features!.columns, taken ? tried : []);
  const run = await openRun(folder);
  assert.equal(
    run.recommender.recommend(historiesOfLists([[3]]), 5).items.filter((item) => item >= 0).length,
    5,
  );
  run.dispose();
});
