import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { plantFuture } from "../data/plantedFuture.fixture";
import { syntheticDataset } from "../data/synthetic";
import type { NextItemModel } from "../encoders/nextItemModel";
import { resolveConfig } from "../settings/resolveConfig";
import { prepareData } from "./preparedData";
import { supervisedStart } from "./supervisedStart";
import { trainRun } from "./trainRun";

const root = mkdtemp(join(tmpdir(), "offshelf-future-"));
after(async () => rm(await root, { recursive: true, force: true }));

const dataset = syntheticDataset({ config: { users: 40, items: 40, genres: 4, rows: [8, 14] } });
const { interactions } = dataset;
const { split } = prepareData(dataset);
const planted = (keep: "train" | "train and validation") => ({
  ...dataset,
  interactions: plantFuture(interactions, split, { keep }),
});

test("popularity and linear models beside the model count train rows alone", () => {
  const model = { itemBias: new Float32Array(40).fill(0.5) } as unknown as NextItemModel;
  const choice = {
    biases: [{ window: 1e6, strength: 2, own: 1, share: 1 }],
    companion: {
      "item-knn": { weight: 0.5, recency: 0.9 },
      ease: { weight: 0.5, recency: 1 },
      "sequence-rules": { weight: 0.5, recency: 0.8 },
      "forward-rules": { weight: 0.5, recency: 0.8 },
    },
  };
  // What is added after the same histories, whatever the log holds beside them.
  const { histories } = prepareData(dataset);
  const startOf = (of: typeof dataset, refit = false) => {
    const { bias, companion } = supervisedStart(choice, model, prepareData(of, { refit }));
    return { bias, added: companion!.of(histories) };
  };
  const start = startOf(dataset);
  assert.deepEqual(startOf(planted("train")), start);
  const refitted = startOf(dataset, true);
  assert.notDeepEqual(refitted.bias, start.bias);
  assert.notDeepEqual(refitted.added, start.added);
  assert.deepEqual(startOf(planted("train and validation"), true), refitted);
});

const small = ["nextItem.epochs=2", "nextItem.units=8", "nextItem.width=8", "batchSize=16"];
const runs: Readonly<Record<string, string[]>> = {
  ddpg: [...small, "agent.hidden=[8]", "agent.warmUp=2", "steps=10"],
  "ease-recency-popularity": [],
  "q-learning": ["agent.state=user-cluster", "agent.clusters=3"],
  sarsa: [],
  "lin-ucb": [],
};

for (const [agent, set] of Object.entries(runs))
  test(`${agent}: whatever the test rows hold, the run is the same to the byte`, async () => {
    const [before, afterwards] = ["before", "after"].map((name) => join(agent, name)) as [string, string];
    const train = async (folder: string, data: typeof dataset) =>
      trainRun({
        folder: join(await root, folder),
        root: join(await root, folder, "home"),
        dataset: data,
        config: resolveConfig({ agent, set }),
      });
    await train(before, dataset);
    await train(afterwards, planted("train and validation"));
    const [one, two] = [await learned(before), await learned(afterwards)];
    assert.ok(one.size > 1);
    assert.deepEqual([...two.keys()].sort(), [...one.keys()].sort());
    for (const [file, bytes] of one) assert.equal(two.get(file), bytes, file);
  });

/** The files of a run that hold what was learned or chosen: all but the copy of the log and the clock's. */
async function learned(folder: string, under = ""): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  const home = join(await root, folder, under);
  for (const entry of await readdir(home, { withFileTypes: true })) {
    const path = join(under, entry.name);
    if (/^(events|home)$|^log\./.test(entry.name)) continue;
    if (entry.isDirectory()) for (const [file, text] of await learned(folder, path)) found.set(file, text);
    else found.set(path, (await readFile(join(home, entry.name))).toString("latin1"));
  }
  return found;
}
