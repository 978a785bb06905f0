import type { SlateQ } from "../agents/slateQ/slateQ";
import { slateMemory } from "../agents/slateQ/slateSteps";
import { meanOf } from "../math/mean";
import type { Random } from "../math/random";
import type { Environments } from "./environment";
import { playWorld } from "./playWorld";
import { slateQPolicy } from "./slateQPolicy";
import { slateRecorder } from "./slateSteps";

export interface OnlineOptions {
  /** One session of each reader is a round; 20 by default. */
  readonly rounds?: number;
  /** ε goes from `from` to `to`, evenly over the first `rounds` rounds; 1 to .05 over half of them by default. */
  readonly exploration?: { readonly from: number; readonly to: number; readonly rounds: number };
  /** Updates after each step of all readers; 4 by default. */
  readonly updates?: number;
  /** Remembered steps of an update; 1,000 by default. */
  readonly batchSize?: number;
  /** Steps that are remembered; 100,000 by default. */
  readonly capacity?: number;
}

/** How a round went. */
export interface OnlineRound {
  /** ε at its start */
  readonly epsilon: number;
  /** [n] what each reader brought */
  readonly returns: Float64Array;
  readonly mean: number;
}

/** ε at a time, in rounds. */
export function explorationAt(
  { from, to, rounds }: Required<OnlineOptions>["exploration"],
  time: number,
): number {
  return rounds > 0 && time < rounds ? from + ((to - from) * time) / rounds : to;
}

/**
 * An agent that learns by acting: it makes the slates of all readers, ε-greedy, and after each step learns from steps
 * that it remembers. The first round is played before anything is learned: from it values get their start (how long
 * sessions last must have been seen once) and the choice model its numbers, which are fitted anew after each round.
 *
 * @throws when there is no round, or ε leaves [0, 1].
 * @example learnOnline(agent, world.environments(100), random(1)).map(({ mean }) => mean) // rises from what chance earns
 */
export function learnOnline(
  agent: SlateQ,
  environments: Environments,
  random: Random,
  options: OnlineOptions = {},
): OnlineRound[] {
  const { rounds = 20, updates = 4, batchSize = 1000, capacity = 100_000 } = options;
  const { exploration = { from: 1, to: 0.05, rounds: rounds / 2 } } = options;
  if (!(rounds >= 1)) throw new Error(`learnOnline requires at least one round, got ${rounds}`);
  const memory = slateMemory(agent.shape, capacity);
  const remembering = random.fork("remembered");
  let epsilon = explorationAt(exploration, 0);
  const policy = slateQPolicy(agent, { epsilon: () => epsilon });
  const played: OnlineRound[] = [];
  for (let round = 0; round < rounds; round++) {
    epsilon = explorationAt(exploration, round);
    const record = slateRecorder(agent.shape, memory.add);
    const { returns } = playWorld(policy, environments, random.fork(`round ${round}`), {
      watch(step) {
        record(step);
        if (round === 0) return;
        for (let update = 0; update < updates; update++) agent.learn(memory.sample(batchSize, remembering));
      },
    });
    const all = memory.all();
    agent.fitChoice(all);
    agent.start(all);
    played.push({ epsilon, returns, mean: meanOf(returns) });
  }
  return played;
}
