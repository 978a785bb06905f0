import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";

/**
 * Trains a little in a process of its own and prints a hash of every byte of the model. Sizes are large enough
 * for TensorFlow to share its products and sums among threads.
 */
const script = `
const { createHash } = require("node:crypto");
const { historiesOfLists } = require("./lib/data/histories");
const { random } = require("./lib/math/random");
const { trainNextItem } = require("./lib/encoders/nextItem");
const [users, length, items, draw] = [80, 60, 5000, random(1)];
const lists = (value) => Array.from({ length: users }, () => Array.from({ length }, value));
const made = lists(() => draw.integer(items));
const weights = lists(() => 1 + draw.integer(5));
const histories = historiesOfLists(made, { users: [...made.keys()], weights });
trainNextItem({ histories, itemCount: items }, { epochs: 1, seed: 5 }).then(({ parameters }) => {
  const hash = createHash("sha256").update(String(parameters.temperature));
  const { sequence, itemBias, headWeights, headBias } = parameters;
  for (const values of [sequence.itemVectors, ...sequence.weights, itemBias, headWeights, headBias])
    hash.update(new Uint8Array(values.buffer));
  process.stdout.write(hash.digest("hex"));
});
`;

async function trainedBytes(threads: string): Promise<string> {
  const run = await promisify(execFile)(process.execPath, ["--import", "tsx", "--eval", script], {
    cwd: join(__dirname, "..", ".."),
    env: { ...process.env, TF_NUM_INTRAOP_THREADS: threads },
  });
  assert.match(run.stdout, /^[0-9a-f]{64}$/);
  return run.stdout;
}

test("two processes with the same seed and TF_NUM_INTRAOP_THREADS train the same bytes", async () => {
  const first = await trainedBytes("2");
  assert.equal(await trainedBytes("2"), first);
});
