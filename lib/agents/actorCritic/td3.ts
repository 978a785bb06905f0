/**
 * Twin delayed deep deterministic policy gradient. Fujimoto, van Hoof and Meger, Addressing function approximation
 * error in actor–critic methods, ICML 2018, Algorithm 1. With a behaviour term (`paperTd3Bc`) it is held near the log as in
 * Fujimoto and Gu, A minimalist approach to offline reinforcement learning, NeurIPS 2021, equations 3 to 5.
 *
 * DDPG with three repairs, each of which can be switched off: two critics of which the smaller one is believed
 * (`critics` 1), targets smoothed over nearby actions (`policyNoise` 0), an actor that moves every other time
 * (`policyDelay` 1). With all three off every update is DDPG's, to the byte.
 *
 * Numbered differences from Algorithm 1: (1) transitions come from a log, so there is no exploration and no acting;
 * (2) an actor may start as a supervised head; (3) in the space of items actions have length 1 instead of a tanh in
 * each number; (4) a softmax over the catalogue beside squared error as behaviour term; (5) with a catalogue the next
 * state is valued at the item that the action retrieves (`bootstrapAt`); (6) the value of what follows is kept within
 * what any policy could earn, where that is known (`boundedTargets`), and so is Q at the actor's actions
 * (`boundedValues`); (7) in the space of items noise is divided by √A.
 */

import { z } from "zod";
import { parseSettings } from "../../data/settings";
import type { Random } from "../../math/random";
import { type Batch, nextSituation } from "../../replay/batch";
import { normals } from "../../tensors/initialisers";
import { copyOf, type Network } from "../../tensors/networks";
import { softUpdate } from "../../tensors/softUpdate";
import { type Tensor2D, tf } from "../../tensors/tf";
import {
  type AgentProblem,
  actorCriticSettings,
  agentOf,
  boundsFor,
  clipOf,
  type NeuralAgent,
  optimizerOf,
  requireSomethingToLearn,
} from "../agent";
import { bootstrapItems, type RetrievedActions } from "../catalogue";
import {
  type BehaviourTerm,
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
  actionsFor,
  actionValue,
  actorNetwork,
  criticNetworks,
  jointEncoder,
  perturb,
  perturbationScale,
  variablesOf,
} from "../networks";

/** As in the authors' code, but for the discount and the differences above. No behaviour term. */
export const td3Settings = z
  .strictObject({
    ...actorCriticSettings.shape,
    critics: z
      .literal([1, 2])
      .default(2)
      .describe("2: the smaller of two critics is the target; 1: one critic, as in DDPG"),
    policyNoise: z
      .number()
      .min(0)
      .default(0.2)
      .describe("σ of the noise on target actions; in the space of items it is divided by √A"),
    noiseClip: z.number().gt(0).default(0.5).describe("noise beyond ± this is cut off; divided likewise"),
    policyDelay: z.int().min(1).default(2).describe("critic updates for one update of actor and targets"),
  })
  .superRefine(requireSomethingToLearn);

export type Td3Config = Readonly<z.output<typeof td3Settings>>;

export const td3Defaults: Td3Config = parseSettings("td3", td3Settings, {});

export interface Td3Networks {
  /** μ: [B, S] → [B, A] */
  readonly actor: Network;
  /** Q₁ and, unless switched off, Q₂: [B, S + A] → [B, 1] */
  readonly critics: readonly Network[];
  readonly targetActor: Network;
  readonly targetCritics: readonly Network[];
}

/** Fresh networks, targets equal to their sources. */
export function td3Networks(problem: AgentProblem, config: Td3Config): Td3Networks {
  const actor = actorNetwork({ ...problem, hidden: config.hidden });
  const critics = criticNetworks(config.critics, problem, config.hidden);
  return { actor, critics, targetActor: copyOf(actor), targetCritics: critics.map(copyOf) };
}

/** ε ~ clip(N(0, σ²), −c, c), in the scale of the action space. [B, A] */
export function smoothingNoise(
  size: number,
  { actionSize, actionSpace = "unit" }: AgentProblem,
  { policyNoise, noiseClip }: Td3Config,
  random: Random,
): Tensor2D {
  const scale = perturbationScale(actionSpace, actionSize);
  const noise =
    policyNoise > 0 ? normals(size * actionSize, policyNoise, random) : new Float32Array(size * actionSize);
  for (let i = 0; i < noise.length; i++)
    noise[i] = scale * Math.max(-noiseClip, Math.min(noiseClip, noise[i]));
  return tf().tensor2d(noise, [size, actionSize]);
}

/** What targets are told beside networks, batch and settings. */
export interface Td3TargetOptions {
  /** [B, A] Added to the target actor's actions. */
  readonly noise?: Tensor2D;
  readonly actionSpace?: AgentProblem["actionSpace"];
  /** Values the next state at the item that the action retrieves. */
  readonly items?: RetrievedActions;
  /** Of what follows. */
  readonly bounds?: AgentProblem["valueBounds"];
}

/** y = r + γ (1 − terminal) min_j Q′_j(s′, ã) [B, 1] with ã = μ′(s′) + ε, or the item that it retrieves. */
export function td3Targets(
  networks: Td3Networks,
  batch: Batch,
  config: Td3Config,
  { noise, actionSpace = "unit", items, bounds }: Td3TargetOptions = {},
): Tensor2D {
  return tf().tidy(() => {
    const proposed = networks.targetActor.apply(batch.nextStates);
    const smoothed = noise ? perturb(proposed, noise, actionSpace) : proposed;
    const nextActions = items ? items.of(smoothed, nextSituation(batch)) : smoothed;
    const nextValues = networks.targetCritics.map((each) => actionValue(each, batch.nextStates, nextActions));
    return tdTarget(batch.rewards, batch.terminals, clippedDoubleQ(nextValues), config.discount, bounds);
  });
}

/** −λ · mean Q₁(s, μ(s)) + behaviourWeight · behaviour; see `policyLoss`. */
export function td3ActorLoss(
  networks: Pick<Td3Networks, "actor" | "critics">,
  batch: Batch,
  config: Td3Config,
  term?: BehaviourTerm,
): PolicyLoss {
  const actions = networks.actor.apply(batch.states);
  const values = actionValue(networks.critics[0], batch.states, actions);
  return policyLoss({ actions, values }, batch, config, term);
}

/**
 * An agent that learns by TD3.
 *
 * learn gives: criticLoss; meanQ at the logged actions, before the update; targetMean; alarmShare, the share of those
 * Q, or of those at the actor's own actions where that is larger, outside what any policy could earn (with
 * `valueBounds`); and, in updates in which the actor moves, actorLoss, actorQ (mean Q at the actor's actions) and
 * behaviourLoss.
 *
 * @throws on unknown or bad settings by name, or a softmax behaviour term without a catalogue.
 * @example td3({ stateSize: 128, actionSize: 64, random: random(1) }, { policyDelay: 1 })
 */
export function td3(
  problem: AgentProblem,
  changes: z.input<typeof td3Settings> = {},
): NeuralAgent<Td3Config, Td3Networks> {
  const config = parseSettings("td3", td3Settings, changes);
  const term = behaviourTerm(config.behaviour, problem);
  const items = bootstrapItems(config, problem);
  const within = boundsFor(config, problem);
  const networks = td3Networks(problem, config);
  const { actor, critics, targetActor, targetCritics } = networks;
  const actorOptimizer = optimizerOf(config, actor.variables, config.actorLearningRate);
  const joint = jointEncoder(problem.encoder, config);
  const criticOptimizer = optimizerOf(config, criticVariables(critics, joint), config.criticLearningRate);
  const clip = clipOf(config);
  return agentOf({
    name: "td3",
    config,
    networks,
    random: problem.random,
    bounds: problem.valueBounds,
    optimizers: [actorOptimizer, criticOptimizer],
    joint,
    held: [term, items],
    act: (states) => actionsFor(actor, states, problem.stateSize),
    moves: (update) =>
      update % config.policyDelay !== 0 ? "critics" : update <= config.warmUp ? "targets" : "actor",
    draw: (size, random) =>
      config.policyNoise > 0 ? { noise: smoothingNoise(size, problem, config, random) } : {},
    step(batch, moves, { noise }) {
      const { actionSpace } = problem;
      const bounds = within.targets;
      const targets = td3Targets(networks, batch, config, { noise, actionSpace, items, bounds });
      const own = within.own && { actions: actor.apply(batch.states), bounds: within.own };
      const watched = moveCritics(critics, batch, { targets, optimizer: criticOptimizer, joint, own, clip });
      if (moves === "critics") return watched;
      softUpdate(variablesOf(targetCritics), variablesOf(critics), config.targetRate);
      joint?.follow();
      if (moves === "targets") return watched;
      const loss = () => td3ActorLoss(networks, batch, config, term);
      const acted = moveActor(loss, { optimizer: actorOptimizer, clip });
      softUpdate(targetActor.variables, actor.variables, config.targetRate);
      return { ...watched, ...acted };
    },
  });
}
