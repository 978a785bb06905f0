import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { parseConfig, readConfig } from "../settings/readConfig";
import { resolveWorldStudy, type WorldStudyConfig } from "../settings/worldStudy";
import { trialAgents } from "../worlds/worldTrial";
import { worldMap } from "./worldMap";
import { fromGreedy, runWorldStudy, type WorldStudyTable } from "./worldStudy";
import { worldStudyPage, worldStudyText } from "./worldStudyText";

const agents = Object.keys(trialAgents);
const resolved = (text: string, set: readonly string[] = []): WorldStudyConfig =>
  resolveWorldStudy(parseConfig(text, "w.yaml"), set);

const small = `
name: small
worlds:
  - { name: "on", world: satiation }
  - { name: "off", world: satiation, set: { effects: false } }
base: { users: 30 }
vary: { discount: [0, 0.9], epsilon: [1] }
updates: 1
seeds: 2
agents: [greedy-reward, behaviour-cloning, dqn]
`;

test("a study's file: the base first, then what differs from it; defaults for what is not said", () => {
  const study = resolved(small);
  assert.deepEqual(
    study.settings.map(({ label, ...rest }) => [label, Object.values(rest)]),
    [
      ["base", [0.9, 0.5, 30]],
      ["γ 0", [0, 0.5, 30]],
      ["ε 1", [0.9, 1, 30]],
    ],
  );
  assert.deepEqual(study.seeds, [1, 2]);
  assert.equal(study.judgedAt, 0.9);
  assert.deepEqual(resolved(small, ["seeds=1", "vary.users=[100]"]).seeds, [1]);
  const plain = resolved("worlds: [{ name: a, world: satiation }]");
  assert.deepEqual(plain.agents, agents);
  assert.equal(plain.name, "w");
});

test("what is wrong in the file is named with its line", () => {
  const refused = (text: string, message: RegExp): void => {
    assert.throws(() => resolved(text), message);
  };
  refused(`${small}update: 3\n`, /w\.yaml:11: unknown key "update"/);
  refused(small.replace("dqn", "dqm"), /w\.yaml:10: there is no agent "dqm" here.*dqn/);
  refused(small.replace('"off"', '"on"'), /w\.yaml:5: the name "on" comes twice/);
  refused(small.replace("effects: false", "effect: false"), /w\.yaml:5: .*effect/);
  refused(small.replace("seeds: 2", "seeds: [3, 3]"), /w\.yaml:9: a seed comes twice/);
  refused(small.replace("world: satiation }", "world: mars }"), /w\.yaml:4: .*mars.*satiation/);
});

/** A study whose trials have been made: what every agent earned, by its name in the file's name. */
async function studied(values: (agent: string, seed: number) => number): Promise<WorldStudyTable> {
  const folder = await mkdtemp(join(tmpdir(), "world-study-"));
  const study = resolved(small);
  return runWorldStudy({
    study,
    folder,
    async elsewhere(cells) {
      for (const cell of cells as unknown as readonly { file: string; agent: string; seed: number }[]) {
        await mkdir(join(folder, "trials"), { recursive: true });
        await writeFile(cell.file, JSON.stringify({ value: values(cell.agent, cell.seed) }));
      }
      assert.equal(new Set(cells.map(({ name, seed }) => `${name} ${seed}`)).size, cells.length);
      // Two worlds, three agents, two seeds: three settings for dqn, but none of its own for agents without a discount.
      assert.equal((await readdir(join(folder, "trials"))).length, 2 * 2 * (3 + 2 + 2));
    },
  });
}

test("the table: values over seeds, paired with the one-step agent, and parts of the gap", async () => {
  const table = await studied((agent, seed) => (agent === "dqn" ? 7 + 0.02 * seed : 5 + 0.1 * seed));
  const [column] = table.columns;
  assert.equal(table.columns.length, 6);
  assert.ok(Math.abs(column.known.optimal! - 7.05521440968) < 1e-9);
  assert.ok(Math.abs(column.known.greedy - 5.107927372834) < 1e-9);
  // Who made the log: ε .5 around greedy, by another program.
  assert.ok(Math.abs(column.known.behaviour - 5.419) < 5e-4);
  const [greedy, , dqn] = column.values;
  assert.equal(greedy.fromOneStep, undefined);
  // Differences 1.92 and 1.84: mean 1.88, half their distance times t(.975, 1) = 12.706 on either side.
  const { mean, lower, upper } = dqn.fromOneStep!;
  assert.ok(Math.abs(mean - 1.88) < 1e-9 && Math.abs(upper - mean - 12.7062 * 0.04) < 1e-4);
  assert.ok(Math.abs(mean - lower - (upper - mean)) < 1e-9);
  assert.ok(Math.abs(dqn.share! - (7.03 - 5.107927) / (7.055214 - 5.107927)) < 1e-5);
  const off = table.columns[3];
  assert.equal(off.world, "off");
  assert.equal(off.values[2].share, undefined, "with effects off there is no gap to close");
});

test("no difference is one of exactly 0, whatever the last digits say", async () => {
  const table = await studied((_, seed) => 5.107927372834334 + (seed === 1 ? 1e-13 : 0));
  for (const { values, known, world } of table.columns.slice(0, 3))
    for (const value of values) {
      assert.equal(fromGreedy(value, known).mean, 0, world);
      assert.equal(value.adjusted ?? 1, 1);
    }
});

test("the map colours what is shown and writes what was found; the page has a line for each agent", async () => {
  const table = await studied((agent, seed) =>
    agent === "dqn" ? 6 + seed : agent === "greedy-reward" ? 5.1 : 5,
  );
  const figure = worldMap(table);
  const [on] = figure.data as unknown as { z: number[][]; text: string[][] }[];
  // 7 and 8 are far from each other with two seeds only: written, but without a colour.
  assert.deepEqual(
    on.z.map((row) => row[0] === 0),
    [false, false, true],
  );
  assert.deepEqual(
    on.text.map((row) => row[0]),
    ["0", "−2", "+47"],
  );
  const text = worldStudyText(table);
  assert.match(text, /on +dqn +7\.50 +1\.15 to 13\.85 +2\.40/);
  assert.match(worldStudyPage(table), /\| on \| \(optimum\) \| 7\.06 \|/);
});

test("trials are made where none are kept, and kept", async () => {
  const folder = await mkdtemp(join(tmpdir(), "world-study-"));
  const study = { ...resolved(small, ["seeds=[4]", "vary.discount=[]", "vary.epsilon=[]"]) };
  const request = { study: { ...study, agents: ["dqn"], worlds: study.worlds.slice(0, 1) }, folder };
  const first = await runWorldStudy(request);
  const again = await runWorldStudy({ ...request, onProgress: () => assert.fail("made twice") });
  assert.deepEqual(again, first);
  const [{ values }] = first.columns;
  assert.ok(values[0].value.mean > 1 && values[0].value.mean < 7.06);
  assert.equal(values[0].fromOneStep, undefined, "one seed says nothing of spread");
});

test("what is recorded is what the file asks for, with the world's own values", async () => {
  const file = resolve(__dirname, "examples", "when-rl-helps");
  const study = resolveWorldStudy(await readConfig(`${file}.yaml`));
  const table = JSON.parse(await readFile(`${file}.json`, "utf8")) as WorldStudyTable;
  for (const key of ["name", "agents", "seeds", "judgedAt", "updates"] as const)
    assert.deepEqual(table[key], study[key], key);
  assert.deepEqual(
    table.columns.map(({ world, setting }) => ({ world, ...setting })),
    study.worlds.flatMap((world) => study.settings.map((setting) => ({ world: world.name, ...setting }))),
  );
  for (const { known, values } of table.columns) {
    assert.ok(known.optimal! + 1e-6 >= Math.max(...values.flatMap(({ value }) => value.bySeed)));
    for (const { value } of values) assert.equal(value.bySeed.length, study.seeds.length);
  }
});

test("SlateQ stands in worlds of slates, and nobody else does", async () => {
  const text = "worlds: [{ name: slates, world: interest-evolution, set: { choice: logit } }]\njudgedAt: 1";
  const study = resolved(`${text}\nbase: { users: 20, discount: 0.5, epsilon: 1 }\nseeds: 1\n`);
  assert.deepEqual(study.agents, ["slate-q"]);
  assert.throws(
    () => resolved(`${text}\nagents: [dqn]\n`),
    /w\.yaml:3: there is no agent "dqn" here.*slate-q/,
  );
  const mixed = "worlds:\n  - { name: a, world: satiation }\n  - { name: b, world: interest-evolution }\n";
  assert.throws(() => resolved(mixed), /w\.yaml:3: slates and single choices do not go together/);
  assert.throws(
    () => resolved("worlds: [{ name: a, world: boredom }]"),
    /w\.yaml:1: slate-q requires observations of interests and offers/,
  );
  const folder = await mkdtemp(join(tmpdir(), "world-study-"));
  const { columns } = await runWorldStudy({ study, folder });
  const [{ known, values }] = columns;
  assert.equal(known.optimal, null);
  // RecSim's own figures: random 159.2 minutes, greedy 167.
  assert.ok(Math.abs(known.random - 159.2) < 1.5 && Math.abs(known.greedy - 167.1) < 1.5);
  assert.ok(values[0].value.mean > known.random - 5, `${values[0].value.mean}`);
});
