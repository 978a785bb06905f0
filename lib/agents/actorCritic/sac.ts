/**
 * Soft actor–critic. Haarnoja, Zhou, Abbeel and Levine, Soft actor-critic: off-policy maximum entropy deep
 * reinforcement learning with a stochastic actor, ICML 2018; in the form of Haarnoja, Zhou, Hartikainen et al.,
 * Soft actor-critic algorithms and applications, arXiv 1812.05905, Algorithm 1: two critics, no value network,
 * and a temperature that is learned (its equation 18).
 *
 * Numbered differences from Algorithm 1: (1) transitions come from a log, so there is no acting; (2) an actor
 * may start as a supervised head; (3) in the space of items the density is that of the draw before it is scaled
 * to length 1; (4) an optional behaviour term, on the policy's centre, which is also what is served; (5) value and
 * entropy together may be weighed against it (`criticWeight`, `scaleByValue`), α being the same in actor and targets;
 * (6) with a catalogue the next state is valued at the item that the drawn action retrieves (`bootstrapAt`); (7) the
 * value of what follows is kept within what any policy could earn, in reward and entropy (`boundedTargets`), and so
 * is Q at the actor's draws (`boundedValues`).
 */

import { z } from "zod";
import { parseSettings } from "../../data/settings";
import { type Batch, nextSituation } from "../../replay/batch";
import { adam } from "../../tensors/adam";
import { descend } from "../../tensors/gradientStep";
import { normals } from "../../tensors/initialisers";
import { copyOf, multilayerPerceptron, type Network, network, variableOf } from "../../tensors/networks";
import { softUpdate } from "../../tensors/softUpdate";
import { type Scalar, type Tensor, type Tensor2D, tf } from "../../tensors/tf";
import { unitRows } from "../../tensors/unitRows";
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
  type Bounds,
  behaviourTerm,
  clippedDoubleQ,
  criticVariables,
  moveActor,
  moveCritics,
  type OwnActions,
  type PolicyLoss,
  policyLoss,
  tdTarget,
} from "../losses";
import {
  type ActionSpace,
  type ActorShape,
  actionsFor,
  actionValue,
  criticNetworks,
  jointEncoder,
  linearHead,
  perturbationScale,
  project,
  variablesOf,
} from "../networks";

const logDeviation = z.number().min(-30).max(5);

export const sacSettings = z
  .strictObject({
    ...actorCriticSettings.shape,
    temperature: z
      .number()
      .min(0)
      .default(0.1)
      .describe("what a nat of entropy is worth in units of reward, at the start (α)"),
    learnTemperature: z
      .boolean()
      .default(true)
      .describe("learn the temperature, so that the policy keeps the target entropy"),
    targetEntropy: z.number().nullable().default(null).describe("in nats; null takes −A, as in the paper"),
    softTargets: z
      .boolean()
      .default(true)
      .describe("count entropy in the critics' targets; without, values are those of the reward alone"),
    logDeviation: logDeviation
      .default(-1)
      .describe("log σ at the start, within the next two; in the space of items σ is in units of 1/√A"),
    leastLogDeviation: logDeviation.default(-20).describe("log σ stays above this"),
    mostLogDeviation: logDeviation.default(2).describe("log σ stays below this"),
  })
  .superRefine((settings, context) => {
    requireSomethingToLearn(settings, context);
    requireSacSettings(settings, context);
  });

export type SacConfig = Readonly<z.output<typeof sacSettings>>;

export const sacDefaults: SacConfig = parseSettings("sac", sacSettings, {});

/** Refuses a temperature of 0 that is to be learned, and a first log σ outside its bounds. */
export function requireSacSettings(settings: SacConfig, context: z.RefinementCtx): void {
  const { temperature, learnTemperature } = settings;
  if (learnTemperature && temperature === 0)
    context.addIssue({
      code: "custom",
      path: ["temperature"],
      message: "a temperature above 0 to learn it, got 0",
    });
  const { leastLogDeviation: least, logDeviation: first, mostLogDeviation: most } = settings;
  if (!(least <= first && first <= most))
    context.addIssue({
      code: "custom",
      path: ["logDeviation"],
      message: `logDeviation to be a number in [${least}, ${most}], got ${first}`,
    });
}

export interface SacNetworks {
  /** π: [B, S] → [B, 2A], means and log σ */
  readonly actor: Network;
  readonly critics: readonly Network[];
  readonly targetCritics: readonly Network[];
}

/** Fresh networks, targets equal to their sources. */
export function sacNetworks(problem: AgentProblem, config: SacConfig): SacNetworks {
  const { hidden, logDeviation, leastLogDeviation: least, mostLogDeviation: most } = config;
  const actor = gaussianActor({ ...problem, hidden, logDeviation, bounds: { least, most } });
  const critics = criticNetworks(2, problem, hidden);
  return { actor, critics, targetCritics: critics.map(copyOf) };
}

/** log σ stays within these, as in Haarnoja et al. 2018. */
export interface DeviationBounds {
  readonly least: number;
  readonly most: number;
}

/**
 * A normal policy with independent numbers: [B, S] → [B, 2A], means and then log σ. The means begin as the
 * supervised head (see `actorNetwork`) and log σ at `logDeviation`. In the space of items means have length 1:
 * else longer means would buy entropy that no direction has. Variables in order: W₀, b₀, log σ's bias, the MLP's.
 */
export function gaussianActor(
  shape: ActorShape & { readonly logDeviation: number; readonly bounds: DeviationBounds },
): Network {
  const { stateSize, actionSize, hidden, actionSpace = "unit", random, logDeviation, bounds } = shape;
  const mlp = multilayerPerceptron({
    inputs: stateSize,
    hidden,
    outputs: 2 * actionSize,
    random: random.fork("actor"),
    outputScale: 0,
  });
  const own = [
    ...linearHead(shape),
    variableOf(new Float32Array(actionSize).fill(logDeviation), [actionSize]),
  ];
  return network([...own, ...mlp.variables], ([w, b, d, ...rest], states) => {
    const learned = mlp.forward(rest, states);
    const linear = tf()
      .matMul(states, w as unknown as Tensor2D)
      .add(b);
    const half = (from: number): Tensor2D => learned.slice([0, from], [-1, actionSize]);
    const raw = half(0).add(linear) as Tensor2D;
    const means = actionSpace === "unit" ? unitRows(raw) : raw;
    const deviations = tf().clipByValue(half(actionSize).add(d) as Tensor2D, bounds.least, bounds.most);
    return tf().concat([means, deviations], 1) as Tensor2D;
  });
}

/** Actions drawn from the policy, and the log density of each draw. */
export interface Drawn {
  /** [B, A] */
  readonly actions: Tensor2D;
  /** [B, 1] */
  readonly logDensities: Tensor2D;
}

/**
 * a = project(μ + σ·ε), differentiable in μ and σ (Haarnoja et al. 2018, appendix C). The density is that of the
 * draw in the action space: through tanh it is corrected by Σ log(1 − tanh²). In the space of items it is taken
 * before the scaling to length 1, in units of 1/√A.
 *
 * @param noise ε [B, A], standard normal
 * @example one number in the box, μ = 0, σ = 1, ε = 0: action 0, log density −.919
 */
export function drawActions(parameters: Tensor2D, noise: Tensor2D, space: ActionSpace): Drawn {
  const [means, logDeviations] = tf().split(parameters, 2, 1) as [Tensor2D, Tensor2D];
  const scale = perturbationScale(space, means.shape[1]);
  const raw = means.add(logDeviations.exp().mul(noise).mul(scale)) as Tensor2D;
  const normal = noise
    .square()
    .mul(-0.5)
    .sub(logDeviations)
    .sub(0.5 * Math.log(2 * Math.PI));
  const actions = project(raw, space);
  if (space !== "box") return { actions, logDensities: normal.sum(1, true) as Tensor2D };
  // log(1 − tanh²u) = 2·(log 2 − u − softplus(−2u)), which stays finite where tanh is 1 to the last bit.
  const squash = raw
    .add(tf().softplus(raw.mul(-2)))
    .mul(-2)
    .add(2 * Math.log(2));
  return { actions, logDensities: normal.sub(squash).sum(1, true) as Tensor2D };
}

/** The policy's centre as an action: what is served. [B, 2A] → [B, A] */
export function centreOf(parameters: Tensor2D, space: ActionSpace): Tensor2D {
  const means = parameters.slice([0, 0], [-1, parameters.shape[1] / 2]);
  return space === "box" ? (tf().tanh(means) as Tensor2D) : means;
}

/** What a loss needs beside networks and batch: α, ε [B, A], and where actions live. */
export interface SacDraw {
  readonly temperature: number | Scalar;
  readonly noise: Tensor2D;
  readonly actionSpace: ActionSpace;
}

/** y = r + γ (1 − terminal) [min_j Q′_j(s′, a′) − α log π(a′|s′)] [B, 1], a′ drawn from π(·|s′) or the item it retrieves. */
export function sacTargets(
  networks: SacNetworks,
  batch: Batch,
  config: SacConfig,
  {
    temperature,
    noise,
    actionSpace,
    items,
    bounds,
  }: SacDraw & {
    readonly items?: RetrievedActions;
    readonly bounds?: AgentProblem["valueBounds"];
  },
): Tensor2D {
  return tf().tidy(() => {
    const drawn = drawActions(networks.actor.apply(batch.nextStates), noise, actionSpace);
    const nextActions = items ? items.of(drawn.actions, nextSituation(batch)) : drawn.actions;
    const values = networks.targetCritics.map((each) => actionValue(each, batch.nextStates, nextActions));
    const hard = clippedDoubleQ(values);
    const entropies = config.softTargets
      ? drawn.logDensities.mul(tf().neg(temperature))
      : tf().zerosLike(hard);
    const within = bounds && softBounds(bounds, entropies, config.discount);
    return tdTarget(batch.rewards, batch.terminals, hard.add(entropies) as Tensor2D, config.discount, within);
  });
}

/**
 * Soft values hold what entropy earns, step by step, beside rewards: their bounds are those of the rewards and,
 * added to each end, the least and the most of α·(−log π) in a batch, carried on for ever.
 */
function softBounds([low, high]: readonly [number, number], entropies: Tensor, discount: number): Bounds {
  const end = (bound: number, entropy: Tensor): Scalar => entropy.div(1 - discount).add(bound) as Scalar;
  return [end(low, entropies.min()), end(high, entropies.max())];
}

/** The actor's own draws, and what no Q of theirs can leave. */
function ownActions(
  { actor }: SacNetworks,
  batch: Batch,
  { softTargets, discount }: SacConfig,
  { temperature, noise, actionSpace, bounds }: SacDraw & { readonly bounds: readonly [number, number] },
): OwnActions {
  const { actions, logDensities } = drawActions(actor.apply(batch.states), noise, actionSpace);
  const entropies = logDensities.mul(tf().neg(temperature));
  return { actions, bounds: softTargets ? softBounds(bounds, entropies, discount) : bounds };
}

/**
 * −λ · mean [min_j Q_j(s, a) − α log π(a|s)] + behaviour; a drawn anew, differentiable in π. Whatever value is scaled
 * by, entropy is too: α means the same here as in the targets.
 */
export function sacActorLoss(
  networks: Pick<SacNetworks, "actor" | "critics">,
  batch: Batch,
  config: SacConfig,
  { temperature, noise, actionSpace, term }: SacDraw & { readonly term?: BehaviourTerm },
): PolicyLoss & { readonly logDensity: Scalar } {
  const parameters = networks.actor.apply(batch.states);
  const drawn = drawActions(parameters, noise, actionSpace);
  const values = clippedDoubleQ(
    networks.critics.map((each) => actionValue(each, batch.states, drawn.actions)),
  );
  const centre = centreOf(parameters, actionSpace);
  const parts = policyLoss({ actions: centre, values }, batch, config, term);
  const logDensity = drawn.logDensities.mean() as Scalar;
  return {
    ...parts,
    loss: parts.loss.add(logDensity.mul(parts.valueWeight.mul(temperature))) as Scalar,
    logDensity,
  };
}

/** −log α · (log π + H): α rises while the policy's entropy −log π is below H, and falls above (equation 18). */
export function temperatureLoss(
  logTemperature: Scalar,
  logDensity: number | Scalar,
  targetEntropy: number,
): Scalar {
  return logTemperature.mul(tf().add(logDensity, targetEntropy).neg()) as Scalar;
}

/**
 * An agent that learns by SAC. `learn` gives the same figures as `ddpg`, and temperature and entropy. With soft
 * targets values hold entropy as well as reward, and may leave the bounds of the rewards alone.
 *
 * @throws on unknown or bad settings by name, or a softmax behaviour term without a catalogue.
 */
export function sac(
  problem: AgentProblem,
  changes: z.input<typeof sacSettings> = {},
): NeuralAgent<SacConfig, SacNetworks> {
  const config = parseSettings("sac", sacSettings, changes);
  const { actionSize, actionSpace = "unit" } = problem;
  const targetEntropy = config.targetEntropy ?? -actionSize;
  const term = behaviourTerm(config.behaviour, problem);
  const items = bootstrapItems(config, problem);
  const within = boundsFor(config, problem);
  const networks = sacNetworks(problem, config);
  const { actor, critics, targetCritics } = networks;
  const logTemperature = variableOf(Float32Array.of(Math.log(Math.max(config.temperature, 1e-30))), []);
  const actorOptimizer = optimizerOf(config, actor.variables, config.actorLearningRate);
  const joint = jointEncoder(problem.encoder, config);
  const criticOptimizer = optimizerOf(config, criticVariables(critics, joint), config.criticLearningRate);
  const temperatureOptimizer = adam([logTemperature], { learningRate: config.actorLearningRate });
  const clip = clipOf(config);
  // Entropy is weighed against value: without the critic only the behaviour term is left.
  const off = config.temperature === 0 || config.criticWeight === 0;
  return agentOf({
    name: "sac",
    config,
    networks,
    random: problem.random,
    bounds: problem.valueBounds,
    variables: [logTemperature],
    optimizers: [actorOptimizer, criticOptimizer, temperatureOptimizer],
    joint,
    held: [term, items],
    act: (states) =>
      actionsFor({ apply: (rows) => centreOf(actor.apply(rows), actionSpace) }, states, problem.stateSize),
    moves: (update) => (update <= config.warmUp ? "critics" : "actor"),
    draw(size, random) {
      const noise = (purpose: string): Tensor2D =>
        tf().tensor2d(normals(size * actionSize, 1, random.fork(purpose)), [size, actionSize]);
      return { next: noise("next"), own: noise("own") };
    },
    step(batch, moves, drawn) {
      const temperature = off ? tf().scalar(0) : (logTemperature.exp() as Scalar);
      const draw = (purpose: string): SacDraw => ({ temperature, noise: drawn[purpose]!, actionSpace });
      const targets = sacTargets(networks, batch, config, {
        ...draw("next"),
        items,
        bounds: within.targets,
      });
      const own = within.own && ownActions(networks, batch, config, { ...draw("own"), bounds: within.own });
      const watched = moveCritics(critics, batch, { targets, optimizer: criticOptimizer, joint, own, clip });
      softUpdate(variablesOf(targetCritics), variablesOf(critics), config.targetRate);
      joint?.follow();
      if (moves === "critics") return watched;
      const loss = () => sacActorLoss(networks, batch, config, { ...draw("own"), term });
      const { logDensity, ...acted } = moveActor(loss, { optimizer: actorOptimizer, clip });
      const level = () => temperatureLoss(logTemperature as unknown as Scalar, logDensity, targetEntropy);
      if (config.learnTemperature) descend(() => ({ loss: level() }), [logTemperature], temperatureOptimizer);
      const figures = { temperature, entropy: logDensity.neg() as Scalar };
      return { ...watched, ...acted, figures };
    },
  });
}
