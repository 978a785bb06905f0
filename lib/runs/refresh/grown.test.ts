import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { catalogOfIds } from "../../data/catalog";
import { historiesOfLists } from "../../data/histories";
import { InputError } from "../../data/inputError";
import { readArrays, writeArrays } from "../../data/namedArrays";
import { nextItemConfig } from "../../encoders/nextItemConfig";
import type { NextItemParameters } from "../../encoders/nextItemModel";
import { random } from "../../math/random";
import { agentFile, growAgent } from "./grownAgent";
import { grownModel } from "./grownModel";

const home = mkdtemp(join(tmpdir(), "offshelf-grown-"));
after(async () => rm(await home, { recursive: true, force: true }));

/** Three items in two numbers. */
const old: NextItemParameters = {
  config: nextItemConfig({ width: 2, units: 2 }),
  sequence: {
    itemVectors: Float32Array.of(1, 0, 0, 1, 0.6, 0.8),
    weights: [],
    weightScale: { centre: 0, spread: 1 },
  },
  itemBias: Float32Array.of(2, 1, 0),
  ...{ temperature: 0.1, headWeights: new Float32Array(4), headBias: new Float32Array(2) },
  ...{ training: [], bestEpoch: 1 },
};

/** Old items 0, 1, 2 are 0, 2, 4 now; 1 has been read between 0 and 2; 3 never. */
const oldItems = Int32Array.of(0, -1, 1, -1, 2);

test("new items stand where their neighbours do, else in the middle, and are as popular as the rows say", async () => {
  const histories = historiesOfLists([[0, 1, 2], [4]]);
  const catalog = catalogOfIds(["a", "b", "c", "d", "e"]);
  const { parameters, starts } = await grownModel(old, {
    ...{ oldItems, histories, catalog, random: random(1), root: await home },
  });
  const { itemVectors } = parameters.sequence;
  const row = (item: number): number[] =>
    [...itemVectors.subarray(2 * item, 2 * item + 2)].map((x) => +x.toFixed(3));
  assert.deepEqual(
    [row(0), row(2), row(4)],
    [
      [1, 0],
      [0, 1],
      [0.6, 0.8],
    ],
    "what was learned stays",
  );
  assert.deepEqual(
    row(1),
    [0.5 ** 0.5, 0.5 ** 0.5].map((x) => +x.toFixed(3)),
    "between its neighbours",
  );
  assert.deepEqual(row(3), [0.664, 0.747], "in the middle of (1.6, 1.8) / 3");
  assert.deepEqual(starts, { text: 0, neighbours: 1, mean: 1 });
  // Old biases less the log of their counts + 1, ln 2 each: 1 − ln 2 on average.
  const level = 1 - Math.log(2);
  assert.deepEqual(
    [...parameters.itemBias].map((bias) => bias.toFixed(5)),
    [2, level + Math.log(2), 1, level, 0].map((bias) => bias.toFixed(5)),
  );
  assert.equal(parameters.headWeights, old.headWeights);
});

async function stateOf(
  name: string,
  numbers: number[],
  perItem: number[],
  moments = perItem,
): Promise<string> {
  const folder = join(await home, name);
  await mkdir(folder, { recursive: true });
  const arrays = {
    "variable 0": Float32Array.from(numbers),
    "variable 1": Float32Array.from(perItem),
    "optimizer 0 moment 0": Float32Array.from(moments),
  };
  await writeArrays(join(folder, agentFile), { name: "dqn", updates: name === "served" ? 70 : 0 }, arrays);
  return folder;
}

test("an agent goes on with what it had learned beside what it was made as, and its rows of items grow", async () => {
  const served = await stateOf("served", [3, 5], [1, 2, 3], [7, 8, 9]);
  const start = await stateOf("start", [1, 1], [1, 1, 1]);
  const fresh = await stateOf("fresh", [10, 20], [100, 200, 300, 400, 500], [0, 0, 0, 0, 0]);
  const into = join(await home, "into");
  await growAgent({ served, start, fresh }, { oldItems, oldSize: 3, into });
  const { header, arrays } = await readArrays(join(into, agentFile));
  assert.deepEqual(header, { name: "dqn", updates: 70 });
  assert.deepEqual([...arrays["variable 0"]], [12, 24]);
  assert.deepEqual([...arrays["variable 1"]], [100, 200, 301, 400, 502]);
  assert.deepEqual([...arrays["optimizer 0 moment 0"]], [7, 0, 8, 0, 9]);
  const wider = await stateOf("wider", [1, 2, 3], [1, 2, 3, 4, 5]);
  await assert.rejects(
    growAgent({ served, start, fresh: wider }, { oldItems, oldSize: 3, into }),
    (error) => error instanceof InputError && /variable 0 has 2 numbers instead of 3/.test(error.message),
  );
});
