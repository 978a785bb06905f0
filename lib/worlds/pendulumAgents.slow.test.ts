/**
 * Agents learn to swing a pendulum up from a log that mostly does not. The full comparison with another
 * implementation is in fixtures/pendulum-reference.json; here the same agents learn faster and for less long
 * (larger steps, quicker targets, smaller batches), from one seed, and must come close to the best there is.
 * Ranking metrics forgive a critic with a wrong sign, a stale target or a lost discount; a pendulum does not.
 */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { sampleCorrelation } from "simple-statistics";
import { actionValue } from "../agents/actorNetwork";
import type { Agent, AgentProblem } from "../agents/agent";
import { bcq } from "../agents/bcq";
import { ddpg } from "../agents/ddpg";
import { sac } from "../agents/sac";
import { td3, td3Bc } from "../agents/td3";
import { random } from "../math/random";
import { replayBuffer } from "../replay/replayBuffer";
import type { Network } from "../tensors/networks";
import { type Tensor2D, tf } from "../tensors/tf";
import { unitBox } from "./environment";
import { pendulums } from "./pendulum";
import { pendulumLog, randomTorque } from "./pendulumLog";
import { rollout } from "./rollout";

const mean = (values: Float32Array | Float64Array): number =>
  (values as Float64Array).reduce((sum, value) => sum + value, 0) / values.length;

const log = pendulumLog(random(1));
const buffer = replayBuffer(log);
after(() => buffer.dispose());
const worlds = unitBox(pendulums(100));
const discount = 0.95;
const quick = {
  discount,
  targetRate: 0.02,
  hidden: [64, 64],
  actorLearningRate: 3e-3,
  criticLearningRate: 3e-3,
};

/** TD3's targets move with its actor, every other time. */
const delayed = { targetRate: 0.04 };

/**
 * Learns from the log. Gives the mean return of 100 episodes, and from their starts what the critic expected of
 * the agent's own actions beside the discounted return that came (in units of the log's rewards).
 */
function learned(agent: Agent, critic: Network, updates: number) {
  const draw = random(7);
  for (let update = 0; update < updates; update++) {
    const drawn = buffer.sample(128, draw);
    agent.learn(drawn);
    drawn.dispose();
  }
  const earned = mean(rollout(agent, worlds, random(2)));
  const came = rollout(agent, worlds, random(2), { discount }).map((value) => value / 10);
  const starts = worlds.reset(random(2));
  const actions = agent.act(starts);
  const expected: Float32Array = tf().tidy(() => {
    const [states, acted]: Tensor2D[] = [tf().tensor2d(starts, [100, 3]), tf().tensor2d(actions, [100, 1])];
    return actionValue(critic, states!, acted!).dataSync<"float32">();
  });
  agent.dispose();
  return { earned, came, expected };
}

const problem = (seed: number): AgentProblem => ({
  stateSize: 3,
  actionSize: 1,
  actionSpace: "box",
  random: random(seed),
});
const cases: readonly {
  name: string;
  updates: number;
  /** The least mean return. */
  least: number;
  make: () => { agent: Agent; critic: Network };
}[] = [
  {
    name: "ddpg",
    updates: 1200,
    least: -250,
    make: () => {
      const agent = ddpg(problem(1), quick);
      return { agent, critic: agent.networks.critic };
    },
  },
  {
    name: "td3",
    updates: 1500,
    least: -250,
    make: () => {
      const agent = td3(problem(1), { ...quick, ...delayed });
      return { agent, critic: agent.networks.critics[0]! };
    },
  },
  {
    name: "td3-bc",
    updates: 2000,
    least: -550,
    make: () => {
      // Half of the log is random: copying it has to weigh less than in the paper.
      const agent = td3(problem(1), { ...quick, ...delayed, ...td3Bc, criticWeight: 10 });
      return { agent, critic: agent.networks.critics[0]! };
    },
  },
  {
    name: "sac",
    updates: 1200,
    least: -250,
    make: () => {
      const agent = sac(problem(1), quick);
      return { agent, critic: agent.networks.critics[0]! };
    },
  },
  {
    name: "bcq",
    updates: 1300,
    least: -400,
    make: () => {
      const agent = bcq(problem(1), quick);
      return { agent, critic: agent.networks.critics[0]! };
    },
  },
];

test("random torque and the log's own policies earn far less than any agent is asked for", () => {
  const nothingLearned = mean(rollout(randomTorque(random(1)), worlds, random(2)));
  assert.ok(nothingLearned < -1100, `random earns ${nothingLearned}`);
  const logged = (10 * log.rewards.reduce((sum, reward) => sum + reward, 0)) / 100;
  assert.ok(logged < -750, `the log holds ${logged} an episode`);
});

for (const { name, updates, least, make } of cases)
  test(`${name} learns from the log to earn more than ${least}, and its critic says what comes`, (t) => {
    const { agent, critic } = make();
    const { earned, came, expected } = learned(agent, critic, updates);
    const share = mean(expected) / mean(came);
    const likeness = sampleCorrelation([...expected], [...came]);
    t.diagnostic(`earned ${earned.toFixed(0)}; Q / return ${share.toFixed(2)}, r ${likeness.toFixed(2)}`);
    assert.ok(earned > least, `earned ${earned}`);
    // So few updates leave the critic on its way from 0 to the value, but it must not be beyond it.
    assert.ok(share > 0.6 && share < 1.25, `Q is ${share} of the return`);
    assert.ok(likeness > 0.75, `Q and return correlate by ${likeness}`);
  });
