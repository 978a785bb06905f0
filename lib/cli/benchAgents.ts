import { ddpg } from "../agents/actorCritic/ddpg";
import { td3 } from "../agents/actorCritic/td3";
import type { Agent, NeuralAgent } from "../agents/agent";
import { nextItemConfig } from "../encoders/nextItemConfig";
import type { NextItemModel } from "../encoders/nextItemModel";
import { sequenceNetwork } from "../encoders/sequenceNetworks";
import { type TrainableEncoder, trainableEncoder } from "../encoders/trainableEncoder";
import { type Random, random } from "../math/random";
import { normaliseRows } from "../math/vectors";
import { type ReplayBuffer, replayBuffer } from "../replay/replayBuffer";
import { gaussian } from "../tensors/initialisers";
import type { Network } from "../tensors/networks";
import { jointTd3 } from "./peers/jointTd3";

export const actionSize = 64;
const [stateSize, batchSize, items, window] = [128, 256, 10_000, 10];

/** Whose updates are measured; see `madeAgent`. */
export type AgentCase = "ddpg.cached" | "td3.cached" | "td3.shared" | "td3.joint";

/** An agent of the benchmark's sizes, past the updates that are run before its step is compiled. */
export interface MadeAgent {
  /** One update, drawing the batch included. */
  update(): void;
  /** How many numbers it learns, targets not counted. */
  readonly learned: number;
  dispose(): void;
}

/**
 * Two hidden layers of 256, batches of 256 from 20,000 transitions. "cached": states of 128 are given. "shared": one GRU
 * over ten entries learns with the critics. "joint": a GRU in each network.
 */
export function madeAgent(kind: AgentCase): MadeAgent {
  const draw = random(1);
  const problem = { stateSize, actionSize, random: draw };
  const encoder = kind === "td3.shared" ? madeEncoder(draw) : undefined;
  const stretch = { steps: window, entrySize: actionSize + 1, stateSize, actionSize };
  const agent =
    kind === "ddpg.cached"
      ? ddpg(problem)
      : kind === "td3.joint"
        ? jointTd3(stretch, draw)
        : td3({ ...problem, ...(encoder && { encoder }) });
  const buffer = madeBuffer(draw, {
    window: encoder && window,
    width: kind === "td3.joint" ? stretch.steps * stretch.entrySize : stateSize,
  });
  const update = (): void => {
    const batch = buffer.sample(batchSize, draw);
    agent.learn(batch);
    batch.dispose();
  };
  for (let warm = 0; warm < 70; warm++) update(); // compiled by then, where steps are
  return {
    update,
    learned: learnedBy(agent) + (encoder ? sizeOf(encoder.variables) : 0),
    dispose() {
      agent.dispose();
      buffer.dispose();
    },
  };
}

/** Random transitions, each user's history 20 entries long where batches bring windows of it. */
function madeBuffer(
  draw: Random,
  { window, width }: { readonly window?: number; readonly width: number },
): ReplayBuffer {
  const size = 20_000;
  const rows = Int32Array.from({ length: size }, (_, row) => row);
  const itemRows = rows.map((row) => row % items);
  const starts = rows.map((row) => Math.max(0, row - 19));
  const ends = rows.map((row) => row + 1);
  const seen = { items: itemRows, weights: new Float32Array(size).fill(3), starts, ends };
  return replayBuffer(
    {
      ...{ size, stateSize: width, actionSize, stateRows: rows, nextStateRows: ends, itemRows },
      stateTable: gaussian((size + 1) * width, 1, draw),
      actionTable: normaliseRows(gaussian(items * actionSize, 1, draw), actionSize),
      rewards: gaussian(size, 1, draw),
      terminals: new Uint8Array(size),
      ...(window === undefined ? {} : { seen }),
    },
    window === undefined ? {} : { window },
  );
}

/** A fresh GRU of the benchmark's sizes over random item vectors. */
function madeEncoder(draw: Random): TrainableEncoder {
  const config = nextItemConfig({ width: actionSize, units: stateSize });
  const sequence = {
    itemVectors: normaliseRows(gaussian(items * actionSize, 1, draw), actionSize),
    weights: sequenceNetwork(config).start(draw),
    weightScale: { centre: 3, spread: 2 },
  };
  const parameters = { config, sequence } as unknown as NextItemModel["parameters"];
  return trainableEncoder({ parameters });
}

function learnedBy(agent: Agent): number {
  const networks = (agent as NeuralAgent<object, object>).networks as Record<string, Network | Network[]>;
  return Object.entries(networks)
    .filter(([name]) => !name.startsWith("target"))
    .flatMap(([, some]) => some)
    .reduce((sum, { variables }) => sum + sizeOf(variables), 0);
}

function sizeOf(variables: Network["variables"]): number {
  return variables.reduce((sum, { size }) => sum + size, 0);
}
