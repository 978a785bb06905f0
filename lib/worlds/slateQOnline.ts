import type { SlateQ } from "../agents/slateQ/slateQ";
import { slateMemory } from "../agents/slateQ/slateSteps";
import type { Random } from "../math/random";
import type { OnlineLearner } from "./onlineLearner";
import { linearDecay, type Schedule } from "./onlineSchedules";
import { slateQPolicy } from "./slateQPolicy";
import { slateRecorder } from "./slateSteps";

export interface SlateQLearnerOptions {
  /** ε of each place; from 1 to .05 over the first ten rounds by default. */
  readonly epsilon?: Schedule;
  /** Updates after each step of all readers; 4 by default. */
  readonly updates?: number;
  /** Remembered steps of an update; 1,000 by default. */
  readonly batchSize?: number;
  /** Steps that are remembered; 100,000 by default. */
  readonly capacity?: number;
  /** Draws what is remembered. */
  readonly random: Random;
}

/**
 * SlateQ, learning by acting: it makes the slates of all readers, ε-greedy, and after each step learns from steps that it
 * remembers. The first round is played before anything is learned: from it values get their start (how long sessions
 * last must have been seen once) and the choice model its numbers, which are fitted anew after each round.
 *
 * @example learnOnline(slateQLearner(agent, { random: random(1) }), world, random(1), { oracle: "topic-quality" })
 */
export function slateQLearner(agent: SlateQ, options: SlateQLearnerOptions): OnlineLearner {
  const { updates = 4, batchSize = 1000, capacity = 100_000 } = options;
  const { epsilon = linearDecay({ from: 1, to: 0.05, over: 10 }) } = options;
  const memory = slateMemory(agent.shape, capacity);
  const remembering = options.random.fork("remembered");
  let record = slateRecorder(agent.shape, memory.add);
  let hasStarted = false;
  return {
    name: agent.name,
    epsilon,
    policy: (share) => slateQPolicy(agent, { epsilon: share }),
    learned: slateQPolicy(agent),
    learn(step) {
      record(step);
      if (!hasStarted) return;
      for (let update = 0; update < updates; update++) agent.learn(memory.sample(batchSize, remembering));
    },
    roundEnds() {
      const all = memory.all();
      agent.fitChoice(all);
      agent.start(all);
      hasStarted = true;
      record = slateRecorder(agent.shape, memory.add);
    },
    dispose: agent.dispose,
  };
}
