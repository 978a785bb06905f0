import { createWriteStream, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { random } from "../../math/random";
import { normaliseRows } from "../../math/vectors";
import { gaussian } from "../../tensors/initialisers";

/** What both sides of a case read: plain numbers, the kind in the file's ending. */
export const inputs = {
  vectors: "vectors.f32",
  queries: "queries.f32",
  ratings: "ratings.csv",
  items: "items.i32",
  weights: "weights.f32",
  rewards: "rewards.f64",
  propensities: "propensities.f64",
  actions: "actions.i32",
  policy: "policy.f64",
  model: "model.f64",
} as const;

/** Actions of the logged rounds. */
export const policySize = 4;
/** Resamples of the interval of each estimator. */
export const resamples = 50;
/** Histories that the next-item model learns from: few and long. */
export const readingUsers = 64;

const [items, width] = [10_000, 64];

/** 10,000 unit vectors and 512 unit queries of 64 numbers. */
export function writeVectors(folder: string): void {
  const draw = random(1);
  for (const [name, rows] of [
    [inputs.vectors, items],
    [inputs.queries, 512],
  ] as const)
    writeFileSync(join(folder, name), normaliseRows(gaussian(rows * width, 1, draw), width));
}

/** 64 histories of 19,901 ratings: 399 batches of 64 windows of 50 entries, told of after every 20. */
export function writeReading(folder: string): void {
  const draw = random(2);
  const length = readingUsers * 19_901;
  writeFileSync(
    join(folder, inputs.items),
    Int32Array.from({ length }, () => draw.integer(items)),
  );
  writeFileSync(
    join(folder, inputs.weights),
    Float32Array.from({ length }, () => 1 + draw.integer(5)),
  );
}

/** A million rounds of four actions, with the policy under test and predicted rewards. */
export function writeRounds(folder: string): void {
  const draw = random(3);
  const rounds = 1_000_000;
  const column = (size: number, value: () => number): Float64Array =>
    Float64Array.from({ length: size }, value);
  const write = (name: string, numbers: Float64Array | Int32Array): void =>
    writeFileSync(join(folder, name), numbers);
  write(
    inputs.rewards,
    column(rounds, () => (draw.next() < 0.3 ? 1 : 0)),
  );
  write(
    inputs.propensities,
    column(rounds, () => 0.1 + 0.9 * draw.next()),
  );
  write(
    inputs.actions,
    Int32Array.from({ length: rounds }, () => draw.integer(policySize)),
  );
  write(
    inputs.model,
    column(rounds * policySize, () => draw.next()),
  );
  const policy = column(rounds * policySize, () => draw.next());
  for (let start = 0; start < policy.length; start += policySize) {
    const row = policy.subarray(start, start + policySize);
    const sum = row.reduce((total, value) => total + value);
    for (let a = 0; a < policySize; a++) row[a] /= sum;
  }
  write(inputs.policy, policy);
}

/** Six million ratings: 120 different items of each of 50,000 users, times scattered and each there once. */
export async function writeRatings(folder: string, rows = 6_000_000): Promise<void> {
  await pipeline(Readable.from(ratingLines(rows)), createWriteStream(join(folder, inputs.ratings)));
}

function* ratingLines(rows: number): Generator<string> {
  const draw = random(4);
  const users = Math.min(50_000, rows);
  yield "user_id,item_id,rating,timestamp\n";
  let lines: string[] = [];
  for (let row = 0; row < rows; row++) {
    const [user, turn] = [row % users, Math.floor(row / users)];
    // 7,919 is prime to the number of items, and 1,000,003 to that of rows: nothing comes twice.
    const item = (user + turn * 7919) % items;
    const time = 1_500_000_000 + ((row * 1_000_003) % rows);
    lines.push(`${user},${item},${1 + draw.integer(5)},${time}\n`);
    if (lines.length === 10_000 || row === rows - 1) {
      yield lines.join("");
      lines = [];
    }
  }
}
