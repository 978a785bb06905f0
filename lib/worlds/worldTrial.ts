/**
 * What agents learn offline from a log of a world: actions are its choices, states what can be observed. The same
 * agents as on real logs, on the same transitions, judged by what they truly earn.
 */

import { bcq } from "../agents/actorCritic/bcq";
import { ddpg } from "../agents/actorCritic/ddpg";
import { dqn } from "../agents/actorCritic/dqn";
import { iql } from "../agents/actorCritic/iql";
import { reinforce } from "../agents/actorCritic/reinforce";
import { sac } from "../agents/actorCritic/sac";
import { td3 } from "../agents/actorCritic/td3";
import { type Agent, type AgentProblem, behaviourRegularised, paperTd3Bc } from "../agents/agent";
import { type SlateQ, slateQ } from "../agents/slateQ/slateQ";
import { type Random, random } from "../math/random";
import { replayBuffer } from "../replay/replayBuffer";
import type { Transitions } from "../replay/transitions";
import { type Environments, type Space, sizeOf } from "./environment";
import { playWorld } from "./playWorld";
import { scoredPolicy } from "./scoredPolicy";
import { slateQPolicy } from "./slateQPolicy";
import { slateShapeOf, slateSteps } from "./slateSteps";
import { trueValue } from "./trueValue";
import type { World, WorldPolicy } from "./world";

/**
 * Observations with each number stretched to [−1, 1] by its bounds. Not to [0, 1]: a reader at all lower bounds would be a
 * state of zeros, for which a network's hidden units are 0 and do not learn.
 */
function stretched(space: Space, observations: Float32Array): Float32Array {
  if (space.kind !== "box") throw new Error(`worldTrial requires observations in a box, got ${space.kind}`);
  const { low, high } = space;
  return observations.map((value, at) => {
    const k = at % low.length;
    return high[k] > low[k] ? (2 * (value - low[k])) / (high[k] - low[k]) - 1 : 0;
  });
}

function choicesOf({ actionSpace, name }: Environments): number {
  if (actionSpace.kind !== "choices")
    throw new Error(`worldTrial requires single choices, got slates in ${name}`);
  return actionSpace.size;
}

/** One vector for each choice, all at right angles: none is told to be like another. [N × N] */
function vectorsOf(choices: number): Float32Array {
  return Float32Array.from({ length: choices * choices }, (_, at) => (at % (choices + 1) === 0 ? 1 : 0));
}

/** A log of a policy as transitions, with the discounted return of each. */
export function worldTransitions(
  world: World,
  policyName: string,
  { users, epsilon, discount, random }: WorldLogOptions,
): Transitions {
  const environments = world.environments(users);
  const choices = choicesOf(environments);
  const stateSize = sizeOf(environments.observationSpace);
  const states: Float32Array[] = [];
  const [rows, nextRows, items, rewards, terminals, whose]: number[][] = [[], [], [], [], [], []];
  playWorld(world.policy(policyName, environments, { epsilon }), environments, random, {
    watch({ observations, choice, result, live, step }) {
      if (step === 0) states.push(stretched(environments.observationSpace, observations));
      states.push(stretched(environments.observationSpace, result.observations));
      for (let i = 0; i < users; i++) {
        if (live[i] === 0) continue;
        rows.push(step * users + i);
        nextRows.push((step + 1) * users + i);
        items.push(choice.actions[i]);
        rewards.push(result.rewards[i]);
        terminals.push(result.terminated[i]);
        whose.push(i);
      }
    },
  });
  const returns = new Float32Array(rewards.length);
  const later = new Float64Array(users);
  for (let t = rewards.length - 1; t >= 0; t--)
    later[whose[t]] = returns[t] = rewards[t] + discount * later[whose[t]];
  const stateTable = new Float32Array(states.length * users * stateSize);
  for (const [step, observed] of states.entries()) stateTable.set(observed, step * users * stateSize);
  return {
    ...{ size: rewards.length, stateSize, actionSize: choices, stateTable, returns },
    actionTable: vectorsOf(choices),
    stateRows: Int32Array.from(rows),
    nextStateRows: Int32Array.from(nextRows),
    itemRows: Int32Array.from(items),
    rewards: Float32Array.from(rewards),
    terminals: Uint8Array.from(terminals),
  };
}

export interface WorldLogOptions {
  readonly users: number;
  /** Share of random choices, where the policy is epsilon-greedy. */
  readonly epsilon?: number;
  /** γ of the returns. */
  readonly discount: number;
  readonly random: Random;
}

/** The choice whose vector, or whose value, fits an agent's action best. */
export function agentPolicy(agent: Agent, environments: Environments): WorldPolicy {
  const choices = choicesOf(environments);
  const width = sizeOf(environments.observationSpace);
  return scoredPolicy({
    name: agent.name,
    choices,
    width,
    scores(observations) {
      const actions = agent.act(stretched(environments.observationSpace, observations));
      const { itemVectors, itemBias } = agent.items?.() ?? {
        itemVectors: vectorsOf(choices),
        itemBias: new Float32Array(choices),
      };
      return Float64Array.from({ length: actions.length }, (_, at) => {
        const [row, item] = [Math.floor(at / choices) * choices, at % choices];
        let score = itemBias[item];
        for (let k = 0; k < choices; k++) score += actions[row + k] * itemVectors[item * choices + k];
        return score;
      });
    },
  });
}

const small = { hidden: [64, 64] };
const learning = { ...small, actorLearningRate: 1e-3, criticLearningRate: 1e-3 };
/** Held near the log by the likelihood of what was logged, but loosely: any choice is in a log with chance in it. */
const nearTheLog = { ...behaviourRegularised, behaviourWeight: 0.02, warmUp: 200, targetRate: 0.02 };

/** Values of all choices, from 0; item vectors start at right angles: random ones may be so alike that values stay alike too. */
const byValue = { ...small, criticLearningRate: 1e-3, targetRate: 0.02, candidates: null };

/** The agents of the comparison, by name, at a discount. */
export const trialAgents: Readonly<Record<string, (problem: AgentProblem, discount: number) => Agent>> = {
  "behaviour-cloning": (problem) => ddpg(problem, { ...learning, ...nearTheLog, criticWeight: 0 }),
  "greedy-reward": (problem) => dqn(problem, { ...byValue, discount: 0 }),
  ddpg: (problem, discount) => ddpg(problem, { ...learning, ...nearTheLog, discount }),
  td3: (problem, discount) => td3(problem, { ...learning, ...nearTheLog, discount }),
  "td3-bc": (problem, discount) => td3(problem, { ...learning, ...paperTd3Bc, targetRate: 0.02, discount }),
  bcq: (problem, discount) => bcq(problem, { ...learning, targetRate: 0.02, discount }),
  sac: (problem, discount) => sac(problem, { ...learning, targetRate: 0.02, discount }),
  iql: (problem, discount) => iql(problem, { ...learning, targetRate: 0.02, discount }),
  reinforce: (problem, discount) => reinforce(problem, { ...small, actorLearningRate: 1e-3, discount }),
  dqn: (problem, discount) => dqn(problem, { ...byValue, discount }),
  cql: (problem, discount) => dqn(problem, { ...byValue, discount, conservativeWeight: 0.1 }),
};

export interface WorldTrialOptions {
  /** Readers whose log is learned from; 2,000 by default. */
  readonly users?: number;
  /** Who made the log; epsilon-greedy by default, with `epsilon` .5. */
  readonly behaviour?: string;
  readonly epsilon?: number;
  /** γ that is learned with. */
  readonly discount: number;
  /** γ that policies are judged at; .9 by default. */
  readonly judgedAt?: number;
  /** 3,000 by default. */
  readonly updates?: number;
  readonly seed: number;
}

/**
 * An agent that has learned from a log of a world; whoever asks disposes of it.
 *
 * @throws on an unknown agent, or in worlds of slates.
 */
export function trainedInWorld(
  world: World,
  agentName: string,
  options: Omit<WorldTrialOptions, "judgedAt" | "seed"> & { readonly random: Random },
): Agent {
  const { users = 2000, behaviour = "epsilon-greedy", epsilon = 0.5, discount } = options;
  const { updates = 3000, random: draw } = options;
  const make = trialAgents[agentName];
  if (make === undefined)
    throw new Error(`there is no agent ${agentName}, but ${Object.keys(trialAgents).join(", ")}`);
  const transitions = worldTransitions(world, behaviour, {
    ...{ users, epsilon, discount },
    random: draw.fork("log"),
  });
  const { stateSize, actionSize, actionTable } = transitions;
  const agent = make(
    {
      ...{ stateSize, actionSize, actionSpace: "unit", random: draw.fork("agent") },
      catalogue: { itemVectors: actionTable, temperature: 0.25 },
    },
    discount,
  );
  const buffer = replayBuffer(transitions);
  const batches = draw.fork("batches");
  for (let update = 0; update < updates; update++) {
    const drawn = buffer.sample(256, batches);
    agent.learn(drawn);
    drawn.dispose();
  }
  buffer.dispose();
  return agent;
}

/** SlateQ after learning from a log of slates; its own settings but for the discount. */
function slateQInWorld(
  world: World,
  options: Omit<WorldTrialOptions, "judgedAt" | "seed"> & { readonly random: Random },
): SlateQ {
  const { users = 2000, behaviour = "epsilon-greedy", epsilon = 0.5, discount, random: draw } = options;
  const logging = world.environments(users);
  const shape = slateShapeOf(world, logging);
  const log = slateSteps(world.policy(behaviour, logging, { epsilon }), logging, draw.fork("log"), shape);
  const agent = slateQ({ shape, random: draw.fork("agent") }, { discount });
  agent.train(log);
  return agent;
}

/** The agent of the comparison that learns slates. */
export const slateAgent = "slate-q";

/**
 * Everybody who can learn in a world: SlateQ where it shows slates, else those that choose one thing.
 *
 * @throws in worlds of slates that do not show interests and offers.
 */
export function agentsFor(world: World): readonly string[] {
  const environments = world.environments(1);
  if (environments.actionSpace.kind !== "slates") return Object.keys(trialAgents);
  slateShapeOf(world, environments);
  return [slateAgent];
}

/**
 * An agent learns from a log, and its policy's true value is found: exactly where the world can be counted out, else from
 * 2,000 fresh readers. `slate-q` learns from logs of slates; `updates` says nothing to it.
 *
 * @throws on an unknown agent, or one that does not go with the world.
 * @example worldTrial(satiation(), "dqn", { discount: 0.9, seed: 1 }) // near the optimum of 7.055
 */
export function worldTrial(
  world: World,
  agentName: string,
  { judgedAt = 0.9, seed, ...options }: WorldTrialOptions,
): number {
  const draw = random(seed);
  const environments = world.environments(2000);
  const judging = { users: 2000, environments, discount: judgedAt, random: draw.fork("judging") };
  if (agentName === slateAgent) {
    const agent = slateQInWorld(world, { ...options, random: draw });
    const { value } = trueValue(world, slateQPolicy(agent), judging);
    agent.dispose();
    return value;
  }
  const agent = trainedInWorld(world, agentName, { ...options, random: draw });
  try {
    return trueValue(world, agentPolicy(agent, environments), judging).value;
  } finally {
    agent.dispose();
  }
}
