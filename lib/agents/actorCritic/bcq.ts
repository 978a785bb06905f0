/**
 * Batch-constrained deep Q-learning, the continuous one. Fujimoto, Meger and Precup, Off-policy deep
 * reinforcement learning without exploration, ICML 2019, Algorithm 1 and section 5: a conditional variational
 * autoencoder (Kingma and Welling 2014) imagines actions like the logged ones, a small perturbation improves
 * them within ±Φ, and of several such candidates the one is taken that the critics like best.
 *
 * Numbered differences from Algorithm 1: (1) the decoder may start as a supervised head, so that at step 0 all
 * candidates are its query; (2) in the space of items perturbations are divided by √A and candidates scaled
 * back to length 1; (3) −log probability of the logged item beside squared error as reconstruction; (4) the
 * draws of `act` are made once, so that the same state always gets the same action; (5) with a catalogue candidates
 * are valued at the items that they retrieve (`bootstrapAt`); (6) the value of what follows is kept within what any
 * policy could earn, where that is known (`boundedTargets`), and so is Q at perturbed candidates (`boundedValues`).
 */

import { z } from "zod";
import { parseSettings } from "../../data/settings";
import type { Random } from "../../math/random";
import { type Batch, nextSituation, type Situation } from "../../replay/batch";
import { descend } from "../../tensors/gradientStep";
import { normals } from "../../tensors/initialisers";
import { copyOf, multilayerPerceptron, type Network } from "../../tensors/networks";
import { softUpdate } from "../../tensors/softUpdate";
import { type Tensor1D, type Tensor2D, tf, type Variable } from "../../tensors/tf";
import {
  type AgentProblem,
  actorCriticSettings,
  agentOf,
  boundsFor,
  clipOf,
  type NeuralAgent,
  optimizerOf,
} from "../agent";
import { bootstrapItems, type RetrievedActions } from "../catalogue";
import {
  behaviourTerm,
  clippedDoubleQ,
  criticVariables,
  moveActor,
  moveCritics,
  type PolicyLoss,
  policyLoss,
  tdTarget,
} from "../losses";
import {
  type ActionSpace,
  actionsFor,
  actionValue,
  criticNetworks,
  jointEncoder,
  perturb,
  perturbationScale,
  repeatRows,
  variablesOf,
} from "../networks";
import { repeatSituation, situationOfRows } from "../situation";
import { type ActionAutoencoder, actionAutoencoder, autoencoderLoss, drawLatents } from "./actionAutoencoder";

const { behaviour: _b, behaviourWeight: _w, scaleByValue: _s, ...shared } = actorCriticSettings.shape;

/** As in the authors' code: learning rates of .001, Φ .05, λ .75, latents cut at ±.5; .25 is their weight of .5 on means. */
export const bcqSettings = z.strictObject({
  ...shared,
  actorLearningRate: shared.actorLearningRate.default(1e-3),
  criticLearningRate: shared.criticLearningRate.default(1e-3),
  criticWeight: shared.criticWeight.describe(
    "0 switches the critics off: the autoencoder's middle is served, and nothing is perturbed",
  ),
  perturbation: z
    .number()
    .min(0)
    .default(0.05)
    .describe("the furthest a perturbation moves each number (Φ); in the space of items divided by √A"),
  candidates: z.int().min(1).default(10).describe("candidates for each state"),
  weightOfMinimum: z
    .number()
    .min(0)
    .max(1)
    .default(0.75)
    .describe("how much of the smaller critic's value counts (λ), the rest of the larger one's"),
  reconstruction: z
    .enum(["squared", "softmax"])
    .default("squared")
    .describe("the autoencoder's loss: squared distance to the action, or -log probability of its item"),
  latentSize: z
    .int()
    .min(1)
    .nullable()
    .default(null)
    .describe("numbers in a latent draw; null: twice the action's"),
  latentWeight: z
    .number()
    .min(0)
    .default(0.25)
    .describe("weight of the latent's distance from a standard normal, in nats"),
  latentClip: z
    .number()
    .gt(0)
    .default(0.5)
    .describe("latents are drawn from a standard normal cut off at ± this"),
});

export type BcqConfig = Readonly<z.output<typeof bcqSettings>>;

export const bcqDefaults: BcqConfig = parseSettings("bcq", bcqSettings, {});

export interface BcqNetworks extends ActionAutoencoder {
  /** ξ: [B, S + A] → [B, A] in [−1, 1], to be multiplied by Φ */
  readonly perturbation: Network;
  readonly critics: readonly Network[];
  readonly targetPerturbation: Network;
  readonly targetCritics: readonly Network[];
}

const latentSizeOf = ({ latentSize }: BcqConfig, { actionSize }: AgentProblem): number =>
  latentSize ?? 2 * actionSize;

/** Fresh networks, targets equal to their sources; perturbations start at 0. */
export function bcqNetworks(problem: AgentProblem, config: BcqConfig): BcqNetworks {
  const { stateSize, actionSize, random } = problem;
  const { hidden } = config;
  const perturbation = multilayerPerceptron({
    inputs: stateSize + actionSize,
    hidden,
    outputs: actionSize,
    random: random.fork("perturbation"),
    outputActivation: "tanh",
    outputScale: 0,
  });
  const critics = criticNetworks(2, problem, hidden);
  return {
    ...actionAutoencoder(problem, { hidden, latentSize: latentSizeOf(config, problem) }),
    perturbation,
    critics,
    targetPerturbation: copyOf(perturbation),
    targetCritics: critics.map(copyOf),
  };
}

/** What imagines actions, and what moves them a little. */
export interface CandidateNetworks {
  /** G: [n, S + L] → [n, A] */
  readonly decoder: Network;
  /** ξ: [n, S + A] → [n, A] in [−1, 1] */
  readonly perturbation: Network;
}

/** G(s, z) + Φ·ξ(s, G(s, z)), brought back into the action space. [n, S], [n, L] → [n, A] */
export function candidateActions(
  networks: CandidateNetworks,
  states: Tensor2D,
  latents: Tensor2D,
  { perturbation, actionSpace }: { readonly perturbation: number; readonly actionSpace: ActionSpace },
): Tensor2D {
  const imagined = networks.decoder.apply(tf().concat([states, latents], 1));
  if (perturbation === 0) return imagined;
  const scale = perturbation * perturbationScale(actionSpace, imagined.shape[1]);
  const move = networks.perturbation.apply(tf().concat([states, imagined], 1));
  return perturb(imagined, move.mul(scale) as Tensor2D, actionSpace);
}

/**
 * Of `k` candidates for each state the one with the largest Q₁ (at the item it retrieves, with `items`, which leaves
 * out what `situation` says was seen). [n, S] → [n, A]
 */
export function bestCandidates(
  networks: CandidateNetworks & { readonly critics: readonly Network[] },
  states: Tensor2D,
  latents: Tensor2D,
  options: {
    readonly perturbation: number;
    readonly actionSpace: ActionSpace;
    readonly items?: RetrievedActions;
    readonly situation?: Situation;
  },
): Tensor2D {
  const [size, k] = [states.shape[0], latents.shape[0]];
  const repeated = repeatRows(states, k);
  const proposed = candidateActions(networks, repeated, latents.tile([size, 1]), options);
  const { items, situation = {} } = options;
  const judged = items ? items.of(proposed, repeatSituation(situation, k)) : proposed;
  const values = actionValue(networks.critics[0], repeated, judged).reshape([size, k]);
  const places = values.argMax(1).add(tf().range(0, size * k, k, "int32"));
  return tf().gather(proposed, places as Tensor1D);
}

/** y = r + γ (1 − terminal) max_i [λ min_j Q′_j(s′, a_i) + (1 − λ) max_j Q′_j(s′, a_i)] [B, 1] (equation 13). */
export function bcqTargets(
  networks: BcqNetworks,
  batch: Batch,
  config: BcqConfig,
  {
    latents,
    actionSpace,
    items,
    bounds,
  }: {
    /** [B · k, L] */
    readonly latents: Tensor2D;
    readonly actionSpace: ActionSpace;
    readonly items?: RetrievedActions;
    /** of what follows */
    readonly bounds?: AgentProblem["valueBounds"];
  },
): Tensor2D {
  return tf().tidy(() => {
    const { decoder, targetPerturbation, targetCritics } = networks;
    const k = config.candidates;
    const states = repeatRows(batch.nextStates, k);
    const parts = { decoder, perturbation: targetPerturbation };
    const proposed = candidateActions(parts, states, latents, { ...config, actionSpace });
    const actions = items ? items.of(proposed, repeatSituation(nextSituation(batch), k)) : proposed;
    const values = targetCritics.map((each) => actionValue(each, states, actions));
    const judged = clippedDoubleQ(values, config.weightOfMinimum).reshape([batch.size, k]);
    const best = judged.max(1, true) as Tensor2D;
    return tdTarget(batch.rewards, batch.terminals, best, config.discount, bounds);
  });
}

/** −mean Q₁ at perturbed candidates; a step of it moves ξ alone. */
export function perturbationLoss(
  networks: BcqNetworks,
  batch: Batch,
  config: BcqConfig,
  { latents, actionSpace }: { readonly latents: Tensor2D; readonly actionSpace: ActionSpace },
): PolicyLoss {
  const actions = candidateActions(networks, batch.states, latents, { ...config, actionSpace });
  const values = actionValue(networks.critics[0], batch.states, actions);
  return policyLoss({ actions, values }, batch, { criticWeight: 1, scaleByValue: false, behaviourWeight: 0 });
}

/**
 * An agent that learns by BCQ. `act` values candidates at the items they retrieve, and leaves out there what the
 * user has seen where it is told (`Situation`); without, a candidate may be valued at an item that is then not
 * served. `learn` gives criticLoss, meanQ, targetMean, alarmShare, actorQ (at perturbed
 * candidates), reconstruction and divergence (of the autoencoder).
 *
 * @throws on unknown or bad settings by name, or softmax reconstruction without a catalogue.
 */
export function bcq(
  problem: AgentProblem,
  changes: z.input<typeof bcqSettings> = {},
): NeuralAgent<BcqConfig, BcqNetworks> {
  const config = parseSettings("bcq", bcqSettings, changes);
  const { actionSpace = "unit", random } = problem;
  const latentSize = latentSizeOf(config, problem);
  const term = behaviourTerm(config.reconstruction, problem)!;
  const items = bootstrapItems(config, problem);
  const within = boundsFor(config, problem);
  const networks = bcqNetworks(problem, config);
  const { encoder, decoder, perturbation, critics, targetPerturbation, targetCritics } = networks;
  const autoencoderOptimizer = optimizerOf(config, variablesOf([encoder, decoder]), config.actorLearningRate);
  const perturbationOptimizer = optimizerOf(config, perturbation.variables, config.actorLearningRate);
  const joint = jointEncoder(problem.encoder, config);
  const criticOptimizer = optimizerOf(config, criticVariables(critics, joint), config.criticLearningRate);
  const clip = clipOf(config);
  const latentsOf = (rows: number, stream: Random): Tensor2D =>
    drawLatents(rows, latentSize, config.latentClip, stream);
  const ownLatents: Variable = tf().tidy(() =>
    tf().variable(latentsOf(config.candidates, random.fork("act")), false),
  ); // saved along, so that a loaded agent chooses alike
  const ask = { perturbation: config.perturbation, actionSpace, items };
  const choose = (states: Tensor2D, situation: Situation | undefined): Tensor2D =>
    config.criticWeight > 0
      ? bestCandidates(networks, states, ownLatents as unknown as Tensor2D, { ...ask, situation })
      : decoder.apply(
          tf().pad(states, [
            [0, 0],
            [0, latentSize],
          ]),
        );
  return agentOf({
    name: "bcq",
    config,
    networks,
    random,
    bounds: problem.valueBounds,
    optimizers: [autoencoderOptimizer, perturbationOptimizer, criticOptimizer],
    joint,
    variables: [ownLatents],
    held: [
      term,
      items && { ...items, prepared: (batch) => items.prepared(repeatedNext(batch, config.candidates)) },
    ],
    act(states, situation) {
      const apply = (rows: Tensor2D, from: number): Tensor2D =>
        choose(rows, situation && situationOfRows(situation, from, rows.shape[0]));
      return actionsFor({ apply }, states, problem.stateSize, { rowsAtOnce: 256 });
    },
    moves: (update) =>
      update <= config.warmUp || config.criticWeight === 0 || config.perturbation === 0 ? "critics" : "all",
    draw: (size, stream) => ({
      noise: tf().tensor2d(normals(size * latentSize, 1, stream.fork("latent")), [size, latentSize]),
      next: latentsOf(size * config.candidates, stream.fork("next")),
      own: latentsOf(size, stream.fork("own")),
    }),
    step(batch, moves, drawn) {
      const [noise, next, latents] = [drawn.noise!, drawn.next!, drawn.own!];
      const { latentWeight } = config;
      const autoencode = () => ({ ...autoencoderLoss(networks, batch, { noise, term, latentWeight }) });
      const variables = autoencoderOptimizer.variables;
      const { loss: _, ...figures } = descend(autoencode, variables, autoencoderOptimizer, clip);
      const bounds = within.targets;
      const targets = bcqTargets(networks, batch, config, { latents: next, actionSpace, items, bounds });
      const own = within.own && {
        actions: candidateActions(networks, batch.states, latents, { ...config, actionSpace }),
        bounds: within.own,
      };
      const moved = moveCritics(critics, batch, { targets, optimizer: criticOptimizer, joint, own, clip });
      softUpdate(variablesOf(targetCritics), variablesOf(critics), config.targetRate);
      joint?.follow();
      if (moves === "critics") return { ...moved, figures };
      const loss = () => perturbationLoss(networks, batch, config, { latents, actionSpace });
      const acted = moveActor(loss, { optimizer: perturbationOptimizer, clip });
      softUpdate(targetPerturbation.variables, perturbation.variables, config.targetRate);
      return { ...moved, ...acted, figures };
    },
  });
}

/** What a batch says of its next states, of each of them `times` times. */
function repeatedNext(batch: Batch, times: number): Partial<Batch> {
  const { seen: nextSeen, added: nextAdded } = repeatSituation(nextSituation(batch), times);
  return { nextSeen, nextAdded };
}
