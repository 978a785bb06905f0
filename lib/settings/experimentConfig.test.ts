import assert from "node:assert/strict";
import { test } from "node:test";
import { InputError } from "../data/inputError";
import { experimentDataset, syntheticConfig } from "../studies/experimentDataset";
import { plannedRows } from "../studies/experimentRows";
import { settleExperiment, settleLogs } from "./experimentConfig";
import { parseConfig, readConfig } from "./readConfig";

const settled = (text: string, ...set: string[]) => settleExperiment(parseConfig(text, "e.yaml"), set);
const head = "data:\n  dataset: synthetic\nmodels:\n";

test("what is said once holds for all models, a model has the last word, and a count of seeds is a list", () => {
  const { models, seeds, ks, name, controls } = settled(
    `data: { dataset: synthetic, testRatio: 0.2 }
training: { seeds: 3, episodes: 70, k: 5, batchSize: 16, nextItem: { units: 8 }, popularity: false }
models:
  - { name: a, type: ddpg, params: { discount: 0.5 } }
  - { name: b, type: ddpg, steps: 9, nextItem: { width: 4 }, popularity: true }`,
    "training.seeds=[4, 2]",
  );
  assert.deepEqual([seeds, ks, name, controls], [[4, 2], [5], "e", true]);
  const [a, b] = models.map(({ config }) => config);
  assert.deepEqual([a!.steps, b!.steps, a!.batchSize, b!.batchSize], [70, 9, 16, 16]);
  assert.deepEqual([a!.agent.discount, b!.agent.discount], [0.5, 0.9]);
  assert.deepEqual([a!.nextItem.units, a!.nextItem.width], [8, 64]);
  assert.deepEqual([b!.nextItem.units, b!.nextItem.width], [8, 4]);
  assert.deepEqual([a!.popularity, b!.popularity], [false, true]);
  assert.deepEqual([a!.testRatio, a!.validationRatio, a!.seed], [0.2, 0.1, 4]);
  assert.deepEqual(settled(`${head}  - type: ease\n`).seeds, [1, 2, 3, 4, 5]);
});

test("whatever is wrong is named by file and line, with what was expected", () => {
  const wrong: readonly (readonly [text: string, message: RegExp])[] = [
    [`${head}  - type: ddpgg\n`, /^e\.yaml:4: unknown agent "ddpgg", expected one of ddpg, td3/],
    [
      `${head}  - type: ddpg\n    params:\n      discout: 1\n`,
      /^e\.yaml:6: unknown key "discout", expected one of discount/,
    ],
    [
      `${head}  - type: ease\n  - type: ddpg\n    params: { hidden: [8],\n      discount: 1.5 }\n`,
      /^e\.yaml:7: ddpg requires discount/,
    ],
    [
      `${head}  - type: ddpg\n    parms: {}\n`,
      /^e\.yaml:5: unknown key "parms" of models\.0, expected one of name, type/,
    ],
    [
      `${head}  - type: ddpg\n    nextItem:\n      units: many\n`,
      /^e\.yaml:6: nextItem\.units is "many", expected a number/,
    ],
    [
      "data:\n  dataset: synthetic\ntraining:\n  stepz: 1\nmodels:\n  - type: ddpg\n",
      /^e\.yaml:4: unknown key "stepz" of training/,
    ],
    [
      "data:\n  dataset: synthetic\ntraining:\n  steps: some\nmodels:\n  - type: ddpg\n",
      /^e\.yaml:4: steps is "some"/,
    ],
    [
      "data:\n  dataset: synthetic\ntraining:\n  seeds: 0\nmodels:\n  - type: ddpg\n",
      /^e\.yaml:4: training\.seeds is 0, expected at least 1/,
    ],
    [
      "data:\n  dataset: moon\nmodels:\n  - type: ddpg\n",
      /^e\.yaml:2: data\.dataset is "moon", expected one of/,
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
      /^e\.yaml:3: data\.testRatio is 2, expected at most/,
    ],
    [
      "data:\n  dataset: ml-100k\n  protocol: leave-one-out\n  testRatio: 0.2\nmodels:\n  - type: ease\n",
      /^e\.yaml:4: testRatio is of the temporal/,
    ],
    ["data:\n  full: true\nmodels:\n  - type: ease\n", /^e\.yaml:1: which data is not said/],
    [`${head}  - type: ddpg\n  - type: ddpg\n`, /^e\.yaml:5: the name "ddpg" comes twice/],
    ["data:\n  dataset: synthetic\n", /^e\.yaml:1: models are missing/],
    [`${head}  - name: x\n`, /^e\.yaml:4: models\.0\.type is null, expected a string/],
    [
      "data:\n  dataset: synthetic\ntraining:\n  steps: 1\n  episodes: 1\nmodels:\n  - type: ddpg\n",
      /^e\.yaml:5: episodes and steps/,
    ],
    ["data: [\n", /^e\.yaml:\d: is not YAML/],
  ];
  for (const [text, message] of wrong)
    assert.throws(
      () => settled(text),
      (error) => {
        assert.ok(error instanceof InputError, text);
        assert.match(error.message, message);
        return true;
      },
    );
  assert.throws(
    () => settled(`${head}  - type: ease\n`, "training.stepz=1"),
    /^InputError: --set training\.stepz=1: unknown key/,
  );
});

test("each actor gets its twin without a critic; greedy reward and the supervised model are in the table", () => {
  const rows = plannedRows(
    settled(
      `${head}  - type: ddpg\n  - type: td3\n  - type: greedy-reward\n  - { type: reinforce, name: R }\n`,
    ),
  );
  const named = (role: string) => rows.filter((row) => row.role === role).map(({ name }) => name);
  assert.deepEqual(named("control"), ["ddpg, critic off", "R, critic off"]);
  assert.deepEqual(named("compulsory").slice(0, 1), ["next-item"]);
  assert.equal(named("compulsory").length, 10, "the supervised model and nine baselines");
  const twinOf = (name: string) => rows.find((row) => row.name === name)!.withoutCritic;
  assert.equal(twinOf("ddpg"), "ddpg, critic off");
  assert.equal(twinOf("greedy-reward"), "ddpg, critic off", "which does not read the discount");
  assert.equal(twinOf("td3"), undefined, "nothing is left of it without its critic");
  const off = rows.find(({ name }) => name === "ddpg, critic off")!.config;
  const on = rows.find(({ name }) => name === "ddpg")!.config;
  assert.deepEqual(off, { ...on, agent: { ...on.agent, criticWeight: 0 } });

  const alone = plannedRows(settled(`${head}  - type: ddpg\ncontrols: false\n`));
  assert.deepEqual(
    alone.filter(({ role }) => role === "control"),
    [],
  );
  const greedy = plannedRows(settled(`${head}  - { type: ddpg, name: D }\n`)).find(
    ({ name }) => name === "D, discount 0",
  )!;
  assert.deepEqual(
    [greedy.role, greedy.config.agent.discount, greedy.withoutCritic],
    ["compulsory", 0, "D, critic off"],
  );

  const closed = plannedRows(settled(`${head}  - { type: ease, name: mine }\n`)).map(({ name }) => name);
  assert.ok(closed.includes("mine") && !closed.includes("EASE") && closed.includes("EASE + recency"));
  assert.equal(closed.length, 9);
});

test("synthetic sizes: the log is as sparse as it was asked to be", () => {
  assert.deepEqual(syntheticConfig({ items: 100, sparsity: 0.78 }).rows, [12, 32]);
  const [low, high] = syntheticConfig({ items: 60, sparsity: 0.7 }).rows!;
  assert.equal((low + high) / 2, 18);
});

test("every kind of synthetic data takes sizes and a seed, and says so in its label", async () => {
  for (const kind of ["sequence", "popularity", "taste"]) {
    const sizes = "users: 40, items: 60, sparsity: 0.8, seed: 3";
    const experiment = settled(`data: { dataset: synthetic-${kind}, ${sizes} }\nmodels:\n  - type: ease\n`);
    const { interactions, label } = await experimentDataset(experiment);
    assert.deepEqual([interactions.userIds.length, interactions.itemIds.length], [40, 60]);
    assert.ok(Math.abs(interactions.size / 40 - 12) < 2, `${interactions.size} rows, 12 a user`);
    assert.match(label, new RegExp(`^synthetic data, ${kind}-driven \\(40 users, .* seed 3\\)$`));
  }
});

test("the examples in the repository are good", async () => {
  for (const name of ["tiny", "ml-100k", "goodbooks"]) {
    const { models, seeds } = settleExperiment(
      await readConfig(`${__dirname}/../studies/examples/${name}.yaml`),
    );
    assert.ok(models.length >= 2 && seeds.length >= (name === "tiny" ? 2 : 3));
  }
  const logs = settleLogs(await readConfig(`${__dirname}/../studies/examples/carry-over.yaml`))!;
  assert.ok(logs.length >= 4 && logs.every(({ experiment }) => experiment.models.length >= 2));
  assert.ok(logs.every(({ experiment }) => experiment.data.dataset !== "goodbooks"));
});
