/**
 * Learning by acting. Readers come in rounds, many side by side; an agent serves them, sees what they do, and learns
 * from it while it goes on. Beside it, on the same readers, an oracle that knows the world: what the agent brings less
 * than the oracle is its regret, the price of not knowing.
 */

import { effectiveSize } from "../math/effectiveSize";
import { meanOf } from "../math/mean";
import type { Random } from "../math/random";
import { type InteractionMetrics, interactionMetrics } from "./interactionMetrics";
import type { OnlineLearner, OnlineStep } from "./onlineLearner";
import { type PlayedStep, playWorld } from "./playWorld";
import type { World } from "./world";

export interface OnlineOptions {
  /** Readers of a round, side by side; 50 by default. */
  readonly readers?: number;
  /** One session of each reader is a round; 20 by default. */
  readonly rounds?: number;
  /** Steps after which the watching of a session ends; by default when the world says so. */
  readonly steps?: number;
  /** γ of what a session is worth, and of what the oracle is best at; 1, plain sums, by default. */
  readonly discount?: number;
  /** The policy of the world that the agent is compared with; by default `optimal`, where the world has it, else `greedy`. */
  readonly oracle?: string;
  /** Told of each round when it is over. */
  readonly onRound?: (round: OnlineRound) => void;
}

/** How a round went. */
export interface OnlineRound {
  /** from 0 */
  readonly round: number;
  /** ε at its start */
  readonly epsilon: number;
  /** [n] Σ γᵗ rₜ of each session */
  readonly returns: Float64Array;
  /** [n] the same of the oracle, on the same readers */
  readonly oracleReturns: Float64Array;
  readonly mean: number;
  /** Mean over readers of what the oracle brought and the agent did not. */
  readonly regret: number;
  /** That, for each step of the oracle's sessions. */
  readonly regretPerStep: number;
  /** What the agent brought step by step, how often readers engaged, and how often it did not do what it held for best. */
  readonly metrics: InteractionMetrics;
  /** How many different items a reader was shown, counted by their shares p: mean over readers of 1 / Σ p². */
  readonly diversity: number;
  /** What the agent now believes that a reader who comes anew is worth (mean of maxₐ Q), where it can say. */
  readonly believed?: number;
}

/**
 * An agent learns by acting, round by round, each with fresh readers. In each round the oracle serves the same readers
 * from the same seeds: hidden tastes are equal, and chance is as long as both do the same.
 *
 * A round is over when every reader has left or the watching ends; no session is started in the place of another, so
 * nobody's first state is taken for what followed somebody else. Only who left (`terminated`) is worth nothing
 * afterwards. Learners that wait hear of a step when its next action has been taken; a step whose next action never
 * was, since the watching ended, is left out.
 *
 * @throws when there is no round, or ε leaves [0, 1].
 * @example learnOnline(onlineQLearning({ choices: 3, width: 3, discount: 0.9 }), satiation(), random(1), { discount: 0.9 })
 */
export function learnOnline(
  learner: OnlineLearner,
  world: World,
  random: Random,
  options: OnlineOptions = {},
): OnlineRound[] {
  const { readers = 50, rounds = 20, steps, discount = 1, onRound } = options;
  const { oracle = world.policies.includes("optimal") ? "optimal" : "greedy" } = options;
  if (!(rounds >= 1)) throw new Error(`learnOnline requires at least one round, got ${rounds}`);
  const environments = world.environments(readers);
  const best = world.policy(oracle, environments, { discount });
  const limits = { discount, ...(steps !== undefined && { steps }) };
  return Array.from({ length: rounds }, (_, round) => {
    // Both are dealt the same streams: for readers, and for choices.
    const draw = random.fork(`round ${round}`);
    const watched = watchedRound(learner, round, { world, readers, random: draw.fork("held for best") });
    const { returns } = playWorld(watched.policy, environments, draw, { ...limits, ...watched });
    watched.end();
    const ofOracle = playWorld(best, environments, draw, limits);
    const regret = meanOf(ofOracle.returns) - meanOf(returns);
    const played: OnlineRound = {
      ...{ round, epsilon: learner.epsilon(round, 0), returns, oracleReturns: ofOracle.returns },
      ...{ mean: meanOf(returns), regret, regretPerStep: regret / meanOf(ofOracle.steps) },
      ...watched.told(),
    };
    onRound?.(played);
    return played;
  });
}

/** The agent's own policy for a round, what it hears of the steps, and what is counted of them. */
function watchedRound(
  learner: OnlineLearner,
  round: number,
  { world, readers, random }: { readonly world: World; readonly readers: number; readonly random: Random },
) {
  const rewards: number[] = [];
  const users: number[] = [];
  const strayed: number[] = [];
  const shown = Array.from({ length: readers }, () => new Map<number, number>());
  let first: Float32Array | undefined;
  let pending: OnlineStep | undefined;
  let time = 0;
  const count = ({ observations, choice, result, live }: PlayedStep): void => {
    const slots = choice.actions.length / readers;
    // Asked before it learns from the step.
    const held = learner.learned.choose(observations, random).actions;
    const items = world.itemsOf?.(observations); // [n × choices]
    const itemOf = (i: number, action: number): number =>
      items === undefined ? action : items[(i * items.length) / readers + action];
    for (let i = 0; i < readers; i++) {
      if (live[i] === 0) continue;
      rewards.push(result.rewards[i]);
      users.push(i);
      let other = 0;
      for (let k = i * slots; k < (i + 1) * slots; k++) {
        if (choice.actions[k] !== held[k]) other = 1;
        const item = itemOf(i, choice.actions[k]);
        shown[i].set(item, (shown[i].get(item) ?? 0) + 1);
      }
      strayed.push(other);
    }
  };
  /** Gives the step before on, now that `next` has been chosen for who is still live. */
  const give = (next?: Pick<PlayedStep, "choice" | "live">): void => {
    if (pending === undefined) return;
    const { live, result } = pending;
    const known = live.map((alive, i) => alive & (result.terminated[i] | (next?.live[i] ?? 0)));
    learner.learn({ ...pending, live: known, ...(next && { nextActions: next.choice.actions }) });
    pending = undefined;
  };
  return {
    policy: {
      name: learner.name,
      choose: (observations: Float32Array, draw: Random) =>
        learner.policy(learner.epsilon(round, time)).choose(observations, draw),
      probabilities: (observations: Float32Array, actions: Int32Array) =>
        learner.policy(learner.epsilon(round, time)).probabilities(observations, actions),
    },
    before: (chosen: Omit<PlayedStep, "result">): void => give(chosen),
    watch(step: PlayedStep): void {
      first ??= step.observations;
      count(step);
      time++;
      if (learner.waits) pending = { ...step, live: step.live.slice() };
      else learner.learn(step);
    },
    end(): void {
      give();
      learner.roundEnds?.();
    },
    told(): Pick<OnlineRound, "metrics" | "diversity" | "believed"> {
      const metrics = interactionMetrics({
        rewards: Float64Array.from(rewards),
        users: Int32Array.from(users),
        actions: Int32Array.from(strayed),
        greedy: new Int32Array(strayed.length),
      });
      const diversity = meanOf(shown.map((counts) => effectiveSize(Float64Array.from(counts.values()))));
      const believed = learner.believed && first && meanOf(learner.believed(first));
      return { metrics, diversity, ...(believed !== undefined && { believed }) };
    },
  };
}
