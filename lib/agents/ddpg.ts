/**
 * Deep deterministic policy gradient. Lillicrap, Hunt, Pritzel et al., Continuous control with deep
 * reinforcement learning, ICLR 2016, Algorithm 1; with an optional behaviour term and the scaling of the value
 * term of Fujimoto and Gu, A minimalist approach to offline reinforcement learning, NeurIPS 2021, equation 4.
 *
 * Numbered differences from Algorithm 1: (1) transitions come from a log, so there is no exploration noise and
 * no acting; (2) no batch normalisation and no weight decay; (3) an actor may start as a supervised head;
 * (4) in the space of items actions have length 1 instead of a tanh in each number; (5) with a catalogue the next
 * state is valued at the item that the action retrieves (`bootstrapAt`); (6) the value of what follows is kept within
 * what any policy could earn, where that is known (`boundedTargets`), and so is Q at the actor's actions (`boundedValues`).
 */

import { z } from "zod";
import { parseSettings } from "../data/settings";
import { type Batch, nextSituation } from "../replay/batch";
import { copyOf, type Network } from "../tensors/networks";
import { softUpdate } from "../tensors/softUpdate";
import { type Tensor2D, tf } from "../tensors/tf";
import {
  actorCriticSettings,
  boundsFor,
  clipOf,
  optimizerOf,
  requireSomethingToLearn,
} from "./actorCriticConfig";
import { actionsFor, actionValue, actorNetwork, criticNetworks } from "./actorNetwork";
import type { AgentProblem } from "./agent";
import { agentOf, type NeuralAgent } from "./agentOf";
import { type BehaviourTerm, behaviourTerm } from "./behaviour";
import { tdTarget } from "./bellman";
import { criticStep, criticVariables } from "./criticStep";
import { jointEncoder } from "./jointEncoder";
import { type PolicyLoss, policyLoss, policyStep, withActor } from "./policyStep";
import { bootstrapItems, type RetrievedActions } from "./retrievedActions";

/** As in the paper, but for the discount. No behaviour term: this is plain DDPG. */
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

export type DdpgAgent = NeuralAgent<DdpgConfig, DdpgNetworks>;

/** Fresh networks, targets equal to their sources. */
export function ddpgNetworks(problem: AgentProblem, config: DdpgConfig): DdpgNetworks {
  const actor = actorNetwork({ ...problem, hidden: config.hidden });
  const [critic] = criticNetworks(1, problem, config.hidden) as [Network];
  return { actor, critic, targetActor: copyOf(actor), targetCritic: copyOf(critic) };
}

/** y = r + γ (1 − terminal) Q′(s′, a′) [B, 1] with a′ = μ′(s′), or the item it retrieves where `items` are given; Q′ kept within `bounds`. */
export function ddpgTargets(
  networks: DdpgNetworks,
  batch: Batch,
  config: DdpgConfig,
  items?: RetrievedActions,
  bounds?: AgentProblem["valueBounds"],
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
 * learn gives: criticLoss; meanQ at the logged actions, before the update; targetMean; alarmShare, the share
 * of those Q, or of those at the actor's own actions where that is larger, outside what any policy could earn
 * (with `valueBounds`); and, once warm-up is over, actorLoss, actorQ (mean Q at the actor's actions) and
 * behaviourLoss.
 *
 * @throws on unknown or bad settings by name, or a softmax behaviour term without a catalogue.
 * @example ddpg({ stateSize: 128, actionSize: 64, random: random(1) }, { discount: 0 }) // greedy reward
 */
export function ddpg(problem: AgentProblem, changes: z.input<typeof ddpgSettings> = {}): DdpgAgent {
  const config = parseSettings("ddpg", ddpgSettings, changes);
  const term = behaviourTerm(config.behaviour, problem);
  const items = bootstrapItems(config, problem);
  const within = boundsFor(config, problem);
  const networks = ddpgNetworks(problem, config);
  const { actor, critic, targetActor, targetCritic } = networks;
  const ofActor = optimizerOf(config, actor.variables, config.actorLearningRate);
  const joint = jointEncoder(problem.encoder, config);
  const ofCritic = optimizerOf(config, criticVariables([critic], joint), config.criticLearningRate);
  const watch = { clip: clipOf(config), bounds: problem.valueBounds };
  return agentOf({
    ...{ name: "ddpg", config, networks, random: problem.random },
    optimizers: [ofActor, ofCritic],
    joint,
    held: [term, items],
    act: (states) => actionsFor(actor, states, problem.stateSize),
    learn(batch, update) {
      const targets = ddpgTargets(networks, batch, config, items, within.targets);
      const watched = criticStep([critic], batch, {
        ...{ targets, optimizer: ofCritic, joint, ...watch },
        own: within.own && { actions: actor.apply(batch.states), bounds: within.own },
      });
      softUpdate(targetCritic.variables, critic.variables, config.targetRate);
      joint?.follow();
      if (update <= config.warmUp) return { ...watched };
      const loss = () => ddpgActorLoss(networks, batch, config, term);
      const acted = policyStep(loss, { optimizer: ofActor, ...watch });
      softUpdate(targetActor.variables, actor.variables, config.targetRate);
      return withActor({ ...watched }, { ...acted });
    },
  });
}
