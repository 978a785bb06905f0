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
import { constant, descend } from "../../tensors/gradientStep";
import { type Network, network, variableOf } from "../../tensors/networks";
import { type Scalar, type Tensor, type Tensor2D, tf } from "../../tensors/tf";
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
export function topKMultiplier(probability: Tensor, listSize: number): Tensor {
  return tf()
    .sub(1, probability)
    .pow(listSize - 1)
    .mul(listSize);
}

/** π/β of each row, from logs. β may be next to nothing; beyond e^80 a float32 would soon be infinite. */
function ratiosOf(policy: Tensor, behaviour: Tensor): Tensor {
  return policy.sub(behaviour).minimum(80).exp();
}

/** min(π/β, cap) · λ_K(π) of each row, from logs of probabilities: constants to the gradient. */
export function correctionWeights<T extends Tensor>(
  policy: T,
  behaviour: T,
  { listSize, weightCap }: Pick<ReinforceConfig, "listSize" | "weightCap">,
): T {
  const ratios = ratiosOf(policy, behaviour);
  const capped = weightCap === null ? ratios : ratios.minimum(weightCap);
  return capped.mul(topKMultiplier(policy.exp(), listSize)) as T;
}

/** −mean of weight · return · log π(a|s) over the batch. */
export function reinforceLoss(logProbabilities: Tensor2D, factors: Tensor2D): Scalar {
  return logProbabilities.mul(factors).mean().neg() as Scalar;
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
    moves: (update) => (update <= config.warmUp ? "behaviour" : "policy"),
    step({ states, itemRows, sample, returns }, moves) {
      if (!returns) throw new Error("reinforce requires batches with returns, got none");
      const imitate = () => {
        const logs = softmax.logProbabilities(behaviour.apply(states), itemRows, sample);
        return { loss: logs.mean().neg() as Scalar, logs };
      };
      const imitated = descend(imitate, behaviour.variables, behaviourOptimizer, clip);
      const behaviourLoss = imitated.loss;
      if (moves === "behaviour") return { figures: { behaviourLoss } };
      const { baseline, listSize, weightCap, criticWeight } = config;
      const gains = baseline === "none" ? returns : returns.sub(returns.mean());
      const improve = () => {
        const logs = softmax.logProbabilities(actor.apply(states), itemRows, sample);
        const own = constant(logs);
        const weights = correctionWeights(own, imitated.logs, config);
        const factors = weights.mul(gains).mul(criticWeight) as Tensor2D;
        return { loss: reinforceLoss(logs, criticWeight === 0 ? tf().onesLike(own) : factors), logs };
      };
      const { loss: actorLoss, logs } = descend(improve, actor.variables, actorOptimizer, clip);
      const ratios = ratiosOf(logs, imitated.logs);
      const capped = ratios.greater(weightCap ?? Number.POSITIVE_INFINITY).toFloat();
      const meanOf = (each: Tensor): Scalar => each.mean();
      return {
        figures: {
          ...{ behaviourLoss, actorLoss, meanReturn: meanOf(returns), meanWeight: meanOf(ratios) },
          ...{ cappedShare: meanOf(capped), meanMultiplier: meanOf(topKMultiplier(logs.exp(), listSize)) },
        },
      };
    },
  });
}
