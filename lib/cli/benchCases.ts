import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Histories, historiesOf } from "../data/histories";
import { readDataset } from "../data/readInteractions";
import { danfo } from "../data/table";
import { gru } from "../encoders/gru";
import { type SequenceParameters, sequenceEncoder } from "../encoders/sequenceEncoder";
import { type Random, random } from "../math/random";
import { normaliseRows } from "../math/vectors";
import { batchIndex } from "../retrieval/batchIndex";
import { exactIndex } from "../retrieval/exactIndex";
import { faissIndex } from "../retrieval/faissIndex";
import { gaussian } from "../tensors/initialisers";
import { withSwitch } from "../tensors/switches";
import { type BenchRow, race } from "./measure";

/** One line of the performance table; the cases stand alone and can be run one by one. */
export type BenchCase = () => Promise<BenchRow>;

const items = 10_000;
const width = 64;
const places = 50;

/** 10,000 × 64 unit vectors, and some unit queries. */
function vectorsAndQueries(queries: number): {
  readonly vectors: Float32Array;
  readonly asked: Float32Array;
} {
  const draw = random(1);
  return {
    vectors: normaliseRows(gaussian(items * width, 1, draw), width),
    asked: normaliseRows(gaussian(queries * width, 1, draw), width),
  };
}

/** One query at a time through FAISS, beside the exact scan in plain TypeScript. */
export async function retrieveOne(): Promise<BenchRow> {
  const { vectors, asked } = vectorsAndQueries(20);
  const [index, oracle] = [faissIndex(vectors, width), exactIndex(vectors, width)];
  const each = (search: typeof index.search) => () => {
    for (let query = 0; query < 20; query++)
      search(asked.subarray(query * width, (query + 1) * width), places);
  };
  const times = await race(
    { ours: each((q, k) => index.search(q, k)), other: each((q, k) => oracle.search(q, k)) },
    9,
  );
  index.dispose?.();
  const [value, other] = [(1000 * times.ours) / 20, (1000 * times.other) / 20];
  return {
    name: "retrieve.1",
    value,
    unit: "µs",
    comparedWith: `exact scan ${other.toFixed(0)} µs`,
    ratio: other / value,
  };
}

/** 512 queries as one matrix product, beside FAISS. */
export async function retrieveMany(): Promise<BenchRow> {
  const { vectors, asked } = vectorsAndQueries(512);
  const [index, faiss] = [batchIndex(vectors, width), faissIndex(vectors, width)];
  const times = await race({
    ours: () => void index.search(asked, places),
    other: () => void faiss.search(asked, places),
  });
  index.dispose();
  faiss.dispose?.();
  const [value, other] = [1000 * times.ours, 1000 * times.other];
  return {
    name: "retrieve.512",
    value,
    unit: "µs",
    comparedWith: `FAISS flat ${other.toFixed(0)} µs`,
    ratio: other / value,
  };
}

/** States of 512 histories of 50 entries by a unit of 128, fused operations beside small ones. */
export async function encodeStates(): Promise<BenchRow> {
  const histories = madeHistories(512, 50, random(2));
  const encoder = sequenceEncoder(bigGru, width, madeGru(random(3)));
  const times = await race({
    ours: () => void encoder.encodePositions(histories),
    // every fused operation asks for it at each call
    other: () => withSwitch("OFFSHELF_PLAIN_OPS", () => void encoder.encodePositions(histories)),
  });
  encoder.dispose();
  const rate = (milliseconds: number): number => (1000 * histories.items.length) / milliseconds;
  return {
    name: "encode.gru",
    value: rate(times.ours),
    unit: "states/s",
    comparedWith: `plain operations ${rate(times.other).toFixed(0)} states/s`,
    ratio: times.other / times.ours,
  };
}

/** A million ratings from CSV to validated, sorted histories, beside what danfojs takes to read such a file alone. */
export async function readMillion(): Promise<BenchRow> {
  const folder = await mkdtemp(join(tmpdir(), "offshelf-bench-"));
  try {
    const file = join(folder, "ratings.csv");
    await writeFile(file, millionRatings());
    const times = await race({
      ours: async () => void (await historiesIn(file)),
      other: async () => void (await danfo().readCSV(file)),
    });
    return {
      name: "read.1m",
      value: times.ours,
      unit: "ms",
      comparedWith: `danfojs reading the file alone ${times.other.toFixed(0)} ms`,
      ratio: times.other / times.ours,
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A file of ratings, read, validated, sorted and grouped by user. */
export async function historiesIn(file: string): Promise<Histories> {
  const { interactions } = await readDataset({ interactions: file });
  return historiesOf(
    interactions,
    Int32Array.from({ length: interactions.size }, (_, row) => row),
  );
}

const bigGru = gru({ inputs: width + 1, units: 128 });

/** An untrained unit of 128 over 64 + 1 numbers: as fast as a trained one. */
export function madeGru(draw: Random): SequenceParameters {
  return {
    itemVectors: normaliseRows(gaussian(items * width, 1, draw), width),
    weights: bigGru.start(draw),
    weightScale: { centre: 3, spread: 2 },
  };
}

export function madeHistories(size: number, length: number, draw: Random): Histories {
  return {
    size,
    users: Int32Array.from({ length: size }, (_, user) => user),
    offsets: Int32Array.from({ length: size + 1 }, (_, user) => user * length),
    items: Int32Array.from({ length: size * length }, () => draw.integer(items)),
    weights: Float32Array.from({ length: size * length }, () => 1 + draw.integer(5)),
    rows: new Int32Array(size * length).fill(-1),
  };
}

function* millionRatings(): Generator<string> {
  const draw = random(4);
  yield "user_id,item_id,rating,timestamp\n";
  for (let block = 0; block < 1000; block++) {
    const lines: string[] = [];
    for (let row = 0; row < 1000; row++)
      lines.push(
        `${draw.integer(50_000)},${draw.integer(items)},${1 + draw.integer(5)},${1.5e9 + block * 1000 + row}\n`,
      );
    yield lines.join("");
  }
}
