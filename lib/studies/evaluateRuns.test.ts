import assert from "node:assert/strict";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { syntheticDataset } from "../data/synthetic";
import { trainRun } from "../runs/trainRun";
import { resolveConfig } from "../settings/resolveConfig";
import { evaluateRuns } from "./evaluateRuns";
import { flatTable } from "./flatTable";
import { actorTable } from "./text";

const root = mkdtemp(join(tmpdir(), "offshelf-compare-"));
after(async () => rm(await root, { recursive: true, force: true }));

const sizes = { users: 40, items: 40, genres: 4, rows: [8, 14] } as const;
const logOf = (seed: number) => syntheticDataset({ seed, config: { ...sizes } });
const model = ["nextItem.epochs=1", "nextItem.units=8", "nextItem.width=8"];
const actor = [
  ...model,
  "agent.hidden=[8]",
  "steps=4",
  "batchSize=8",
  "popularity=false",
  "keep=last",
  "agent.actorLearningRate=0.05",
];

async function trained(name: string, agent: string, set: string[], dataset = logOf(1)): Promise<string> {
  const folder = join(await root, name);
  await trainRun({ folder, root: await root, dataset, config: resolveConfig({ agent, set }) });
  return folder;
}

const compare = async (...folders: string[]) => evaluateRuns({ folders, ks: [5], root: await root });

test("a run that learned from validation rows is stamped so, asked for or not", async () => {
  const plain = await trained("plain", "most-popular", []);
  const refitted = await trained("refitted", "most-popular", ["refit=true"]);
  assert.equal((await compare(plain)).refit, false);
  assert.equal((await compare(refitted)).refit, true);
  await assert.rejects(compare(plain, refitted), /refitted and another run is not|one mode in a table/);
});

test("runs of different logs do not share a table, even of equal size", async () => {
  const one = await trained("one", "most-popular", []);
  const log = logOf(1);
  const { users, ...columns } = log.interactions;
  const other = { ...log, interactions: { ...columns, users: users.slice().reverse() } };
  const two = await trained("two", "most-popular", [], other);
  await assert.rejects(compare(one, two), /was trained on other data/);
});

test("runs that call other rows relevant do not share a table", async () => {
  const usual = await trained("usual", "most-popular", []);
  const loose = await trained("loose", "most-popular", ["relevantAt=2"]);
  await assert.rejects(compare(usual, loose), /relevant from 2/);
  assert.equal((await compare(loose)).relevantAt, 2);
});

test("ratings that never reach 4 can be learned from and judged, relevant from another", async () => {
  const log = logOf(1);
  const weights = log.interactions.weights.map((rating) => Math.min(3, rating));
  const low = { ...log, interactions: { ...log.interactions, weights } };
  const folder = await trained("low", "next-item", [...model, "relevantAt=2"], low);
  const { rows } = await compare(folder);
  assert.ok(rows.some(({ name }) => name === "EASE"));
});

test("greedy reward is made of an actor with a critic, never of imitation alone", async () => {
  const cloning = await trained("cloning", "behaviour-cloning", actor);
  const ddpg = await trained("ddpg", "ddpg", [...actor, "agent.warmUp=1"]);
  const alone = await compare(cloning);
  assert.ok(!alone.rows.some(({ name }) => name === "greedy-reward"));
  const both = await compare(cloning, ddpg);
  assert.ok(both.rows.some(({ name }) => name === "greedy-reward"));
  assert.deepEqual(await readdir(join(ddpg, "controls")), ["greedy-reward"]);
  // Each actor's difference from its own step 0 is one that was looked at.
  const flat = flatTable(both);
  const compared = flat.rows.filter(({ stepZero }) => stepZero !== null);
  assert.ok(compared.length >= 3);
  assert.ok(flat.notices.some((notice) => notice.startsWith(`${compared.length} paired differences were`)));
  for (const { stepZero } of compared)
    assert.match(
      stepZero!.verdict,
      /^(better|worse) than step 0( \*)?$|^no difference from step 0 shown; up to|^the same as step 0$/,
    );
});

test("controls take from an actor the settings that they know, and the table says what is not trained", async () => {
  const sac = await trained("sac", "sac", [...actor, "agent.warmUp=1"]);
  const table = await compare(sac);
  const names = table.rows.map(({ name }) => name);
  for (const name of ["sac", "behaviour-cloning", "greedy-reward", "next-item", "EASE"])
    assert.ok(names.includes(name), name);
  assert.equal(actorTable(table).lines.find(([name]) => name === "sac")![5], "(no such run)");
  assert.deepEqual(table.rows.find(({ name }) => name === "next-item")!.seeds, [1]);
});
