import assert from "node:assert/strict";
import { test } from "node:test";
import { settingRows } from "../data/settings";
import { agentEntry, agents } from "./agents";
import { parseConfig } from "./readConfig";
import { runSettings } from "./runConfig";
import { searchRanges } from "./searchRanges";
import { searchableNames, searchedSetting, triedBy, withTried } from "./searchSpace";
import { resolveTune } from "./tuneConfig";

const resolved = (text: string) => resolveTune(parseConfig(text, "s.yaml"));
const head = "data: { dataset: synthetic }\nmodel:\n  type: ddpg\n"; // lines 1 to 3
const spaceOf = (agent: string, name: string, said: unknown = null) =>
  searchedSetting(agentEntry(agent), name, said).space;

test("names alone are searched in their usual ranges, those with both ends in their own", () => {
  const { search, study, base, confirm, seed, name } = resolved(
    `${head}training: { steps: 40, seeds: 2 }\nsearch: [actorLearningRate, discount, optimizer, nextItem.dropout, replay]`,
  );
  assert.deepEqual(
    search.map(({ path, space }) => [path.join("."), space]),
    [
      ["agent.actorLearningRate", { low: 1e-5, high: 1e-2, log: true, whole: false }],
      ["agent.discount", { low: 0, high: 0.99, log: false, whole: false }],
      ["agent.optimizer", { choices: ["adam", "radam"] }],
      ["nextItem.dropout", { low: 0, high: 0.8, log: false, whole: false }],
      ["replay", { choices: ["uniform", "prioritised"] }],
    ],
  );
  assert.deepEqual(
    [study.seeds, base.steps, confirm, seed, name],
    [[1, 2], 40, { best: 2, seeds: 3 }, 1, "s"],
  );
  assert.deepEqual(spaceOf("dqn", "candidates"), { low: 5, high: 500, log: true, whole: true });
  assert.deepEqual(spaceOf("td3", "critics"), { choices: [1, 2] });
});

test("a range or a list is taken as it is said", () => {
  const said = { low: 0.1, high: 0.9, step: 0.2 };
  assert.deepEqual(spaceOf("ddpg", "discount", said), { ...said, log: false, whole: false });
  assert.deepEqual(spaceOf("ddpg", "hidden", [[8], [16, 16]]), { choices: [[8], [16, 16]] });
  assert.deepEqual(spaceOf("ddpg", "window", { low: 2, high: 20, log: true }), {
    ...{ low: 2, high: 20, log: true, whole: true },
  });
});

test("every usual range lies within what the setting may be, and is a setting of somebody", () => {
  const unused = new Set(Object.keys(searchRanges));
  for (const entry of agents)
    for (const name of searchableNames(entry)) {
      const key = name.replace(/^agent\./, "");
      if (searchRanges[key] === undefined || (key === name && !unused.has(key))) continue;
      unused.delete(key);
      // Said aloud, it is checked as anybody's.
      assert.doesNotThrow(() => searchedSetting(entry, name, searchRanges[key]), `${entry.name} ${name}`);
    }
  assert.deepEqual([...unused], []);
});

test("how the log is cut and whom validation asks is not searched", () => {
  const names = searchableNames(agentEntry("ddpg"));
  for (const { name } of settingRows(runSettings(agentEntry("ddpg"))))
    if (
      /^(protocol|.*Ratio|relevantAt|refit|repeats|seed|keep|validationUsers|evaluateEvery|policy\..*)$/.test(
        name,
      )
    )
      assert.ok(!names.includes(name), name);
  assert.ok(names.includes("agent.behaviourWeight") && names.includes("batchSize"));
});

test("whatever is wrong is named by file and line", () => {
  const wrong: readonly (readonly [text: string, message: RegExp])[] = [
    [
      `${head}search:\n  - discount\n  - actorRate`,
      /^s\.yaml:6: "actorRate" is no setting of ddpg \(did you mean actorLearningRate\?\), expected some of steps,/,
    ],
    [`${head}search: [seed]`, /^s\.yaml:4: "seed" is not searched of ddpg, expected some of/],
    [
      `${head}search:\n  discount: { low: 0, high: 1.5 }`,
      /^s\.yaml:5: discount is searched at 1\.5, expected a number in \[0, 1\)$/,
    ],
    [
      `${head}search:\n  discount: [0.5, 2]`,
      /^s\.yaml:5: discount has the value 2, expected a number in \[0, 1\)$/,
    ],
    [
      `${head}search:\n  discount: [0.5]`,
      /^s\.yaml:5: discount is \[0\.5\], expected a list of at least two/,
    ],
    [
      `${head}search:\n  discount: { low: 0.5, high: 0.2 }`,
      /^s\.yaml:5: .* from 0\.5 to 0\.2, expected low below high$/,
    ],
    [
      `${head}search:\n  discount: { lo: 0.5 }`,
      /^s\.yaml:5: unknown key "lo" of discount, expected one of low, high/,
    ],
    [`${head}search:\n  discount: { low: 0, high: 1, log: true }`, /^s\.yaml:5: discount is searched at 1,/],
    [
      `${head}search:\n  warmUp: { low: 0, high: 9, log: true }`,
      /^s\.yaml:5: warmUp is searched by factors from 0, expected low above 0/,
    ],
    [
      `${head}search:\n  warmUp: { low: 0.5, high: 9 }`,
      /^s\.yaml:5: warmUp is searched at 0\.5, expected a whole number/,
    ],
    [
      `${head}search: [window]`,
      /^s\.yaml:4: window has no usual range, expected window: \{ low: …, high: … \}$/,
    ],
    [
      `${head}search:\n  behaviour:`,
      /^s\.yaml:5: behaviour "none" does not go with the other settings, expected a behaviour term and its weight/,
    ],
    [`${head}search: [discount, agent.discount]`, /^s\.yaml:4: "agent\.discount" comes twice/],
    [`${head}serch: [discount]`, /^s\.yaml:4: unknown key "serch", expected one of name, data/],
    [head, /^s\.yaml:1: search is missing/],
    [
      `${head}  params:\n    discout: 1\nsearch: [discount]`,
      /^s\.yaml:5: unknown key "discout" of model\.params/,
    ],
    ["model:\n  type: dpg\nsearch: [discount]", /^s\.yaml:2: unknown agent "dpg"/],
    ["model: { type: ddpg }\nsearch: [discount]", /^s\.yaml:1: which data is not said/],
    [
      "data: { dataset: synthetic, refit: true }\nmodel: { type: ddpg }\nsearch: [discount]",
      /^s\.yaml:1: refit leaves no/,
    ],
    [`${head}training: { stepz: 1 }\nsearch: [discount]`, /^s\.yaml:4: unknown key "stepz" of training/],
    [`${head}training: { k: 5 }\nsearch: [discount]`, /^s\.yaml:4: unknown key "k" of training/],
    [
      "data: { dataset: synthetic }\nmodel: { type: ease }\nsearch: [lambda]",
      /^s\.yaml:3: "lambda" is no setting of ease/,
    ],
  ];
  for (const [text, message] of wrong)
    assert.throws(() => resolved(text), { name: "InputError", message }, text);
});

test("what a trial tries goes into the settings, and the default settings are a trial where the search reaches them", () => {
  const { base, search, entry } = resolved(
    `${head}search:\n  actorLearningRate:\n  hidden: [[8], [256, 256]]\n  nextItem.units: [16, 128]\n  maximumNorm: [null, 2]`,
  );
  assert.deepEqual(triedBy(base, search), {
    ...{ actorLearningRate: 1e-4, hidden: "[256,256]", "nextItem.units": 128, maximumNorm: null },
  });
  const tried = { actorLearningRate: 0.002, hidden: "[8]", "nextItem.units": 16, maximumNorm: 2 };
  const config = withTried(base, search, tried, entry);
  assert.deepEqual(
    [config.agent.actorLearningRate, config.agent.hidden, config.nextItem.units, config.agent.maximumNorm],
    [0.002, [8], 16, 2],
  );
  assert.deepEqual(base.agent.hidden, [256, 256]);
  const { search: elsewhere } = resolved(`${head}search:\n  discount: [0, 0.5]`);
  assert.equal(triedBy(base, elsewhere), undefined);
});
