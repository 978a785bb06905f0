/**
 * Deep Q-network over items. Mnih, Kavukcuoglu, Silver et al., Human-level control through deep reinforcement
 * learning, Nature 2015, Algorithm 1 (replay, target network); van Hasselt, Guez and Silver, Deep reinforcement
 * learning with double Q-learning, AAAI 2016, equation 4; and, with `conservativeWeight` above 0, the term of
 * Kumar, Zhou, Tucker and Levine, Conservative Q-learning for offline reinforcement learning, NeurIPS 2020,
 * equation 4.
 *
 * Q(s, i) = h(s)·w_i + c_i: dense layers make a vector of the state, and every item has an embedding w_i, which
 * are the item vectors drawn from the network. So all items are valued by one product.
 *
 * Where there is a supervised head, Q starts as its served logits times a small number: h as its query, w_i and c_i
 * as vectors and bias, the layers at nothing. So step 0 ranks as the supervised model is served, and what changes is
 * what was learned. Without a head, or with random embeddings, all values start at 0 and ties go by item row.
 *
 * Numbered differences: (1) transitions come from a log, so there is no ε-greedy acting; (2) the maximum runs over
 * items that the user has not seen and, with `candidates`, over those the supervised model finds likely: a
 * maximum over thousands of items that were never tried in a state is a maximum over errors; (3) targets follow
 * softly; (4) squared error instead of a clipped one, and without the ½ that Kumar et al. give it; (5) values may
 * start as the supervised ranking; (6) the value of what follows is kept within what any policy could earn, where that
 * is known (`boundedTargets`); (7) of over 20,000 items the conservative term meets a sample (`itemSample`), and
 * candidates are found among those with the largest biases; (8) with `slots` what follows is a slate (`catalogueSlates`).
 */

import { z } from "zod";
import { parseSettings } from "../../data/settings";
import { type Batch, nextSituation, type Situation } from "../../replay/batch";
import { descend } from "../../tensors/gradientStep";
import { gaussian } from "../../tensors/initialisers";
import { copyOf, multilayerPerceptron, type Network, network, variableOf } from "../../tensors/networks";
import { softUpdate } from "../../tensors/softUpdate";
import { type Scalar, type Tensor1D, type Tensor2D, tf } from "../../tensors/tf";
import {
  type AgentProblem,
  actorCriticSettings,
  agentOf,
  clipOf,
  type NeuralAgent,
  type OwnItems,
  optimizerOf,
} from "../agent";
import { catalogueParts, loggedCrossEntropy } from "../catalogue";
import { itemSample } from "../itemSample";
import { tdTarget } from "../losses";
import { actionsFor, jointEncoder, linearHead, project, variablesOf } from "../networks";
import { addedAt, placed, withAdded } from "../situation";
import { slateStart, slateValues } from "../slateQ/catalogueSlates";
import { bestOf, type CandidateFilter, candidateFilter } from "./candidateFilter";

export const dqnSettings = z.strictObject({
  ...actorCriticSettings.pick({
    discount: true,
    targetRate: true,
    criticLearningRate: true,
    optimizer: true,
    hidden: true,
    maximumNorm: true,
    boundedTargets: true,
  }).shape,
  double: z
    .boolean()
    .default(true)
    .describe(
      "choose the next item by the online network and value it by the target; false: the target's maximum",
    ),
  candidates: z
    .int()
    .min(1)
    .nullable()
    .default(100)
    .describe("how many of the supervised model's best items are valued; null: all items"),
  conservativeWeight: z
    .number()
    .min(0)
    .default(0)
    .describe("weight of log Σ exp Q(s, i) − Q(s, a): what was not done is valued less"),
  slots: z
    .int()
    .min(1)
    .nullable()
    .default(null)
    .describe(
      "what follows is a slate of so many items, of which one is taken (SlateQ); null: the best item",
    ),
  start: z
    .enum(["catalogue", "random"])
    .default("catalogue")
    .describe("values start as the supervised ranking over item vectors, or at 0 over random small ones"),
  temperature: z.number().gt(0).default(0.1).describe("temperature of the served softmax over values"),
});

export type DqnConfig = Readonly<z.output<typeof dqnSettings>>;

export const dqnDefaults: DqnConfig = parseSettings("dqn", dqnSettings, {});

/**
 * Discrete CQL, as changes to the defaults: α = 1, as in the authors' code for Atari (`minq_weight`). Equation 4 gives
 * the squared error a ½ that it has not here, so that the same balance is a weight of 2.
 */
export const discreteCql = { conservativeWeight: 2 } as const satisfies z.input<typeof dqnSettings>;

/**
 * SlateQ with ten places, as changes to the defaults: items are served by how likely they are taken times what they bring,
 * the logarithm of which is a logit as it stands.
 */
export const catalogueSlateQ = { slots: 10, temperature: 1 } as const satisfies z.input<typeof dqnSettings>;

/** Layers and embeddings: Q(s, ·) = table(state(s)). */
export interface ItemValues {
  /** h: [B, S] → [B, A] */
  readonly state: Network;
  /** h·w_i + c_i: [B, A] → [B, N]; variables w [N, A] and c [N] */
  readonly table: Network;
}

export interface DqnNetworks extends ItemValues {
  readonly targetState: Network;
  readonly targetTable: Network;
}

/** Fresh networks, targets equal to their sources. */
export function dqnNetworks(problem: AgentProblem, config: DqnConfig): DqnNetworks {
  const { stateSize, actionSize, random } = problem;
  const { size, itemVectors, servedBias, temperature } = catalogueParts("dqn", problem.catalogue, actionSize);
  const { scale, offset } = supervisedStart(problem, config);
  const start =
    config.start === "catalogue"
      ? itemVectors
      : gaussian(size * actionSize, actionSize ** -0.5, random.fork("items"));
  const even = config.slots === null ? 0 : slateStart(problem.valueBounds).start;
  const bias = servedBias.map((each) => (scale === 0 ? even : offset + scale * temperature * each));
  const variables = [variableOf(start, [size, actionSize]), variableOf(bias, [size])];
  const table = network(variables, ([w, c], h) => {
    const [b, bias] = [w, c] as unknown as [Tensor2D, Tensor1D];
    return tf().fused.matMul({ a: h, b, transposeB: true, bias }) as Tensor2D;
  });
  const layers = multilayerPerceptron({
    inputs: stateSize,
    hidden: config.hidden,
    outputs: actionSize,
    random: random.fork("state layers"),
    outputScale: 0,
  });
  const state = scale === 0 ? layers : besideQuery(problem, layers, scale);
  return { state, table, targetState: copyOf(state), targetTable: copyOf(table) };
}

/**
 * h(s) = length · q(s) + layers(s), q being the supervised query, whose weights are learned along, and so is its length:
 * a weight like the others, it comes back with a saved agent.
 */
export function besideQuery(problem: AgentProblem, layers: Network, length: number): Network {
  const { actionSpace = "unit" } = problem;
  const own = [variableOf(Float32Array.of(length), [1]), ...linearHead(problem)];
  return network([...own, ...layers.variables], ([l, w, b, ...rest], states) => {
    const raw = tf()
      .matMul(states, w as unknown as Tensor2D)
      .add(b) as Tensor2D;
    return project(raw, actionSpace).mul(l).add(layers.forward(rest, states)) as Tensor2D;
  });
}

/**
 * Q at the start = offset + scale · (q·v + T·b). Scale makes a value / `temperature` the supervised logit, so that the
 * served policy starts as the supervised one too, unless values would be wider than their bounds; offset is the number
 * nearest to 0 that keeps them within. Scale 0: values start at 0.
 */
export function supervisedStart(
  problem: AgentProblem,
  config: Pick<DqnConfig, "start" | "temperature" | "slots">,
): { readonly scale: number; readonly offset: number } {
  const { head, valueBounds: bounds, actionSize, actionSpace = "unit" } = problem;
  if (head === undefined || config.start === "random" || config.slots !== null)
    return { scale: 0, offset: 0 };
  const { size, itemVectors, servedBias, temperature } = catalogueParts("dqn", problem.catalogue, actionSize);
  const scale = config.temperature / temperature;
  const added = temperature * (problem.catalogue?.largestAdded ?? 0);
  if (bounds === undefined) return { scale, offset: 0 };
  const [low, high] = bounds;
  let furthest = 0; // of q·v + T·b, and what states add, from 0, where queries have length 1
  for (let row = 0; row < size && actionSpace === "unit"; row++) {
    const vector = itemVectors.subarray(row * actionSize, (row + 1) * actionSize);
    furthest = Math.max(furthest, Math.hypot(...vector) + temperature * Math.abs(servedBias[row]) + added);
  }
  const fitting = high > low && furthest > 0 ? Math.min(scale, (high - low) / 2 / furthest) : scale;
  const room = high > low ? fitting * furthest : 0;
  return { scale: fitting, offset: Math.min(Math.max(0, low + room), high - room) };
}

/** What a dqn's targets and loss are told beside its settings. */
export interface DqnOptions {
  /** of what follows; none by default */
  readonly bounds?: AgentProblem["valueBounds"];
  /** What added logits count in Q; 0 by default. */
  readonly addedScale?: number | Scalar;
}

/** Q(s, ·) [B, N] with what is added in each state, or of the items in `rows` alone, int32 [B, K]. */
export function itemValues(
  { state, table }: ItemValues,
  states: Tensor2D,
  {
    rows,
    added,
    addedScale = 0,
  }: Pick<Situation, "added"> & Pick<DqnOptions, "addedScale"> & { readonly rows?: Tensor2D } = {},
): Tensor2D {
  const h = state.apply(states);
  if (rows) return valuesAt(table, h, rows, { added, addedScale });
  return withAdded(table.apply(h), added, addedScale);
}

/** What follows: the items that are chosen in the next states, int32 [B], and what the target network says of them. */
export interface DqnNext {
  readonly chosen: Tensor1D;
  /** Q′(s′, chosen) [B, 1] */
  readonly values: Tensor2D;
}

/** The best item in each next state, of those that `filter` lets through and the user has not seen. */
export function dqnNext(
  networks: DqnNetworks,
  batch: Batch,
  { double }: Pick<DqnConfig, "double">,
  filter: CandidateFilter,
  { addedScale = 0 }: Pick<DqnOptions, "addedScale"> = {},
): DqnNext {
  const { nextStates, nextAdded: added } = batch;
  const target = { state: networks.targetState, table: networks.targetTable };
  const believed = (rows?: Tensor2D): Tensor2D =>
    itemValues(double ? networks : target, nextStates, { rows, added, addedScale });
  const chosen = bestOf(filter.choice(believed, nextStates, nextSituation(batch)));
  const values = itemValues(target, nextStates, { rows: chosen.as2D(batch.size, 1), added, addedScale });
  return { chosen, values };
}

/** Q′ of what follows: of the best item, or with `slots` of the slate that would be shown. [B, 1] */
export function nextValues(
  networks: DqnNetworks,
  batch: Batch,
  config: Pick<DqnConfig, "double" | "slots">,
  filter: CandidateFilter,
  { bounds, addedScale = 0 }: DqnOptions = {},
): Tensor2D {
  const { double, slots } = config;
  if (slots === null) return dqnNext(networks, batch, config, filter, { addedScale }).values;
  const { nextStates, nextAdded: added } = batch;
  const target = { state: networks.targetState, table: networks.targetTable };
  const said = (of: ItemValues, rows?: Tensor2D): Tensor2D =>
    itemValues(of, nextStates, { rows, added, addedScale });
  const choice = filter.choice(
    (rows) => said(double ? networks : target, rows),
    nextStates,
    nextSituation(batch),
  );
  return slateValues(choice, said(target, choice.rows), { slots, nothing: slateStart(bounds).nothing });
}

/** y = r + γ (1 − terminal) Q′(s′, argmax_i Q(s′, i)) [B, 1]; see `nextValues`. */
export function dqnTargets(
  networks: DqnNetworks,
  batch: Batch,
  config: DqnConfig,
  filter: CandidateFilter,
  { bounds, addedScale = 0 }: DqnOptions = {},
): Tensor2D {
  return tf().tidy(() => {
    const values = nextValues(networks, batch, config, filter, { bounds, addedScale });
    return tdTarget(batch.rewards, batch.terminals, values, config.discount, bounds);
  });
}

/** Q(s, i) of some items each, differentiable, without valuing the others. [B, A], int32 [B, K] → [B, K] */
function valuesAt(
  table: Network,
  h: Tensor2D,
  rows: Tensor2D,
  { added, addedScale = 0 }: Pick<Situation, "added"> & Pick<DqnOptions, "addedScale">,
): Tensor2D {
  const [w, c] = table.variables as unknown as [Tensor2D, Tensor1D];
  const products = tf().gather(w, rows).mul(h.expandDims(1)).sum(2);
  const values = products.add(tf().gather(c, rows)) as Tensor2D;
  return added === undefined || addedScale === 0
    ? values
    : (values.add(addedAt(rows, added, addedScale)) as Tensor2D);
}

/** Mean of (Q(s, a) − y)², plus the conservative term. */
export function dqnLoss(
  networks: ItemValues,
  batch: Batch,
  config: Pick<DqnConfig, "conservativeWeight">,
  targets: Tensor2D,
  { addedScale = 0 }: Pick<DqnOptions, "addedScale"> = {},
): { readonly loss: Scalar; readonly values: Tensor2D } {
  const h = networks.state.apply(batch.states);
  const { added } = batch;
  const values = valuesAt(networks.table, h, batch.itemRows.as2D(batch.size, 1), { added, addedScale });
  const squares = values.sub(targets).square();
  const error = (batch.weights ? squares.mul(batch.weights) : squares).mean() as Scalar;
  if (config.conservativeWeight === 0) return { loss: error, values };
  const [w, c] = networks.table.variables as unknown as [Tensor2D, Tensor1D];
  const beyond = loggedCrossEntropy(h, { w, c }, batch, addedScale);
  return { loss: error.add(beyond.mul(config.conservativeWeight)), values };
}

/**
 * An agent that learns by DQN. `act` gives h(s), and `items` the embeddings it is to be compared with. `learn`
 * gives criticLoss, meanQ at the logged items, targetMean, and alarmShare: of those Q, or of the targets where
 * that is larger.
 *
 * @throws on unknown or bad settings by name, or without a catalogue.
 */
export function dqn(
  problem: AgentProblem,
  changes: z.input<typeof dqnSettings> = {},
): NeuralAgent<DqnConfig, DqnNetworks> {
  const config = parseSettings("dqn", dqnSettings, changes);
  const networks = dqnNetworks(problem, config);
  const { state, table, targetState, targetTable } = networks;
  const { boundedTargets } = config;
  const filter = candidateFilter(problem, config.candidates, { needsLogits: config.slots !== null });
  const { servedBias } = catalogueParts("dqn", problem.catalogue, problem.actionSize);
  const sampler = config.conservativeWeight > 0 ? itemSample(servedBias) : undefined;
  // Kept as a variable, since a saved agent may be opened where bounds are not known.
  const ofAdded = tf().tidy(() => {
    const { scale } = supervisedStart(problem, config);
    return tf().variable(tf().scalar(scale * (problem.catalogue?.temperature ?? 1)), false);
  });
  const nothing =
    config.slots === null
      ? undefined
      : tf().tidy(() => tf().variable(tf().scalar(slateStart(problem.valueBounds).nothing), false));
  const own = variablesOf([state, table]);
  const joint = jointEncoder(problem.encoder, config);
  const learned = [...own, ...(joint?.online.variables ?? [])];
  const optimizer = optimizerOf(config, learned, config.criticLearningRate);
  return agentOf({
    name: "dqn",
    config,
    networks,
    random: problem.random,
    bounds: problem.valueBounds,
    optimizers: [optimizer],
    joint,
    variables: [ofAdded, ...(nothing ? [nothing] : [])],
    held: [
      filter,
      { prepared: (batch) => ({ added: placed(batch).added, ...sampler?.prepared(batch) }), dispose() {} },
    ],
    act: (states) => actionsFor(state, states, problem.stateSize),
    items: (): OwnItems => ({
      itemVectors: Float32Array.from(table.variables[0].dataSync()),
      itemBias: Float32Array.from(table.variables[1].dataSync()),
      candidates: config.candidates,
      temperature: config.temperature,
      addedScale: ofAdded.dataSync()[0],
      ...(nothing && { slateNothing: nothing.dataSync()[0] }),
    }),
    step(batch) {
      const addedScale = ofAdded as unknown as Scalar;
      const next = nextValues(networks, batch, config, filter, { bounds: problem.valueBounds, addedScale });
      const targetsWithin = (bounds: AgentProblem["valueBounds"]): Tensor2D =>
        tdTarget(batch.rewards, batch.terminals, next, config.discount, bounds);
      const targets = targetsWithin(boundedTargets ? problem.valueBounds : undefined);
      const loss = () => ({
        ...dqnLoss(networks, joint?.readAnew(batch) ?? batch, config, targets, { addedScale }),
      });
      const { loss: criticLoss, values } = descend(loss, learned, optimizer, clipOf(config));
      joint?.follow();
      softUpdate(variablesOf([targetState, targetTable]), own, config.targetRate);
      // Q is fitted at logged items, but its maximum is taken elsewhere: it shows in what targets would be unbounded.
      return { criticLoss, values, targets, openTargets: targetsWithin(undefined) };
    },
  });
}
