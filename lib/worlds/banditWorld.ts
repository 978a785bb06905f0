import { drawFrom } from "../math/drawFrom";
import type { Random } from "../math/random";

export interface BanditWorldOptions {
  /** A: how many actions; 30 by default. */
  readonly actions?: number;
  /** C: how many kinds of visitors there are, each as likely as the other; 500 by default. */
  readonly contexts?: number;
  /** D: how many numbers describe a visitor; 5 by default. */
  readonly contextSize?: number;
  /** Rewards are 0 or 1 ("binary", by default), or their mean with normal noise of deviation .5 ("normal"). */
  readonly reward?: "binary" | "normal";
  /** Deviation of what each user adds to all their rewards, 0 on average; for normal rewards alone. 0 by default. */
  readonly userSpread?: number;
}

/** One decision a round, and the truth known: every policy's value is a finite sum. */
export interface BanditWorld {
  readonly actions: number;
  readonly contexts: number;
  readonly contextSize: number;
  /** [C × D] what is seen of each kind of visitor. */
  readonly features: Float64Array;
  /** [C × A] expected reward. */
  readonly meanRewards: Float64Array;
  /** Σ_c Σ_a π(a|c) μ(c, a) / C of a policy [C × A]: exact. */
  valueOf(policy: Float64Array): number;
  /** The policy ∝ exp(sharpness · (μ(c, a) + blur · noise)): better than chance for a positive sharpness, worse for a negative. */
  policy(sharpness: number, random: Random, blur?: number): Float64Array;
  collect(policy: Float64Array, rounds: number, random: Random, options?: CollectOptions): BanditLog;
}

export interface CollectOptions {
  /** How many rounds in a row are one user's, who stays of one kind; 1 by default. */
  readonly roundsPerUser?: number;
}

/** What a policy did and earned, all columns [n]. */
export interface BanditLog {
  readonly contexts: Int32Array;
  readonly actions: Int32Array;
  readonly rewards: Float64Array;
  readonly propensities: Float64Array;
  readonly users: Int32Array;
}

/**
 * A contextual bandit: the mean reward is a logistic function of the context with a curved part, so that a linear
 * model of it is wrong.
 *
 * @throws when a size is below 1.
 * @example banditWorld(random(1), { actions: 10 }).policy(0, random(2)) // uniform, .1 everywhere
 */
export function banditWorld(
  random: Random,
  {
    actions = 30,
    contexts = 500,
    contextSize = 5,
    reward = "binary",
    userSpread = 0,
  }: BanditWorldOptions = {},
): BanditWorld {
  for (const [name, size] of Object.entries({ actions, contexts, contextSize }))
    if (!(Number.isSafeInteger(size) && size >= 1))
      throw new Error(`banditWorld requires ${name} of at least 1, got ${size}`);
  if (userSpread !== 0 && reward !== "normal")
    throw new Error(`banditWorld requires normal rewards for a userSpread, got ${reward}`);
  const draws = (count: number): Float64Array => Float64Array.from({ length: count }, () => random.normal());
  const features = draws(contexts * contextSize);
  const slopes = draws(actions * contextSize);
  const curves = draws(actions * contextSize);
  const offsets = draws(actions);
  const meanRewards = new Float64Array(contexts * actions);
  for (let c = 0; c < contexts; c++)
    for (let a = 0; a < actions; a++) {
      let logit = -1 + 0.5 * offsets[a];
      for (let d = 0; d < contextSize; d++) {
        const x = features[c * contextSize + d];
        logit += (0.6 * slopes[a * contextSize + d] * x + 0.3 * curves[a * contextSize + d] * x * x) / 2;
      }
      meanRewards[c * actions + a] = 1 / (1 + Math.exp(-logit));
    }
  return {
    ...{ actions, contexts, contextSize, features, meanRewards },
    valueOf(policy) {
      check(policy);
      return policy.reduce((sum, share, i) => sum + share * meanRewards[i], 0) / contexts;
    },
    policy(sharpness, draw, blur = 0.3) {
      const scores = meanRewards.map((mean) => sharpness * (mean + blur * draw.normal()));
      for (let c = 0; c < contexts; c++) softmaxInPlace(scores.subarray(c * actions, (c + 1) * actions));
      return scores;
    },
    collect(policy, rounds, draw, { roundsPerUser = 1 } = {}) {
      check(policy);
      const log = {
        contexts: new Int32Array(rounds),
        actions: new Int32Array(rounds),
        rewards: new Float64Array(rounds),
        propensities: new Float64Array(rounds),
        users: new Int32Array(rounds),
      };
      let mood = 0;
      for (let i = 0; i < rounds; i++) {
        if (userSpread > 0 && i % roundsPerUser === 0) mood = userSpread * draw.normal();
        const context = i % roundsPerUser === 0 ? draw.integer(contexts) : log.contexts[i - 1];
        const action = drawFrom(policy.subarray(context * actions, (context + 1) * actions), draw);
        const mean = meanRewards[context * actions + action];
        log.contexts[i] = context;
        log.actions[i] = action;
        log.rewards[i] = reward === "normal" ? mean + mood + 0.5 * draw.normal() : draw.next() < mean ? 1 : 0;
        log.propensities[i] = policy[context * actions + action];
        log.users[i] = Math.floor(i / roundsPerUser);
      }
      return log;
    },
  };

  function check(policy: Float64Array): void {
    if (policy.length !== contexts * actions)
      throw new Error(`banditWorld requires a policy of ${contexts} × ${actions}, got ${policy.length}`);
  }
}

function softmaxInPlace(scores: Float64Array): void {
  const largest = scores.reduce((most, score) => Math.max(most, score), Number.NEGATIVE_INFINITY);
  let total = 0;
  for (let a = 0; a < scores.length; a++) total += scores[a] = Math.exp(scores[a] - largest);
  for (let a = 0; a < scores.length; a++) scores[a] /= total;
}
