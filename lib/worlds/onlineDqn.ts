import type { z } from "zod";
import { dqn, type dqnSettings, itemValues } from "../agents/actorCritic/dqn";
import type { Random } from "../math/random";
import { replayBuffer } from "../replay/replayBuffer";
import { tf } from "../tensors/tf";
import { type OnlineLearner, type ScoredLearnerParts, scoredLearner } from "./onlineLearner";

export interface DqnLearnerOptions extends Pick<ScoredLearnerParts, "choices" | "width" | "epsilon"> {
  readonly name?: string;
  /** γ in [0, 1) */
  readonly discount: number;
  /** S: what the network reads of an observation [O], best of about size 1; the observation itself by default. */
  readonly state?: (observation: Float32Array) => ArrayLike<number>;
  /** S; O by default. */
  readonly stateSize?: number;
  /** Steps of a reader that are remembered, the latest; 50,000 by default. */
  readonly capacity?: number;
  /** Remembered steps of an update; 64 by default. */
  readonly batchSize?: number;
  /** Steps that are remembered before the first update; 1,000 by default. */
  readonly warmUp?: number;
  /** Updates after each step of all readers; 1 by default. */
  readonly updates?: number;
  /** Further settings of the agent. */
  readonly settings?: Omit<z.input<typeof dqnSettings>, "discount">;
  /** Draws weights and what is remembered. */
  readonly random: Random;
}

/** Values of all choices, from nothing, and fast enough to be of use while acting. */
const fromNothing = {
  ...({ start: "random", candidates: null } as const),
  ...{ hidden: [64, 64], criticLearningRate: 1e-3, targetRate: 0.02 },
};

/**
 * The DQN agent, learning by acting: what was seen goes into a memory, the oldest makes room, and after each step of all
 * readers the agent learns from some of it. Each choice has a vector of its own, all at right angles. Holds tensors
 * until disposed of.
 *
 * @throws on unknown or bad settings by name, and on a state of another size.
 * @example dqnLearner({ choices: 3, width: 3, discount: 0.9, state: (seen) => seen.map((level) => level / 3), random: random(1) })
 */
export function dqnLearner(options: DqnLearnerOptions): OnlineLearner {
  const { choices, width, discount, state, stateSize = width, epsilon } = options;
  const { name = "dqn", capacity = 50_000, batchSize = 64, warmUp = 1000, updates = 1 } = options;
  const draw = options.random;
  const actionTable = Float32Array.from({ length: choices * choices }, (_, at) =>
    at % (choices + 1) === 0 ? 1 : 0,
  );
  const agent = dqn(
    {
      ...{ stateSize, actionSize: choices, actionSpace: "unit", random: draw.fork("agent") },
      catalogue: { itemVectors: actionTable },
    },
    { ...fromNothing, ...options.settings, discount },
  );
  // The offline buffer over columns that are written to: a step's state and the one after it lie side by side.
  const memory = {
    ...{ size: capacity, stateSize, actionSize: choices, actionTable },
    stateTable: new Float32Array(2 * capacity * stateSize),
    stateRows: Int32Array.from({ length: capacity }, (_, row) => 2 * row),
    nextStateRows: Int32Array.from({ length: capacity }, (_, row) => 2 * row + 1),
    itemRows: new Int32Array(capacity),
    rewards: new Float32Array(capacity),
    terminals: new Uint8Array(capacity),
  };
  const buffer = replayBuffer(memory);
  const remembering = draw.fork("remembered");
  /** [n × S] */
  const statesOf = (observations: Float32Array): Float32Array => {
    if (state === undefined) return observations;
    const read = new Float32Array((observations.length / width) * stateSize);
    for (let i = 0; i * width < observations.length; i++) {
      const own = state(observations.subarray(i * width, (i + 1) * width));
      if (own.length !== stateSize)
        throw new Error(`${name} requires states of ${stateSize} numbers, got ${own.length}`);
      read.set(own, i * stateSize);
    }
    return read;
  };
  let added = 0;

  return scoredLearner({
    ...{ name, choices, width },
    ...(epsilon && { epsilon }),
    values(observations) {
      const read = statesOf(observations);
      const found = tf().tidy(() => {
        const seen = tf().tensor2d(read, [observations.length / width, stateSize]);
        return itemValues(agent.networks, seen).dataSync<"float32">();
      });
      return Float64Array.from(found);
    },
    learn({ observations, choice, result, live }) {
      const [now, then] = [statesOf(observations), statesOf(result.observations)];
      const of = (read: Float32Array, i: number) => read.subarray(i * stateSize, (i + 1) * stateSize);
      for (let i = 0; i < live.length; i++) {
        if (live[i] === 0) continue;
        const row = added++ % capacity;
        memory.stateTable.set(of(now, i), 2 * row * stateSize);
        memory.stateTable.set(of(then, i), (2 * row + 1) * stateSize);
        memory.itemRows[row] = choice.actions[i];
        memory.rewards[row] = result.rewards[i];
        memory.terminals[row] = result.terminated[i];
      }
      const known = Math.min(added, capacity);
      if (known < warmUp) return;
      for (let update = 0; update < updates; update++) {
        const drawn = buffer.gather(Int32Array.from({ length: batchSize }, () => remembering.integer(known)));
        agent.learn(drawn);
        drawn.dispose();
      }
    },
    dispose() {
      buffer.dispose();
      agent.dispose();
    },
  });
}
