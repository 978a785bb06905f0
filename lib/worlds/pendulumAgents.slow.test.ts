/**
 * Agents learn to swing a pendulum up from a log that mostly does not. The full comparison with another
 * implementation is in fixtures/pendulum-reference.json; here the same agents learn faster and for less long
 * (larger steps, quicker targets, smaller batches, less patience), from one seed, and must come close to it.
 * Ranking metrics forgive a critic with a wrong sign, a stale target or a lost discount; a pendulum does not.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { sampleCorrelation } from "simple-statistics";
import { actionValue } from "../agents/networks";
import { random } from "../math/random";
import { type Tensor2D, tf } from "../tensors/tf";
import { unitBox } from "./environment";
import { pendulums } from "./pendulum";
import { pendulumLog, randomTorque } from "./pendulumLog";
import { pendulumAgents, pendulumTrial, type TrialAgent } from "./pendulumTrial";
import { rollout } from "./rollout";

const worlds = unitBox(pendulums(100));
const mean = (values: Float32Array | Float64Array): number =>
  (values as Float64Array).reduce((sum, value) => sum + value, 0) / values.length;

const discount = 0.95;
const quick = { discount, targetRate: 0.02, actorLearningRate: 3e-3, criticLearningRate: 3e-3 };
/** TD3's targets move with its actor, every other time. */
const delayed = { ...quick, targetRate: 0.04 };

/**
 * The least mean return asked for. Seeds 1, 2 and 3 earned −155 to −161 (DDPG, TD3, SAC), −288 to −349 (TD3+BC),
 * −276 to −292 (BCQ) and −263 to −309 (IQL; without its critic −1011), with Q .82 to 1.01 of the return. TD3+BC copies
 * less than in its paper, since half of the log is random.
 */
const cases = [
  { name: "ddpg", updates: 1200, least: -200, changes: quick },
  { name: "td3", updates: 1500, least: -200, changes: delayed },
  { name: "td3-bc", updates: 2000, least: -450, changes: { ...delayed, criticWeight: 10 } },
  { name: "sac", updates: 1200, least: -200, changes: { ...quick, temperature: 0.1, logDeviation: -1 } },
  { name: "bcq", updates: 1300, least: -350, changes: quick },
  { name: "iql", updates: 2000, least: -350, changes: quick },
];

test("random torque and the log's own policies earn far less than any agent is asked for", () => {
  const unlearned = mean(rollout(randomTorque(random(1)), worlds, random(2)));
  assert.ok(unlearned < -1100, `random earns ${unlearned}`);
  const logged = (10 * pendulumLog(random(1)).rewards.reduce((sum, reward) => sum + reward, 0)) / 100;
  assert.ok(logged < -750, `the log holds ${logged} an episode`);
});

/** What the critic says of the agent's own actions at the starts [100], in units of the log's rewards. */
function expectedAtStarts({ agent, critic }: TrialAgent): Float32Array {
  const starts = worlds.reset(random(2));
  const actions = agent.act(starts);
  return tf().tidy(() => {
    const [states, acted]: Tensor2D[] = [tf().tensor2d(starts, [100, 3]), tf().tensor2d(actions, [100, 1])];
    return actionValue(critic, states, acted).dataSync<"float32">();
  });
}

for (const { name, updates, least, changes } of cases)
  test(`${name} learns from the log to earn more than ${least}, and its critic says what comes`, (t) => {
    const made = pendulumAgents[name](1, changes);
    const [earned] = pendulumTrial(made.agent, { seed: 7, updates, batchSize: 128 }) as [number];
    const expected = expectedAtStarts(made);
    const came = rollout(made.agent, worlds, random(2), { discount }).map((value) => value / 10);
    made.agent.dispose();
    const share = mean(expected) / mean(came);
    const likeness = sampleCorrelation([...expected], [...came]);
    t.diagnostic(`earned ${earned.toFixed(0)}; Q / return ${share.toFixed(2)}, r ${likeness.toFixed(2)}`);
    assert.ok(earned > least, `earned ${earned}`);
    // So few updates leave the critic on its way from 0 to the value, but it must not be beyond it.
    assert.ok(share > 0.7 && share < 1.2, `Q is ${share} of the return`);
    assert.ok(likeness > 0.85, `Q and return correlate by ${likeness}`);
  });
