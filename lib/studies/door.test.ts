import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { td3 } from "../agents/actorCritic/td3";
import type { Agent, AgentProblem } from "../agents/agent";
import { random } from "../math/random";
import { nextItem, prepare } from "../runs/prepare";
import { train } from "../runs/train";
import { baselines } from "./baselines";
import { compare } from "./compare";
import { imitateRewarded } from "./ownAgent.fixture";
import { resultsOf } from "./resultsFile";
import { studyStamp } from "./text";

const root = mkdtempSync(join(tmpdir(), "offshelf-door-"));
after(() => rmSync(root, { recursive: true, force: true }));

/** A log of 40 people who go round a ring of 20 tracks, in a file of one's own. */
function plays(): string {
  const draw = random(4);
  const lines = ["user_id,item_id,rating,timestamp"];
  for (let user = 0; user < 40; user++) {
    let track = draw.integer(20);
    for (let i = 0; i < 12; i++) {
      lines.push(`u${user},t${track},${1 + ((track * 3 + user) % 5)},${user + 100 * i}`);
      track = (track + 1) % 20;
    }
  }
  const file = join(root, "plays.csv");
  writeFileSync(file, `${lines.join("\n")}\n`);
  return file;
}

const quick = { epochs: 2, units: 8, width: 4, batchSize: 16 };

test("from a file of one's own to a table, in a handful of lines", async () => {
  const data = await prepare(plays(), { onNotice: () => {} });
  const model = await nextItem(data, quick, { root });
  const run = await train(td3, {
    data,
    model,
    settings: { policyDelay: 2, hidden: [8] },
    steps: 20,
    seed: 1,
  });
  const others = await baselines(data, { names: ["most-popular", "item-knn"], root });
  const table = await compare([run, model, ...others], data, { k: 5 });

  assert.deepEqual([...table.rows.map(({ name }) => name)].sort(), [
    "ItemKNN",
    "MostPopular",
    "next-item",
    "td3",
  ]);
  const values = table.rows.map(({ at }) => at[5].ndcg.mean);
  assert.deepEqual(
    values,
    [...values].sort((a, b) => b - a),
    "best first",
  );
  for (const { name, kind, at, actor } of table.rows) {
    const { mean, lower, upper } = at[5].ndcg;
    assert.ok(lower <= mean && mean <= upper);
    assert.equal(kind, { td3: "actor-critic", "next-item": "supervised" }[name] ?? "baseline");
    assert.equal(actor !== undefined, name === "td3");
  }
  const mine = table.rows.find(({ name }) => name === "td3")!;
  const start = table.rows.find(({ name }) => name === "next-item")!;
  assert.ok(
    Math.abs(mine.actor!.fromStepZero.difference.mean - (mine.at[5].ndcg.mean - start.at[5].ndcg.mean)) <
      1e-12,
    "step 0 is the model",
  );
  assert.equal(table.columns.length, table.values[0].length);
  assert.match(studyStamp(table), /plays\.csv .*; temporal; .*\d+ test users/);
  assert.match(table.notes.join(" "), /1 paired difference was looked at/);
  await assert.rejects(compare([run, run], data), /got "td3" twice under seed 1/);
  assert.deepEqual(
    resultsOf(table, { fast: true }).rows.map(({ name, kind }) => [name, kind]),
    table.rows.map(({ name }) => [name, { td3: "agent", "next-item": "supervised" }[name] ?? "baseline"]),
  );

  const other = await train(td3, {
    ...{ data, model, settings: { policyDelay: 1, hidden: [8] }, steps: 2, seed: 2 },
  });
  await assert.rejects(
    compare([run, other], data),
    /one set of settings a name, got two of "td3" \(policyDelay\)/,
  );
  other.dispose();
  const same = { policyDelay: 2, hidden: [8] };
  const second = await train(td3, { data, model, settings: same, steps: 10, seed: 2 });
  const both = await compare([run, second], data, { k: 5 });
  const [row] = both.rows;
  assert.deepEqual([both.rows.length, row.seeds, both.seeds], [1, [1, 2], [1, 2]]);
  const { bySeed, mean: over } = row.at[5].ndcg;
  assert.equal(bySeed[0], mine.at[5].ndcg.mean);
  assert.ok(Math.abs(over - (bySeed[0] + bySeed[1]) / 2) < 1e-12, "a row's mean is over its seeds");
  second.dispose();

  const tiny = { data, model, steps: 2, seed: 1 };
  const quickly = { hidden: [8], warmUp: 0 };
  const held = await train("td3-bc", { ...tiny, settings: quickly });
  const off = await train("td3-bc", {
    ...{ ...tiny, name: "td3-bc, critic off", settings: { ...quickly, criticWeight: 0 } },
  });
  const moment = { ...model, itemBias: model.itemBias.map(() => 0), name: "without biases" };
  const controlled = await compare([held, off, model, moment], data, { k: 5, against: "next-item" });
  const kinds = Object.fromEntries(controlled.against!.rows.map(({ name, kind }) => [name, kind]));
  assert.deepEqual(kinds, {
    "td3-bc": "agent",
    "td3-bc, critic off": "control",
    "without biases": "supervised",
  });
  const means = new Map(controlled.rows.map(({ name, at }) => [name, at[5].ndcg.mean]));
  for (const { name, mean, lower, upper } of controlled.against!.rows) {
    assert.ok(Math.abs(mean - (means.get(name)! - means.get("next-item")!)) < 1e-12, name);
    assert.ok(lower <= mean && mean <= upper);
  }
  const beside = controlled.rows.find(({ name }) => name === "td3-bc")!.actor!.fromCriticOff!;
  assert.equal(beside.row, "td3-bc, critic off");
  await assert.rejects(compare([model], data, { against: "EASE" }), /a row to compare against, got "EASE"/);
  held.dispose();
  off.dispose();

  const chosen = await compare([model], data, { k: 5, on: "validation" });
  assert.match(studyStamp(chosen), /\d+ validation users/);
  assert.equal(chosen.users, data.validation!.histories.size);
  assert.ok(!chosen.columns.includes("from step 0"), "nothing was learned by reinforcement");
  run.dispose();
  model.dispose();
});

test("settings are checked where they are written, and when they are used", async () => {
  const data = await prepare(plays(), { onNotice: () => {} });
  const model = await nextItem(data, quick, { root });
  const shared = { data, model, steps: 1 };
  const misspelt = train(td3, {
    ...shared,
    // @ts-expect-error polcyDelay is no setting of td3
    settings: { polcyDelay: 2 },
  });
  await assert.rejects(misspelt, /td3 requires known settings, got "polcyDelay"/);
  await assert.rejects(
    train(td3, { ...shared, settings: { discount: 1 } }),
    /td3 requires discount to be a number in \[0, 1\)/,
  );
  await assert.rejects(train("dpg", shared), /unknown agent "dpg"/);
  await assert.rejects(train("ease", shared), /train requires an agent that learns by updates, got "ease"/);
  await assert.rejects(prepare("goodboks"), /no dataset and no file is called "goodboks"/);
  model.dispose();
});

test("an agent written in a cell is trained as ours are; a name brings the command line's settings", async () => {
  const data = await prepare(plays(), { onNotice: () => {} });
  const model = await nextItem(data, quick, { root });
  let updates = 0;
  const still = (
    { actionSize, stateSize }: AgentProblem,
    { tilt = 0 }: { readonly tilt?: number } = {},
  ): Agent => ({
    name: "still",
    config: { tilt },
    act: (states) => new Float32Array((states.length / stateSize) * actionSize).fill(tilt),
    learn: () => ({ loss: ++updates }),
    save: async () => {},
    load: async () => {},
    dispose() {},
  });
  const run = await train(still, {
    data,
    model,
    settings: { tilt: 0.5 },
    steps: 7,
    batchSize: 4,
    keep: "last",
  });
  assert.deepEqual([run.name, updates, run.chosenStep], ["still", 7, 7]);
  assert.deepEqual(run.config, { tilt: 0.5 });
  const named = await train("td3-bc", { data, model, settings: { hidden: [8] }, steps: 2, name: "held" });
  assert.equal(named.name, "held");
  assert.equal((named.config as { behaviour: string }).behaviour, "softmax");
  for (const each of [run, named]) each.dispose();
  model.dispose();
});

test("the agent that the README writes learns, recommends and is compared", async () => {
  const source = readFileSync(join(__dirname, "ownAgent.fixture.ts"), "utf8");
  const body = source.slice(source.indexOf("function imitateRewarded"));
  const readme = readFileSync(join(__dirname, "..", "agents", "README.md"), "utf8");
  assert.ok(readme.includes(body.trimEnd()), "lib/agents/README.md shows the code that is tested here");
  const data = await prepare(plays(), { onNotice: () => {} });
  const model = await nextItem(data, quick, { root });
  const losses: number[] = [];
  const run = await train(imitateRewarded, {
    ...{ data, model, settings: { learningRate: 1e-2 }, steps: 200, seed: 1, keep: "last" },
    onFigures: ({ loss }) => void (loss !== undefined && losses.push(loss)),
  });
  assert.ok(losses.at(-1)! < 0.8 * losses[0], `the loss goes from ${losses[0]} to ${losses.at(-1)}`);
  const table = await compare([run, model], data, { k: 5 });
  assert.equal(table.rows.find(({ name }) => name === "imitate-rewarded")!.kind, "actor-critic");
  run.dispose();
  model.dispose();
});
