/**
 * Implicit Q-learning. Kostrikov, Nair and Levine, Offline reinforcement learning with implicit Q-learning, ICLR 2022
 * (arXiv 2110.06169), Algorithm 1: V by expectile regression (equation 5), Q by V of the next state (equation 6), the
 * policy by advantage-weighted regression (equation 7).
 *
 * The critics are never asked about an action that is not in the log, neither in targets nor by the actor. How good the
 * best logged actions of a state are is what V learns: the τ-expectile of Q over the actions that were taken there,
 * for τ = .5 their mean, towards 1 the largest. The actor then imitates the log, each action as much as it is better
 * than V.
 *
 * Numbered differences from Algorithm 1 and the authors' code: (1) an actor may start as a supervised head; (2) the actor
 * is an action, not a normal distribution: squared error is −log of one with a constant σ, and the σ they learn does not
 * act; (3) a softmax over the catalogue beside squared error, so that −log π(a|s) is that of an item; (4) the actor learns
 * along, from Q̂ and V as they were before the same update, and not after the critics; (5) no cosine schedule for the
 * actor's steps; (6) V of the next state is kept within what any policy could earn, where that is known
 * (`boundedTargets`); (7) discount .9, not .99.
 */

import { z } from "zod";
import { parseSettings } from "../../data/settings";
import type { Batch } from "../../replay/batch";
import { constant, descend } from "../../tensors/gradientStep";
import { copyOf, multilayerPerceptron, type Network } from "../../tensors/networks";
import { softUpdate } from "../../tensors/softUpdate";
import { type Scalar, type Tensor2D, tf } from "../../tensors/tf";
import {
  type AgentProblem,
  actorCriticSettings,
  agentOf,
  clipOf,
  type NeuralAgent,
  optimizerOf,
} from "../agent";
import { catalogueSoftmax } from "../catalogue";
import { clippedDoubleQ, criticVariables, moveCritics, tdTarget } from "../losses";
import {
  actionsFor,
  actionValue,
  actorNetwork,
  criticNetworks,
  jointEncoder,
  variablesOf,
} from "../networks";
import type { Held } from "../pureUpdate";

const {
  behaviourWeight: _b,
  scaleByValue: _s,
  bootstrapAt: _a,
  boundedValues: _v,
  ...shared
} = actorCriticSettings.shape;

/** As in the authors' code for locomotion: τ .7, β 3, weights cut at 100. */
export const iqlSettings = z.strictObject({
  ...shared,
  behaviour: z
    .enum(["squared", "softmax"])
    .default("squared")
    .describe("what is weighted: squared distance to the logged action, or -log probability of its item"),
  criticWeight: shared.criticWeight.describe(
    "multiplies the advantage; 0 makes every weight 1 (imitation alone)",
  ),
  expectile: z
    .number()
    .gt(0)
    .lt(1)
    .default(0.7)
    .describe("V is this expectile of Q over logged actions (τ): .5 their mean, near 1 the largest"),
  beta: z
    .number()
    .gt(0)
    .default(3)
    .describe("weights are exp(β · advantage): higher imitates only what was better than V"),
  weightCap: z.number().gt(0).default(100).describe("weights above this count as this"),
});

export type IqlConfig = Readonly<z.output<typeof iqlSettings>>;

export const iqlDefaults: IqlConfig = parseSettings("iql", iqlSettings, {});

export interface IqlNetworks {
  /** μ: [B, S] → [B, A] */
  readonly actor: Network;
  /** V: [B, S] → [B, 1] */
  readonly value: Network;
  /** Q₁ and Q₂: [B, S + A] → [B, 1] */
  readonly critics: readonly Network[];
  readonly targetCritics: readonly Network[];
}

/** Fresh networks, targets equal to their sources. */
export function iqlNetworks(problem: AgentProblem, { hidden }: IqlConfig): IqlNetworks {
  const { stateSize, random } = problem;
  const actor = actorNetwork({ ...problem, hidden });
  const value = multilayerPerceptron({
    inputs: stateSize,
    hidden,
    outputs: 1,
    random: random.fork("value"),
  });
  const critics = criticNetworks(2, problem, hidden);
  return { actor, value, critics, targetCritics: critics.map(copyOf) };
}

/**
 * |τ − 1(u < 0)| u², number by number: what V says too little (u > 0) costs τ, what it says too much 1 − τ.
 *
 * @example expectile .7, differences 2 and −2: 2.8 and 1.2
 */
export function expectileLoss(differences: Tensor2D, expectile: number): Tensor2D {
  const tooMuch = constant(differences).less(0).toFloat();
  return differences.square().mul(tooMuch.sub(expectile).abs()) as Tensor2D;
}

/** Q̂(s, a) = min_j Q′_j(s, a) of the logged actions, by the target critics. [B, 1] */
export function loggedValues({ targetCritics }: IqlNetworks, { states, actions }: Batch): Tensor2D {
  return clippedDoubleQ(targetCritics.map((each) => actionValue(each, states, actions)));
}

/**
 * Mean over the batch of the expectile loss of Q̂(s, a) − V(s) (equation 5). Where the batch was drawn by priority, each
 * counts by its importance weight.
 *
 * @param logged Q̂(s, a) [B, 1], a constant to the gradient
 */
export function iqlValueLoss(
  { value }: Pick<IqlNetworks, "value">,
  { states, weights }: Batch,
  logged: Tensor2D,
  expectile: number,
): { readonly loss: Scalar; readonly values: Tensor2D } {
  const values = value.apply(states);
  const losses = expectileLoss(logged.sub(values) as Tensor2D, expectile);
  return { loss: (weights ? losses.mul(weights) : losses).mean() as Scalar, values };
}

/** y = r + γ (1 − terminal) V(s′) [B, 1] (equation 6). */
export function iqlTargets(
  { value }: Pick<IqlNetworks, "value">,
  { rewards, terminals, nextStates }: Batch,
  { discount }: Pick<IqlConfig, "discount">,
  bounds?: AgentProblem["valueBounds"],
): Tensor2D {
  return tf().tidy(() => tdTarget(rewards, terminals, value.apply(nextStates), discount, bounds));
}

/** min(exp(β · A), cap) of each row. [B, 1] → [B, 1] */
export function advantageWeights(
  advantages: Tensor2D,
  { beta, criticWeight, weightCap }: Pick<IqlConfig, "beta" | "criticWeight" | "weightCap">,
): Tensor2D {
  return advantages
    .mul(criticWeight * beta)
    .exp()
    .minimum(weightCap) as Tensor2D;
}

/** How far each action is from the one that was done. */
export interface Distance extends Held {
  /** [B, A] → [B, 1] */
  of(actions: Tensor2D, batch: Pick<Batch, "actions" | "itemRows" | "sample">): Tensor2D;
}

/**
 * The behaviour terms of the other actors, row by row: squared distance to the logged action's vector, or −log of the
 * probability that a softmax over the catalogue gives the logged item (`catalogueSoftmax`).
 *
 * @throws when "softmax" is asked for without a catalogue.
 */
export function loggedDistance(name: IqlConfig["behaviour"], problem: AgentProblem): Distance {
  if (name === "squared")
    return { of: (actions, batch) => actions.sub(batch.actions).square().sum(1, true), dispose() {} };
  const softmax = catalogueSoftmax(problem);
  const of: Distance["of"] = (queries, { itemRows, sample }) =>
    softmax.logProbabilities(queries, itemRows, sample).neg();
  return { ...softmax, of };
}

/** Mean over the batch of weight · distance (equation 7, with the sign turned). */
export function iqlActorLoss(
  { actor }: Pick<IqlNetworks, "actor">,
  batch: Batch,
  weights: Tensor2D,
  distance: Distance,
): Scalar {
  return distance.of(actor.apply(batch.states), batch).mul(weights).mean() as Scalar;
}

/**
 * An agent that learns by IQL. `learn` gives criticLoss; meanQ at the logged actions; targetMean; alarmShare, of those Q
 * or of what targets would be without bounds; valueLoss and meanV; and, in updates in which the actor moves, actorLoss,
 * meanWeight and cappedShare (of weights that were cut).
 *
 * @throws on unknown or bad settings by name, or a softmax without a catalogue.
 * @example iql({ stateSize: 128, actionSize: 64, random: random(1) }, { expectile: 0.9, beta: 10 })
 */
export function iql(
  problem: AgentProblem,
  changes: z.input<typeof iqlSettings> = {},
): NeuralAgent<IqlConfig, IqlNetworks> {
  const config = parseSettings("iql", iqlSettings, changes);
  const distance = loggedDistance(config.behaviour, problem);
  const networks = iqlNetworks(problem, config);
  const { actor, value, critics, targetCritics } = networks;
  const actorOptimizer = optimizerOf(config, actor.variables, config.actorLearningRate);
  const valueOptimizer = optimizerOf(config, value.variables, config.criticLearningRate);
  const joint = jointEncoder(problem.encoder, config);
  const criticOptimizer = optimizerOf(config, criticVariables(critics, joint), config.criticLearningRate);
  const clip = clipOf(config);
  const { expectile, targetRate, boundedTargets } = config;
  return agentOf({
    name: "iql",
    config,
    networks,
    random: problem.random,
    bounds: problem.valueBounds,
    optimizers: [actorOptimizer, valueOptimizer, criticOptimizer],
    joint,
    held: [distance],
    act: (states) => actionsFor(actor, states, problem.stateSize),
    moves: (update) => (update <= config.warmUp ? "critics" : "actor"),
    step(batch, moves) {
      const logged = loggedValues(networks, batch);
      const judge = () => ({ ...iqlValueLoss(networks, batch, logged, expectile) });
      const { loss: valueLoss, values } = descend(judge, value.variables, valueOptimizer, clip);
      const openTargets = iqlTargets(networks, batch, config);
      const targets = boundedTargets ? iqlTargets(networks, batch, config, problem.valueBounds) : openTargets;
      const watched = moveCritics(critics, batch, { targets, optimizer: criticOptimizer, joint, clip });
      softUpdate(variablesOf(targetCritics), variablesOf(critics), targetRate);
      joint?.follow();
      const figures = { valueLoss, meanV: values.mean() as Scalar };
      if (moves === "critics") return { ...watched, openTargets, figures };
      const weights = advantageWeights(logged.sub(values) as Tensor2D, config);
      const imitate = () => ({ loss: iqlActorLoss(networks, batch, weights, distance) });
      const { loss: actorLoss } = descend(imitate, actor.variables, actorOptimizer, clip);
      const cappedShare = weights.greaterEqual(config.weightCap).toFloat().mean() as Scalar;
      const acted = { actorLoss, meanWeight: weights.mean() as Scalar, cappedShare };
      return { ...watched, openTargets, figures: { ...figures, ...acted } };
    },
  });
}
