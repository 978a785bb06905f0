/**
 * Deep deterministic policy gradient. Lillicrap, Hunt, Pritzel et al., Continuous control with deep
 * reinforcement learning, ICLR 2016, Algorithm 1; with an optional behaviour term and the scaling of the value
 * term of Fujimoto and Gu, A minimalist approach to offline reinforcement learning, NeurIPS 2021, equation 4.
 *
 * Numbered differences from Algorithm 1: (1) transitions come from a log, so there is no exploration noise and
 * no acting; (2) no batch normalisation and no weight decay; (3) an actor may start as a supervised head;
 * (4) actions have length 1 instead of a tanh in each number.
 */

import type { Batch } from "../replay/batch";
import { adam } from "../tensors/adam";
import { gradientStep } from "../tensors/gradientStep";
import { copyOf, type Network } from "../tensors/networks";
import { softUpdate } from "../tensors/softUpdate";
import { type Scalar, type Tensor2D, tf } from "../tensors/tf";
import { actionsFor, actionValue, actorNetwork, criticNetwork } from "./actorNetwork";
import type { Agent, AgentProblem } from "./agent";
import { agentConfig, rules } from "./agentConfig";
import { loadAgentState, saveAgentState } from "./agentState";
import { type BehaviourTerm, behaviourTerm } from "./behaviour";
import { meanSquaredError, tdTarget } from "./bellman";
import { type RetrievedActions, retrievedActions } from "./retrievedActions";
import { keepParts, watchValues, withActor } from "./watchValues";

export interface DdpgConfig {
  /** γ in [0, 1): how much the next step counts. Higher looks further and is harder to learn. */
  readonly discount: number;
  /** τ in [0, 1]: how fast targets follow. Lower is steadier and slower. */
  readonly targetRate: number;
  /** Adam's step for the actor, above 0 (1e-4 in the paper). */
  readonly actorLearningRate: number;
  /** Adam's step for the critic, above 0 (1e-3 in the paper). */
  readonly criticLearningRate: number;
  /** Widths of the hidden layers of actor and critic. */
  readonly hidden: readonly number[];
  /** "softmax": −log probability of the logged item; "squared": squared distance to its vector; "none". */
  readonly behaviour: "none" | "softmax" | "squared";
  /** Weight of the behaviour term, from 0. */
  readonly behaviourWeight: number;
  /** Weight of −mean Q in the actor's loss, from 0; 0 switches the critic off (imitation alone). */
  readonly criticWeight: number;
  /** Divide the value term by mean |Q| (Fujimoto and Gu 2021), so that its weight means the same at any scale of reward. */
  readonly scaleByValue: boolean;
  /** Where the next state is valued: at the target actor's "action" itself, or at the "item" it retrieves. */
  readonly bootstrapAt: "action" | "item";
  /** Updates of the critic alone before the actor first moves, from 0. */
  readonly warmUp: number;
  /** Longer gradients are shortened to this, above 0; null for none. */
  readonly maximumNorm: number | null;
  /** Actions of length 1; false leaves their length free. */
  readonly unitActions: boolean;
}

/** As in the paper, but for the discount, which EVALUATION settles at .9. No behaviour term: this is plain DDPG. */
export const ddpgDefaults: DdpgConfig = {
  discount: 0.9,
  targetRate: 0.001,
  actorLearningRate: 1e-4,
  criticLearningRate: 1e-3,
  hidden: [256, 256],
  behaviour: "none",
  behaviourWeight: 0,
  criticWeight: 1,
  scaleByValue: false,
  bootstrapAt: "action",
  warmUp: 0,
  maximumNorm: null,
  unitActions: true,
};

const checks = {
  discount: rules.below(0, 1),
  targetRate: rules.within(0, 1),
  actorLearningRate: rules.positive,
  criticLearningRate: rules.positive,
  hidden: rules.widths,
  behaviour: rules.oneOf("none", "softmax", "squared"),
  behaviourWeight: rules.notNegative,
  criticWeight: rules.notNegative,
  scaleByValue: rules.flag,
  bootstrapAt: rules.oneOf("action", "item"),
  warmUp: rules.count,
  maximumNorm: rules.positiveOrNone,
  unitActions: rules.flag,
};

export interface DdpgNetworks {
  /** μ: [B, S] → [B, A] */
  readonly actor: Network;
  /** Q: [B, S + A] → [B, 1] */
  readonly critic: Network;
  readonly targetActor: Network;
  readonly targetCritic: Network;
}

/** An agent whose networks can be looked into, for example to ask the critic about retrieved items. */
export interface DdpgAgent extends Agent {
  readonly config: DdpgConfig;
  readonly networks: DdpgNetworks;
}

/** Fresh networks, targets equal to their sources. */
export function ddpgNetworks(problem: AgentProblem, config: DdpgConfig): DdpgNetworks {
  const { stateSize, actionSize, random } = problem;
  const actor = actorNetwork({ ...problem, hidden: config.hidden, unitActions: config.unitActions });
  const critic = criticNetwork(stateSize, actionSize, config.hidden, random.fork("critic"));
  return { actor, critic, targetActor: copyOf(actor), targetCritic: copyOf(critic) };
}

/** y = r + γ (1 − terminal) Q′(s′, a′) [B, 1] with a′ = μ′(s′), or the item it retrieves where `items` are given. */
export function ddpgTargets(
  networks: DdpgNetworks,
  batch: Batch,
  config: DdpgConfig,
  items?: RetrievedActions,
): Tensor2D {
  return tf().tidy(() => {
    const proposed = networks.targetActor.apply(batch.nextStates);
    const nextActions = items ? items.of(proposed) : proposed;
    const nextValues = actionValue(networks.targetCritic, batch.nextStates, nextActions);
    return tdTarget(batch.rewards, batch.terminals, nextValues, config.discount);
  });
}

/** Mean of (Q(s, a) − y)² at the logged actions. */
export function ddpgCriticLoss(networks: DdpgNetworks, batch: Batch, targets: Tensor2D): Scalar {
  return meanSquaredError(actionValue(networks.critic, batch.states, batch.actions), targets);
}

/** The parts of the actor's loss: loss = −λ · value + behaviourWeight · behaviour, with λ = criticWeight (/ mean |Q|). */
export interface DdpgActorLoss {
  readonly loss: Scalar;
  /** Q(s, μ(s)) [B, 1], at the actor's own actions */
  readonly values: Tensor2D;
  /** their mean */
  readonly value: Scalar;
  /** the behaviour term, 0 without one */
  readonly behaviour: Scalar;
}

export function ddpgActorLoss(
  networks: DdpgNetworks,
  batch: Batch,
  config: DdpgConfig,
  term?: BehaviourTerm,
): DdpgActorLoss {
  const actions = networks.actor.apply(batch.states);
  const values = actionValue(networks.critic, batch.states, actions);
  const value = values.mean() as Scalar;
  // A plain number, so that the scale is a constant to the gradient.
  const size = config.scaleByValue ? Math.max(values.abs().mean().dataSync()[0]!, 1e-6) : 1;
  const behaviour = term ? term.loss(actions, batch.actions, batch.itemRows) : tf().scalar(0);
  const loss = value.mul(-config.criticWeight / size).add(behaviour.mul(config.behaviourWeight)) as Scalar;
  return { loss, values, value, behaviour };
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
export function ddpg(problem: AgentProblem, changes: Partial<DdpgConfig> = {}): DdpgAgent {
  const config = agentConfig("ddpg", ddpgDefaults, changes, checks);
  if (config.behaviour !== "none" ? config.behaviourWeight === 0 : config.behaviourWeight > 0)
    throw new Error(
      `ddpg requires a behaviour term and its weight together, got behaviour "${config.behaviour}" and behaviourWeight ${config.behaviourWeight}`,
    );
  if (config.criticWeight === 0 && config.behaviour === "none")
    throw new Error("ddpg requires criticWeight above 0 or a behaviour term, got neither");
  const term = behaviourTerm(config.behaviour, problem);
  const items = config.bootstrapAt === "item" ? retrievedActions(problem) : undefined;
  const networks = ddpgNetworks(problem, config);
  const { actor, critic, targetActor, targetCritic } = networks;
  const actorOptimizer = adam(actor.variables, { learningRate: config.actorLearningRate });
  const criticOptimizer = adam(critic.variables, { learningRate: config.criticLearningRate });
  const clip = config.maximumNorm === null ? {} : { maximumNorm: config.maximumNorm };
  const variables = [actor, critic, targetActor, targetCritic].flatMap((each) => each.variables);
  const state = { name: "ddpg", config, variables, optimizers: [actorOptimizer, criticOptimizer] };
  let updates = 0;

  const learn = (batch: Batch): Record<string, number> =>
    tf().tidy(() => {
      const targets = ddpgTargets(networks, batch, config, items);
      const watched = watchValues(actionValue(critic, batch.states, batch.actions), targets, problem);
      const criticLoss = gradientStep(
        () => ddpgCriticLoss(networks, batch, targets),
        critic.variables,
        criticOptimizer,
        clip,
      );
      softUpdate(targetCritic.variables, critic.variables, config.targetRate);
      if (updates++ < config.warmUp) return { criticLoss, ...watched };
      const { loss, parts } = keepParts(() => ddpgActorLoss(networks, batch, config, term), problem);
      const actorLoss = gradientStep(loss, actor.variables, actorOptimizer, clip);
      softUpdate(targetActor.variables, actor.variables, config.targetRate);
      return withActor({ criticLoss, ...watched }, { actorLoss, ...parts });
    });

  return {
    name: "ddpg",
    config,
    networks,
    act: (states) => actionsFor(actor, states, problem.stateSize),
    learn,
    save: (folder) => saveAgentState(folder, { ...state, updates }),
    load: async (folder) => {
      updates = await loadAgentState(folder, state);
    },
    dispose() {
      for (const part of [actor, critic, targetActor, targetCritic, actorOptimizer, criticOptimizer])
        part.dispose();
      term?.dispose();
      items?.dispose();
    },
  };
}
