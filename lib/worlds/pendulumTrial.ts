import { bcq } from "../agents/actorCritic/bcq";
import { ddpg } from "../agents/actorCritic/ddpg";
import { iql } from "../agents/actorCritic/iql";
import { sac } from "../agents/actorCritic/sac";
import { td3 } from "../agents/actorCritic/td3";
import { type Agent, type AgentProblem, paperTd3Bc } from "../agents/agent";

import { random } from "../math/random";
import { replayBuffer } from "../replay/replayBuffer";
import type { Network } from "../tensors/networks";
import { unitBox } from "./environment";
import { pendulums } from "./pendulum";
import { pendulumLog } from "./pendulumLog";
import { rollout } from "./rollout";

/** What a trial needs of an agent: to learn and act, and a critic to be asked. */
export interface TrialAgent {
  readonly agent: Agent;
  /** Q (the first, where there are two): [B, 3 + 1] → [B, 1] */
  readonly critic: Network;
}

const problemOf = (seed: number): AgentProblem => ({
  stateSize: 3,
  actionSize: 1,
  actionSpace: "box",
  random: random(seed),
});

/** Settings that all agents of the comparison share. */
export const pendulumSettings = {
  discount: 0.98,
  targetRate: 0.005,
  hidden: [64, 64],
  actorLearningRate: 1e-3,
  criticLearningRate: 1e-3,
};

/** The agents of the comparison, each as its paper has it, with `changes` over the shared settings. */
export const pendulumAgents: Readonly<Record<string, (seed: number, changes?: object) => TrialAgent>> = {
  ddpg: (seed, changes) => {
    const agent = ddpg(problemOf(seed), { ...pendulumSettings, ...changes });
    return { agent, critic: agent.networks.critic };
  },
  td3: (seed, changes) => {
    const agent = td3(problemOf(seed), { ...pendulumSettings, ...changes });
    return { agent, critic: agent.networks.critics[0] };
  },
  "td3-bc": (seed, changes) => {
    const agent = td3(problemOf(seed), { ...pendulumSettings, ...paperTd3Bc, ...changes });
    return { agent, critic: agent.networks.critics[0] };
  },
  sac: (seed, changes) => {
    const start = { temperature: 1, logDeviation: 0 };
    const agent = sac(problemOf(seed), { ...pendulumSettings, ...start, ...changes });
    return { agent, critic: agent.networks.critics[0] };
  },
  bcq: (seed, changes) => {
    const agent = bcq(problemOf(seed), { ...pendulumSettings, ...changes });
    return { agent, critic: agent.networks.critics[0] };
  },
  iql: (seed, changes) => {
    const agent = iql(problemOf(seed), { ...pendulumSettings, ...changes });
    return { agent, critic: agent.networks.critics[0] };
  },
};

export interface TrialOptions {
  /** Of the batches' draws. */
  readonly seed: number;
  /** 10,000 by default. */
  readonly updates?: number;
  /** 256 by default. */
  readonly batchSize?: number;
  /** Updates between two looks at the returns; only a last look by default. */
  readonly every?: number;
}

/**
 * An agent learns from the log of mixed quality and then swings 100 pendulums, always from the same starts.
 *
 * @returns mean return of the 100 episodes at each look, the last after the last update
 * @example const { agent } = pendulumAgents.ddpg(1); pendulumTrial(agent, { seed: 1001 }) // [−153]
 */
export function pendulumTrial(agent: Agent, options: TrialOptions): number[] {
  const { seed, updates = 10_000, batchSize = 256, every = updates } = options;
  const buffer = replayBuffer(pendulumLog(random(1)));
  const draw = random(seed);
  const looks: number[] = [];
  for (let update = 1; update <= updates; update++) {
    const drawn = buffer.sample(batchSize, draw);
    agent.learn(drawn);
    drawn.dispose();
    if (update % every === 0 || update === updates) {
      const returns = rollout(agent, unitBox(pendulums(100)), random(2));
      looks.push(returns.reduce((sum, value) => sum + value, 0) / returns.length);
    }
  }
  buffer.dispose();
  return looks;
}
