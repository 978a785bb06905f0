import assert from "node:assert/strict";
import { test } from "node:test";
import { InputError } from "../data/inputError";
import { rowsOf } from "../studies/plan";
import { studyDataset, syntheticConfig } from "../studies/studyDataset";

import { parseConfig, readConfig } from "./readConfig";
import { resolveLogs, resolveStudy } from "./studyConfig";

const resolved = (text: string, ...set: string[]) => resolveStudy(parseConfig(text, "e.yaml"), set);
const head = "data:\n  dataset: synthetic\nmodels:\n";

test("what is said once holds for all models, a model has the last word, and a count of seeds is a list", () => {
  const { models, seeds, ks, name, controls } = resolved(
    `data: { dataset: synthetic, testRatio: 0.2 }
training: { seeds: 3, episodes: 70, k: 5, batchSize: 16, nextItem: { units: 8 }, popularity: false }
models:
  - { name: a, type: ddpg, params: { discount: 0.5 } }
  - { name: b, type: ddpg, steps: 9, nextItem: { width: 4 }, popularity: true }`,
    "training.seeds=[4, 2]",
  );
  assert.deepEqual([seeds, ks, name, controls], [[4, 2], [5], "e", true]);
  const [a, b] = models.map(({ config }) => config);
  assert.deepEqual([a.steps, b.steps, a.batchSize, b.batchSize], [70, 9, 16, 16]);
  assert.deepEqual([a.agent.discount, b.agent.discount], [0.5, 0.9]);
  assert.deepEqual([a.nextItem.units, a.nextItem.width], [8, 64]);
  assert.deepEqual([b.nextItem.units, b.nextItem.width], [8, 4]);
  assert.deepEqual([a.popularity, b.popularity], [false, true]);
  assert.deepEqual([a.testRatio, a.validationRatio, a.seed], [0.2, 0.1, 4]);
  assert.deepEqual(resolved(`${head}  - type: ease\n`).seeds, [1, 2, 3, 4, 5]);
});

test("whatever is wrong is named by file and line, with what was expected", () => {
  const wrong: readonly (readonly [text: string, message: RegExp])[] = [
    [`${head}  - type: ddpgg\n`, /^e\.yaml:4: unknown agent "ddpgg", expected one of ddpg, td3/],
    [
      `${head}  - type: ddpg\n    params:\n      discout: 1\n`,
      /^e\.yaml:6: unknown key "discout" of models\.0\.params, expected one of discount/,
    ],
    [
      `${head}  - type: ease\n  - type: ddpg\n    params: { hidden: [8],\n      discount: 1.5 }\n`,
      /^e\.yaml:7: models\.1\.params\.discount is 1\.5, expected a number in \[0, 1\)$/,
    ],
    [
      `${head}  - type: ddpg\n    parms: {}\n`,
      /^e\.yaml:5: unknown key "parms" of models\.0, expected one of name, type/,
    ],
    [
      `${head}  - type: ddpg\n    nextItem:\n      units: many\n`,
      /^e\.yaml:6: models\.0\.nextItem\.units is "many", expected a whole number from 1$/,
    ],
    [
      "data:\n  dataset: synthetic\ntraining:\n  stepz: 1\nmodels:\n  - type: ddpg\n",
      /^e\.yaml:4: unknown key "stepz" of training/,
    ],
    [
      "data:\n  dataset: synthetic\ntraining:\n  steps: some\nmodels:\n  - type: ddpg\n",
      /^e\.yaml:4: training\.steps is "some", expected a whole number from 0, or null$/,
    ],
    [
      "data:\n  dataset: synthetic\ntraining:\n  seeds: 0\nmodels:\n  - type: ddpg\n",
      /^e\.yaml:4: training\.seeds is 0, expected a whole number from 1 or a list of whole numbers from 0$/,
    ],
    [
      "data:\n  dataset: moon\nmodels:\n  - type: ddpg\n",
      /^e\.yaml:2: data\.dataset is "moon", expected "goodbooks" or /,
    ],
    [
      "data:\n  dataset: ml-100k\n  sparsity: 0.9\nmodels:\n  - type: ease\n",
      /^e\.yaml:3: sparsity is of synthetic data/,
    ],
    [
      "data:\n  dataset: synthetic-taste\n  genres: 5\nmodels:\n  - type: ease\n",
      /^e\.yaml:3: genres are of this kind of synthetic data alone, expected dataset: synthetic/,
    ],
    [
      "data:\n  dataset: ml-100k\n  testRatio: 2\nmodels:\n  - type: ease\n",
      /^e\.yaml:3: data\.testRatio is 2, expected a number in \[0\.001, 0\.49\]$/,
    ],
    [
      "data:\n  dataset: ml-100k\n  protocol: leave-one-out\n  testRatio: 0.2\nmodels:\n  - type: ease\n",
      /^e\.yaml:4: testRatio is of the temporal/,
    ],
    ["data:\n  full: true\nmodels:\n  - type: ease\n", /^e\.yaml:1: which data is not said/],
    [`${head}  - type: ddpg\n  - type: ddpg\n`, /^e\.yaml:5: the name "ddpg" comes twice/],
    ["data:\n  dataset: synthetic\n", /^e\.yaml:1: models are missing/],
    [`${head}  - name: x\n`, /^e\.yaml:4: models\.0\.type is null, expected a text$/],
    [
      "data:\n  dataset: synthetic\ntraining:\n  steps: 1\n  episodes: 1\nmodels:\n  - type: ddpg\n",
      /^e\.yaml:5: episodes and steps/,
    ],
    ["data: [\n", /^e\.yaml:\d: is not YAML/],
  ];
  for (const [text, message] of wrong)
    assert.throws(
      () => resolved(text),
      (error) => {
        assert.ok(error instanceof InputError, text);
        assert.match(error.message, message);
        return true;
      },
    );
  assert.throws(
    () => resolved(`${head}  - type: ease\n`, "training.stepz=1"),
    /^InputError: --set training\.stepz=1: unknown key/,
  );
});

test("each actor gets the same without its critic; greedy reward and the supervised model are in the table", () => {
  const rows = rowsOf(
    resolved(
      `${head}  - type: ddpg\n  - type: td3\n  - type: greedy-reward\n  - { type: reinforce, name: R }\n`,
    ),
  );
  const named = (role: string) => rows.filter((row) => row.role === role).map(({ name }) => name);
  assert.deepEqual(named("criticOff"), ["ddpg, critic off", "R, critic off"]);
  assert.deepEqual(named("compulsory").slice(0, 1), ["next-item"]);
  assert.equal(named("compulsory").length, 10, "the supervised model and nine baselines");
  const criticOffOf = (name: string) => rows.find((row) => row.name === name)!.criticOff;
  assert.equal(criticOffOf("ddpg"), "ddpg, critic off");
  assert.equal(criticOffOf("greedy-reward"), "ddpg, critic off", "which does not read the discount");
  assert.equal(criticOffOf("td3"), undefined, "nothing is left of it without its critic");
  const off = rows.find(({ name }) => name === "ddpg, critic off")!.config;
  const on = rows.find(({ name }) => name === "ddpg")!.config;
  assert.deepEqual(off, { ...on, agent: { ...on.agent, criticWeight: 0 } });

  const alone = rowsOf(resolved(`${head}  - type: ddpg\ncontrols: false\n`));
  assert.deepEqual(
    alone.filter(({ role }) => role === "criticOff"),
    [],
  );
  const greedy = rowsOf(resolved(`${head}  - { type: ddpg, name: D }\n`)).find(
    ({ name }) => name === "D, discount 0",
  )!;
  assert.deepEqual(
    [greedy.role, greedy.config.agent.discount, greedy.criticOff],
    ["compulsory", 0, "D, critic off"],
  );

  const closed = rowsOf(resolved(`${head}  - { type: ease, name: mine }\n`)).map(({ name }) => name);
  assert.ok(closed.includes("mine") && !closed.includes("EASE") && closed.includes("EASE + recency"));
  assert.equal(closed.length, 9);
});

test("implicit Q-learning stands beside itself with weights of 1, conservative Q-learning has no critic to switch off", () => {
  const rows = rowsOf(resolved(`${head}  - { type: iql, name: IQL }\n  - type: cql\n`));
  const [on, off] = ["IQL", "IQL, critic off"].map((name) => rows.find((row) => row.name === name)!);
  assert.deepEqual([on.criticOff, off.role], ["IQL, critic off", "criticOff"]);
  assert.deepEqual(off.config, { ...on.config, agent: { ...on.config.agent, criticWeight: 0 } });
  const cql = rows.find(({ name }) => name === "cql")!;
  assert.deepEqual(
    [cql.criticOff, cql.config.agent.name, cql.config.agent.conservativeWeight],
    [undefined, "cql", 2],
  );
  assert.ok(rows.some(({ name }) => name === "IQL, discount 0"));
});

test("synthetic sizes: the log is as sparse as it was asked to be", () => {
  assert.deepEqual(syntheticConfig({ items: 100, sparsity: 0.78 }).rows, [12, 32]);
  const [low, high] = syntheticConfig({ items: 60, sparsity: 0.7 }).rows!;
  assert.equal((low + high) / 2, 18);
});

test("every kind of synthetic data takes sizes and a seed, and says so in its label", async () => {
  for (const kind of ["sequence", "popularity", "taste"]) {
    const sizes = "users: 40, items: 60, sparsity: 0.8, seed: 3";
    const experiment = resolved(`data: { dataset: synthetic-${kind}, ${sizes} }\nmodels:\n  - type: ease\n`);
    const { interactions, label } = await studyDataset(experiment);
    assert.deepEqual([interactions.userIds.length, interactions.itemIds.length], [40, 60]);
    assert.ok(Math.abs(interactions.size / 40 - 12) < 2, `${interactions.size} rows, 12 a user`);
    assert.match(label, new RegExp(`^synthetic data, ${kind}-driven \\(40 users, .* seed 3\\)$`));
  }
});

test("the examples in the repository are good", async () => {
  for (const name of ["tiny", "ml-100k", "goodbooks"]) {
    const { models, seeds } = resolveStudy(await readConfig(`${__dirname}/../studies/examples/${name}.yaml`));
    assert.ok(models.length >= 2 && seeds.length >= (name === "tiny" ? 2 : 3));
  }
  const logs = resolveLogs(await readConfig(`${__dirname}/../studies/examples/carry-over.yaml`))!;
  assert.ok(logs.length >= 4 && logs.every(({ study }) => study.models.length >= 2));
  assert.ok(logs.every(({ study }) => study.data.dataset !== "goodbooks"));
});
