/**
 * Deep deterministic policy gradient. Lillicrap, Hunt, Pritzel et al., Continuous control with deep reinforcement
 * learning, ICLR 2016, Algorithm 1. With a behaviour term it is held near the log as in Fujimoto and Gu, A minimalist
 * approach to offline reinforcement learning, NeurIPS 2021, equations 3 to 5.
 *
 * Numbered differences from Algorithm 1: (1) transitions come from a log, so there is no exploration and no acting;
 * (2) an actor may start as a supervised head; (3) in the space of items actions have length 1 instead of a tanh in
 * each number; (4) a softmax over the catalogue beside squared error as behaviour term; (5) with a catalogue the next
 * state is valued at the item that the action retrieves (`bootstrapAt`); (6) the value of what follows is kept within
 * what any policy could earn, where that is known (`boundedTargets`), and so is Q at the actor's actions
 * (`boundedValues`); (7) no batch normalisation and no weight decay.
 */

import { z } from "zod";
import { parseSettings } from "../../data/settings";
import { type Batch, nextSituation } from "../../replay/batch";
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
  criticVariables,
  moveActor,
  moveCritics,
  type PolicyLoss,
  policyLoss,
  tdTarget,
} from "../losses";
import { actionsFor, actionValue, actorNetwork, criticNetworks, jointEncoder } from "../networks";

/** As in the paper, but for the discount, the layers and the differences above. No behaviour term. */
export const ddpgSettings = z
  .strictObject({
    ...actorCriticSettings.shape,
    targetRate: actorCriticSettings.shape.targetRate.default(0.001),
    actorLearningRate: actorCriticSettings.shape.actorLearningRate.default(1e-4),
    criticLearningRate: actorCriticSettings.shape.criticLearningRate.default(1e-3),
  })
  .superRefine(requireSomethingToLearn);

export type DdpgConfig = Readonly<z.output<typeof ddpgSettings>>;

export const ddpgDefaults: DdpgConfig = parseSettings("ddpg", ddpgSettings, {});

export interface DdpgNetworks {
  /** μ: [B, S] → [B, A] */
  readonly actor: Network;
  /** Q: [B, S + A] → [B, 1] */
  readonly critic: Network;
  readonly targetActor: Network;
  readonly targetCritic: Network;
}

/** Fresh networks, targets equal to their sources. */
export function ddpgNetworks(problem: AgentProblem, config: DdpgConfig): DdpgNetworks {
  const actor = actorNetwork({ ...problem, hidden: config.hidden });
  const [critic] = criticNetworks(1, problem, config.hidden) as [Network];
  return { actor, critic, targetActor: copyOf(actor), targetCritic: copyOf(critic) };
}

/** What targets are told beside networks, batch and settings. */
export interface DdpgTargetOptions {
  /** Values the next state at the item that the action retrieves. */
  readonly items?: RetrievedActions;
  /** Of what follows. */
  readonly bounds?: AgentProblem["valueBounds"];
}

/** y = r + γ (1 − terminal) Q′(s′, a′) [B, 1] with a′ = μ′(s′), or the item that it retrieves. */
export function ddpgTargets(
  networks: DdpgNetworks,
  batch: Batch,
  config: DdpgConfig,
  { items, bounds }: DdpgTargetOptions = {},
): Tensor2D {
  return tf().tidy(() => {
    const proposed = networks.targetActor.apply(batch.nextStates);
    const nextActions = items ? items.of(proposed, nextSituation(batch)) : proposed;
    const nextValues = actionValue(networks.targetCritic, batch.nextStates, nextActions);
    return tdTarget(batch.rewards, batch.terminals, nextValues, config.discount, bounds);
  });
}

/** −λ · mean Q(s, μ(s)) + behaviourWeight · behaviour; see `policyLoss`. */
export function ddpgActorLoss(
  networks: Pick<DdpgNetworks, "actor" | "critic">,
  batch: Batch,
  config: DdpgConfig,
  term?: BehaviourTerm,
): PolicyLoss {
  const actions = networks.actor.apply(batch.states);
  const values = actionValue(networks.critic, batch.states, actions);
  return policyLoss({ actions, values }, batch, config, term);
}

/**
 * An agent that learns by DDPG.
 *
 * learn gives: criticLoss; meanQ at the logged actions, before the update; targetMean; alarmShare, the share of those
 * Q, or of those at the actor's own actions where that is larger, outside what any policy could earn (with
 * `valueBounds`); and, in updates in which the actor moves, actorLoss, actorQ (mean Q at the actor's actions) and
 * behaviourLoss.
 *
 * @throws on unknown or bad settings by name, or a softmax behaviour term without a catalogue.
 * @example ddpg({ stateSize: 128, actionSize: 64, random: random(1) }, { discount: 0 }) // greedy reward
 */
export function ddpg(
  problem: AgentProblem,
  changes: z.input<typeof ddpgSettings> = {},
): NeuralAgent<DdpgConfig, DdpgNetworks> {
  const config = parseSettings("ddpg", ddpgSettings, changes);
  const term = behaviourTerm(config.behaviour, problem);
  const items = bootstrapItems(config, problem);
  const within = boundsFor(config, problem);
  const networks = ddpgNetworks(problem, config);
  const { actor, critic, targetActor, targetCritic } = networks;
  const actorOptimizer = optimizerOf(config, actor.variables, config.actorLearningRate);
  const joint = jointEncoder(problem.encoder, config);
  const criticOptimizer = optimizerOf(config, criticVariables([critic], joint), config.criticLearningRate);
  const clip = clipOf(config);
  return agentOf({
    name: "ddpg",
    config,
    networks,
    random: problem.random,
    bounds: problem.valueBounds,
    optimizers: [actorOptimizer, criticOptimizer],
    joint,
    held: [term, items],
    act: (states) => actionsFor(actor, states, problem.stateSize),
    moves: (update) => (update <= config.warmUp ? "critic" : "actor"),
    step(batch, moves) {
      const targets = ddpgTargets(networks, batch, config, { items, bounds: within.targets });
      const own = within.own && { actions: actor.apply(batch.states), bounds: within.own };
      const watched = moveCritics([critic], batch, { targets, optimizer: criticOptimizer, joint, own, clip });
      softUpdate(targetCritic.variables, critic.variables, config.targetRate);
      joint?.follow();
      if (moves === "critic") return watched;
      const loss = () => ddpgActorLoss(networks, batch, config, term);
      const acted = moveActor(loss, { optimizer: actorOptimizer, clip });
      softUpdate(targetActor.variables, actor.variables, config.targetRate);
      return { ...watched, ...acted };
    },
  });
}
