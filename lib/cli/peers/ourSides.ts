import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Interactions } from "../../data/interactions";
import { type NextItemProgress, trainNextItem } from "../../encoders/nextItem";
import { nextItemConfig } from "../../encoders/nextItemConfig";
import { disposeOf, nextItemNetwork } from "../../encoders/nextItemNetwork";
import { random } from "../../math/random";
import { statisticIntervals } from "../../math/statisticIntervals";
import { doublyRobust } from "../../offPolicy/bandit/doublyRobust";
import { importanceWeights } from "../../offPolicy/bandit/importanceWeights";
import { ips, snips } from "../../offPolicy/bandit/inversePropensity";
import { loggedRounds } from "../../offPolicy/bandit/loggedRounds";
import { batchIndex } from "../../retrieval/batchIndex";
import { faissIndex } from "../../retrieval/faissIndex";
import { type AgentCase, madeAgent } from "../benchAgents";
import { historiesIn } from "../benchCases";
import { inputs, policySize, readingUsers, resamples } from "./inputs";
import { announce, answer, nextBlock, type ReadyWork, serveBlocks } from "./serveBlocks";

const [width, places] = [64, 50];

/** Runs our half of a case in this process, with the files that lie in `folder`. */
export async function runOurSide(name: string, folder: string): Promise<void> {
  if (name === "train.nextItem") return trainInBlocks(folder);
  const work = sides[name];
  if (work === undefined) throw new Error(`runOurSide knows no case ${name}`);
  return serveBlocks(await work(folder));
}

const sides: Readonly<Record<string, (folder: string) => ReadyWork | Promise<ReadyWork>>> = {
  "train.ddpg.cached": () => updatesOf("ddpg.cached"),
  "train.td3.cached": () => updatesOf("td3.cached"),
  "train.td3.shared": () => updatesOf("td3.shared"),
  "train.td3.joint": () => updatesOf("td3.joint"),
  "retrieve.1": (folder) => searches(folder, 1),
  "retrieve.512": (folder) => searches(folder, 512),
  "read.6m": reading,
  "ope.bootstrap": estimates,
};

function updatesOf(kind: AgentCase): ReadyWork {
  const { learned, update } = madeAgent(kind);
  return {
    check: [learned],
    run(count) {
      for (let i = 0; i < count; i++) update();
    },
  };
}

function searches(folder: string, atOnce: 1 | 512): ReadyWork {
  const vectors = floats(folder, inputs.vectors);
  const queries = floats(folder, inputs.queries);
  const index = (atOnce === 1 ? faissIndex : batchIndex)(vectors, width);
  const size = queries.length / width;
  const blocks = Array.from({ length: size / atOnce }, (_, i) =>
    queries.subarray(i * atOnce * width, (i + 1) * atOnce * width),
  );
  const { items } = index.search(queries, places);
  const sums = (value: (item: number) => number): number[] =>
    Array.from({ length: size }, (_, query) =>
      items.subarray(query * places, (query + 1) * places).reduce((sum, item) => sum + value(item), 0),
    );
  return {
    check: [...sums((item) => item), ...sums((item) => item * item)],
    run(count) {
      for (let i = 0; i < count; i++) index.search(blocks[i % blocks.length], places);
    },
  };
}

async function reading(folder: string): Promise<ReadyWork> {
  const file = join(folder, inputs.ratings);
  const { size, offsets, items, weights, log } = await historiesIn(file);
  const ids = (log as Interactions).itemIds;
  let [newest, rated] = [0, 0];
  for (let h = 0; h < size; h++) newest += Number(ids[items[offsets[h + 1] - 1]]);
  for (const weight of weights) rated += weight;
  return {
    check: [items.length, size, newest, rated],
    async run(count) {
      for (let i = 0; i < count; i++) await historiesIn(file);
    },
  };
}

/** IPS, SNIPS and DR with intervals, from what each action's probability and predicted reward is. */
function estimates(folder: string): ReadyWork {
  const [rewards, propensities] = [doubles(folder, inputs.rewards), doubles(folder, inputs.propensities)];
  const [policy, model] = [doubles(folder, inputs.policy), doubles(folder, inputs.model)];
  const actions = numbersIn(folder, inputs.actions, Int32Array);
  const size = rewards.length;
  const draw = random(1);
  const estimate = () => {
    const targetProbabilities = actions.reduce((found, action, i) => {
      found[i] = policy[i * policySize + action];
      return found;
    }, new Float64Array(size));
    const [logged, expected] = [new Float64Array(size), new Float64Array(size)];
    for (let i = 0; i < size; i++) {
      const start = i * policySize;
      logged[i] = model[start + actions[i]];
      for (let a = 0; a < policySize; a++) expected[i] += policy[start + a] * model[start + a];
    }
    const log = loggedRounds({ rewards, propensities, targetProbabilities, model: { logged, expected } });
    const weights = importanceWeights(log);
    const statistics = [ips, snips, doublyRobust].map((each) => each.on(log, weights));
    return statisticIntervals(statistics, draw, { resamples });
  };
  return {
    check: estimate().map(({ value }) => value),
    run(count) {
      for (let i = 0; i < count; i++) estimate();
    },
  };
}

/** Updates of the next-item model in a block: as often as training tells of its progress. */
export const nextItemBlock = 20;
const [windows, window, warmUp] = [64, 50, 100];

/**
 * Whole next-item training, held still between blocks from within its progress: a block is what it does between two
 * calls. Histories are long, so that nearly every window is full.
 */
async function trainInBlocks(folder: string): Promise<void> {
  const items = numbersIn(folder, inputs.items, Int32Array);
  const weights = floats(folder, inputs.weights);
  const length = items.length / readingUsers;
  const histories = {
    ...{ size: readingUsers, items, weights, rows: new Int32Array(items.length).fill(-1) },
    users: Int32Array.from({ length: readingUsers }, (_, user) => user),
    offsets: Int32Array.from({ length: readingUsers + 1 }, (_, user) => user * length),
  };
  const itemCount = 10_000;
  const config = { start: "random", batchSize: windows, window, epochs: 10_000, patience: 10_000 } as const;
  const inputEnded = new Error("the bench needs no more");
  const at = { epoch: 0, batches: 0, done: 0, start: 0n };
  let isReady = false;
  const onProgress = ({ epoch, share }: NextItemProgress): void => {
    const isFirst = epoch !== at.epoch;
    if (isFirst) Object.assign(at, { epoch, batches: Math.round(1 / share), done: 0 }); // told after the first update
    const done = Math.round(share * at.batches);
    const updates = done - at.done;
    at.done = done;
    // Between epochs other things are done too: such a stretch is not counted, the next one is.
    const counts = isReady ? !isFirst && share < 1 : epoch > 1 || done >= warmUp;
    if (counts && isReady) answer(Number(process.hrtime.bigint() - at.start) / 1e6 / updates);
    if (counts && !isReady) announce([learnedByNextItem(itemCount)]);
    isReady ||= counts;
    if (counts && nextBlock() === undefined) throw inputEnded;
    at.start = process.hrtime.bigint();
  };
  try {
    await trainNextItem({ histories, itemCount }, config, { onProgress });
  } catch (error) {
    if (error !== inputEnded) throw error;
  }
}

function learnedByNextItem(itemCount: number): number {
  const network = nextItemNetwork(nextItemConfig(), new Float64Array(itemCount), random(1));
  const learned = network.variables.reduce((sum, { size }) => sum + size, 0);
  disposeOf(network);
  return learned;
}

type NumberArray<T> = {
  new (buffer: ArrayBufferLike, offset: number, length: number): T;
  BYTES_PER_ELEMENT: number;
};

function numbersIn<T>(folder: string, name: string, Type: NumberArray<T>): T {
  const bytes = Uint8Array.from(readFileSync(join(folder, name)));
  return new Type(bytes.buffer, 0, bytes.length / Type.BYTES_PER_ELEMENT);
}

const floats = (folder: string, name: string): Float32Array => numbersIn(folder, name, Float32Array);
const doubles = (folder: string, name: string): Float64Array => numbersIn(folder, name, Float64Array);
