/**
 * REINFORCE with top-K off-policy correction. Chen, Beutel, Covington et al., Top-K off-policy correction for a
 * REINFORCE recommender system, WSDM 2019 (arXiv 1812.02353): equation 3 for the weights, section 4.2 for the
 * learned behaviour head, equation 6 for λ_K, section 4.4 for the capped weights. With K = 1 it is REINFORCE
 * (Williams 1992) with the one-step correction.
 *
 * The policy is a softmax over the catalogue, π(i|s) ∝ exp(q(s)·v_i / T + b_i), so its query finds items as
 * those of the other actors do. A second head of the same kind, β, learns what the log did and nothing else.
 *
 * Numbered differences from the paper: (1) states come from an encoder that is not trained along, so β needs no
 * stop at the state; (2) rewards need not be positive, and a baseline may be subtracted; (3) both heads may
 * start as the supervised one; (4) the return is the log's, cut off where the log ends.
 */

import { z } from "zod";
import { parseSettings } from "../../data/settings";
import { meanOf } from "../../math/mean";
import type { Batch } from "../../replay/batch";
import { gradientStep } from "../../tensors/gradientStep";
import { type Network, network, variableOf } from "../../tensors/networks";
import { type Scalar, type Tensor2D, tf } from "../../tensors/tf";
import {
  type AgentProblem,
  actorCriticSettings,
  agentOf,
  clipOf,
  type NeuralAgent,
  optimizerOf,
} from "../agent";
import { type CatalogueSoftmax, catalogueSoftmax } from "../catalogue";
import { actionsFor, actorNetwork } from "../networks";

const shared = actorCriticSettings.shape;

export const reinforceSettings = z.strictObject({
  discount: shared.discount,
  actorLearningRate: shared.actorLearningRate.default(1e-4).describe("the optimiser's step for the policy"),
  behaviourLearningRate: z
    .number()
    .gt(0)
    .default(1e-3)
    .describe("the optimiser's step for the behaviour head"),
  optimizer: shared.optimizer,
  hidden: shared.hidden,
  warmUp: shared.warmUp.describe("updates of the behaviour head alone before the policy first moves"),
  maximumNorm: shared.maximumNorm,
  listSize: z
    .int()
    .min(1)
    .default(1)
    .describe("how many places a list has (K); 1 corrects for one item alone"),
  weightCap: z
    .number()
    .gt(0)
    .nullable()
    .default(Math.exp(3))
    .describe("weights π/β above this count as this; null for no cap"),
  baseline: z
    .enum(["mean", "none"])
    .default("none")
    .describe("what is subtracted from returns: their mean over the batch, or none"),
  criticWeight: shared.criticWeight.describe("0 replaces every weight and return by 1: imitation alone"),
});

export type ReinforceConfig = Readonly<z.output<typeof reinforceSettings>>;

export const reinforceDefaults: ReinforceConfig = parseSettings("reinforce", reinforceSettings, {});

/** As many places as a list of recommendations has. */
export const reinforceTopK = { listSize: 10 } as const satisfies z.input<typeof reinforceSettings>;

export interface ReinforceNetworks {
  /** The query of π: [B, S] → [B, A] */
  readonly actor: Network;
  /** The query of β, of any length: [B, S] → [B, A] */
  readonly behaviour: Network;
}

/** β's query has a length of its own: at length 1 a temperature made for π could not fit a log that is flatter. */
export function reinforceNetworks(problem: AgentProblem, config: ReinforceConfig): ReinforceNetworks {
  const { hidden } = config;
  const query = actorNetwork({ ...problem, hidden, random: problem.random.fork("behaviour head") });
  const length = variableOf(Float32Array.of(1), [1]);
  const behaviour = network(
    [length, ...query.variables],
    ([l, ...rest], states) => query.forward(rest, states).mul(l) as Tensor2D,
  );
  return { actor: actorNetwork({ ...problem, hidden }), behaviour };
}

/**
 * λ_K(p) = K (1 − p)^(K − 1) (equation 6): how much more an item's probability of being somewhere in a list of
 * K grows than its probability p of being drawn once. Near K for rare items, 0 for one that is certain.
 *
 * @example topKMultiplier(0, 10) // 10; topKMultiplier(1, 10) // 0; topKMultiplier(p, 1) // 1
 */
export function topKMultiplier(probability: number, listSize: number): number {
  return listSize * (1 - probability) ** (listSize - 1);
}

/** min(π/β, cap) · λ_K(π) of each row: constants to the gradient. */
export function correctionWeights(
  policy: Float32Array,
  behaviour: Float32Array,
  { listSize, weightCap }: Pick<ReinforceConfig, "listSize" | "weightCap">,
): Float32Array {
  return policy.map((p, row) => {
    const ratio = Math.exp(p - behaviour[row]);
    return Math.min(ratio, weightCap ?? Number.POSITIVE_INFINITY) * topKMultiplier(Math.exp(p), listSize);
  });
}

/** −mean of weight · return · log π(a|s) over the batch. */
export function reinforceLoss(logProbabilities: Tensor2D, factors: Float32Array): Scalar {
  return logProbabilities
    .mul(tf().tensor2d(factors, [factors.length, 1]))
    .mean()
    .neg() as Scalar;
}

/** Returns less their baseline. */
function advantages(batch: Batch, { baseline }: ReinforceConfig): Float32Array {
  if (!batch.returns) throw new Error("reinforce requires batches with returns, got none");
  const returns = batch.returns.dataSync<"float32">();
  if (baseline === "none") return returns;
  const mean = meanOf(returns);
  return returns.map((each) => each - mean);
}

/**
 * An agent that learns by REINFORCE. `learn` gives behaviourLoss (of β, in nats) and, after warm-up, actorLoss,
 * meanReturn, meanWeight (of π/β before the cap: near 1 where the correction can be trusted), cappedShare and
 * meanMultiplier (λ_K).
 *
 * @throws on unknown or bad settings by name, or without a catalogue.
 * @example reinforce(problem, reinforceTopK)
 */
export function reinforce(
  problem: AgentProblem,
  changes: z.input<typeof reinforceSettings> = {},
): NeuralAgent<ReinforceConfig, ReinforceNetworks> {
  const config = parseSettings("reinforce", reinforceSettings, changes);
  if (problem.encoder) throw new Error("reinforce has no critic to train an encoder with, got an encoder");
  const softmax: CatalogueSoftmax = catalogueSoftmax(problem);
  const networks = reinforceNetworks(problem, config);
  const { actor, behaviour } = networks;
  const actorOptimizer = optimizerOf(config, actor.variables, config.actorLearningRate);
  const behaviourOptimizer = optimizerOf(config, behaviour.variables, config.behaviourLearningRate);
  const clip = clipOf(config);
  return agentOf({
    name: "reinforce",
    config,
    networks,
    random: problem.random,
    optimizers: [actorOptimizer, behaviourOptimizer],
    held: [softmax],
    act: (states) => actionsFor(actor, states, problem.stateSize),
    learn(batch, update) {
      const { states, itemRows } = batch;
      const gains = advantages(batch, config);
      let logged = new Float32Array(0);
      const imitate = (): Scalar => {
        const logs = softmax.logProbabilities(behaviour.apply(states), itemRows);
        logged = logs.dataSync<"float32">() as typeof logged;
        return logs.mean().neg() as Scalar;
      };
      const behaviourLoss = gradientStep(imitate, behaviour.variables, behaviourOptimizer, clip);
      if (update <= config.warmUp) return { behaviourLoss };
      const watched = { meanWeight: 0, cappedShare: 0, meanMultiplier: 0 };
      const loss = (): Scalar => {
        const logs = softmax.logProbabilities(actor.apply(states), itemRows);
        const own = logs.dataSync<"float32">();
        const weights = correctionWeights(own as typeof logged, logged, config);
        for (const [row, p] of own.entries()) {
          const ratio = Math.exp(p - logged[row]);
          watched.meanWeight += ratio / own.length;
          if (config.weightCap !== null && ratio > config.weightCap) watched.cappedShare += 1 / own.length;
          watched.meanMultiplier += topKMultiplier(Math.exp(p), config.listSize) / own.length;
        }
        const { criticWeight } = config;
        const factors = weights.map((weight, row) => criticWeight * weight * gains[row]);
        return reinforceLoss(logs, criticWeight === 0 ? factors.fill(1) : factors);
      };
      const actorLoss = gradientStep(loss, actor.variables, actorOptimizer, clip);
      const returns = batch.returns!.dataSync<"float32">();
      const meanReturn = meanOf(returns);
      return { behaviourLoss, actorLoss, meanReturn, ...watched };
    },
  });
}
