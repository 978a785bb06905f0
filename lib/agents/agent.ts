/**
 * What an agent is and what it is made for; the settings that actor–critics share; and what all agents with networks
 * do alike: counting updates, saving, tidying up (`agentOf`).
 */

import { join } from "node:path";
import { z } from "zod";
import { arrayOf, readArrays, writeArrays } from "../data/namedArrays";
import type { Encoder } from "../encoders/encoder";
import type { TrainableEncoder } from "../encoders/trainableEncoder";
import type { Random } from "../math/random";
import type { Batch, Situation } from "../replay/batch";
import { adam, type Optimizer } from "../tensors/adam";
import type { GradientStepOptions } from "../tensors/gradientStep";
import type { Network } from "../tensors/networks";
import { radam } from "../tensors/radam";
import { tf, type Variable } from "../tensors/tf";
import type { ActionSpace, Head, JointEncoder } from "./networks";
import { type Held, type PureUpdate, pureUpdate } from "./pureUpdate";

/** Whatever turns states into actions and learns from batches. An object written in a notebook cell is one. */
export interface Agent {
  readonly name: string;
  readonly config: object;
  /**
   * [n × S] → [n × A], without noise. Agents that look at retrieved items to choose (BCQ) leave out what is seen, and
   * count what is added, where they are told.
   */
  act(states: Float32Array, situation?: Situation): Float32Array;
  /** Of agents whose encoder learned with them: the present one, frozen. Whoever asks disposes of it. */
  encoder?(): Encoder;
  /** Of agents that value every item themselves: what their actions are to be compared with, as it is now. */
  items?(): OwnItems;
  /** One update from one batch (which it leaves alone); gives named numbers to watch. */
  learn(batch: Batch): Record<string, number>;
  /** Writes everything needed to go on learning as if never stopped. */
  save(folder: string): Promise<void>;
  /** Reads what `save` wrote into this agent, which must have the same sizes; what is drawn later comes from its own seed. */
  load(folder: string): Promise<void>;
  dispose(): void;
}

/** The items an agent chooses among, with logits q·v/T + b. */
export interface ActionCatalogue {
  /** [N × A] */
  readonly itemVectors: Float32Array;
  /** [N], in logits; zeros by default */
  readonly itemBias?: Float32Array;
  /**
   * [N] the bias that lists are made with, in logits, where it is another than the model's own: it may hold what is
   * popular just now. Retrieval uses it (bootstrap targets, candidates, BCQ's choice), so that what is valued is what
   * is served. The likelihood of logged actions keeps `itemBias`: the log was not made with today's popularity.
   * `itemBias` by default.
   */
  readonly servedBias?: Float32Array;
  /** The largest logit that is added to an item in some state (`Added`); 0 by default. */
  readonly largestAdded?: number;
  /** T; 1 by default */
  readonly temperature?: number;
  /** Rows of items that are unavailable: no bootstrap target counts on them. */
  readonly unavailable?: ReadonlySet<number>;
}

/** Items as an agent learned them: score = action · vector + bias. */
export interface OwnItems {
  /** [N × A] */
  readonly itemVectors: Float32Array;
  /** [N] */
  readonly itemBias: Float32Array;
  /** How many of the supervised model's best items are compared; null: all. */
  readonly candidates: number | null;
  /** Score / temperature is the logit of the served policy. */
  readonly temperature: number;
  /** What a logit that is added to an item in some state (`Added`) counts in these scores; 0 by default. */
  readonly addedScale?: number;
  /** Scores are multiplied, above this, with how likely the supervised model finds the item to be taken (`slateScore`). */
  readonly slateNothing?: number;
}

/** What an agent is made for: sizes, where its weights start, and what it may choose from. */
export interface AgentProblem {
  /** S */
  readonly stateSize: number;
  /** A */
  readonly actionSize: number;
  /** Where actions live; "unit" by default. */
  readonly actionSpace?: ActionSpace;
  /** Draws the initial weights, and whatever is drawn while learning. */
  readonly random: Random;
  /** The actor starts as this supervised head; from random weights without it. */
  readonly head?: Head;
  /** Needed by behaviour terms over the catalogue. */
  readonly catalogue?: ActionCatalogue;
  /** Learns with the critics, from batches with windows; absent: states come ready made. The agent disposes of it. */
  readonly encoder?: TrainableEncoder;
  /** Smallest and largest possible value (`valueBounds`); Q outside it raises the alarm. */
  readonly valueBounds?: readonly [number, number];
}

/** Factory of agents: what a run's settings name. */
export type AgentFactory = (problem: AgentProblem, config?: object) => Agent;

/**
 * What every actor–critic can be told. Each algorithm adds its own, and its own defaults.
 *
 * `bootstrapAt`: the item is the one that would be served, so what was seen or is unavailable is left out; without a
 * catalogue the next state is always valued at the action. `boundedTargets` and `boundedValues` take the problem's
 * `valueBounds`; see `tdTarget` and `beyondBounds`. `scaleByValue` is from Fujimoto and Gu 2021.
 */
export const actorCriticSettings = z.strictObject({
  discount: z
    .number()
    .min(0)
    .lt(1)
    .default(0.9)
    .describe("how much the next step counts (γ): higher looks further and is harder to learn"),
  targetRate: z
    .number()
    .min(0)
    .max(1)
    .default(0.005)
    .describe("how fast targets follow (τ): lower is steadier and slower"),
  actorLearningRate: z.number().gt(0).default(3e-4).describe("the optimiser's step for the actor"),
  criticLearningRate: z.number().gt(0).default(3e-4).describe("the optimiser's step for the critics"),
  optimizer: z
    .enum(["adam", "radam"])
    .default("adam")
    .describe("adam (Kingma and Ba 2015), or radam (Liu et al. 2020), which starts more carefully"),
  hidden: z
    .array(z.int().min(1))
    .readonly()
    .default([256, 256])
    .describe("widths of the hidden layers of actor and critics"),
  behaviour: z
    .enum(["none", "softmax", "squared"])
    .default("none")
    .describe("softmax: -log probability of the logged item; squared: squared distance to its vector"),
  behaviourWeight: z.number().min(0).default(0).describe("weight of the behaviour term"),
  criticWeight: z
    .number()
    .min(0)
    .default(1)
    .describe("weight of -mean Q in the actor's loss; 0 switches the critic off (imitation alone)"),
  scaleByValue: z
    .boolean()
    .default(false)
    .describe("divide the value term by mean |Q|: its weight then means the same at any scale of reward"),
  bootstrapAt: z
    .enum(["action", "item"])
    .default("item")
    .describe("value the next state at the item that the action retrieves, or at the action itself"),
  boundedTargets: z
    .boolean()
    .default(true)
    .describe("keep the value of what follows within what any policy could earn, where that is known"),
  boundedValues: z
    .boolean()
    .default(true)
    .describe("critics also learn that Q at the agent's own actions is within these bounds"),
  warmUp: z.int().min(0).default(0).describe("updates of the critic alone before the actor first moves"),
  maximumNorm: z
    .number()
    .gt(0)
    .nullable()
    .default(null)
    .describe("longer gradients are shortened to this; null for none"),
});

export type ActorCriticConfig = Readonly<z.output<typeof actorCriticSettings>>;

/** Refuses a behaviour term without a weight, a weight without a term, and an actor with nothing to learn from. */
export function requireSomethingToLearn(
  settings: Pick<ActorCriticConfig, "behaviour" | "behaviourWeight" | "criticWeight">,
  context: z.RefinementCtx,
): void {
  const { behaviour, behaviourWeight, criticWeight } = settings;
  const refuse = (key: string, message: string): void =>
    context.addIssue({ code: "custom", path: [key], message });
  if (behaviour !== "none" ? behaviourWeight === 0 : behaviourWeight > 0)
    refuse(
      behaviour === "none" ? "behaviourWeight" : "behaviour",
      `a behaviour term and its weight together, got behaviour "${behaviour}" and behaviourWeight ${behaviourWeight}`,
    );
  if (criticWeight === 0 && behaviour === "none")
    refuse("criticWeight", "criticWeight above 0 or a behaviour term, got neither");
}

/** The problem's bounds, where they are known and the settings want them: of what follows, and of Q at own actions. */
export function boundsFor(
  { boundedTargets, boundedValues }: Pick<ActorCriticConfig, "boundedTargets" | "boundedValues">,
  { valueBounds }: Pick<AgentProblem, "valueBounds">,
): { readonly targets: AgentProblem["valueBounds"]; readonly own: AgentProblem["valueBounds"] } {
  return { targets: boundedTargets ? valueBounds : undefined, own: boundedValues ? valueBounds : undefined };
}

/** The optimiser that the settings name. */
export function optimizerOf(
  config: Pick<ActorCriticConfig, "optimizer">,
  variables: readonly Variable[],
  learningRate: number,
): Optimizer {
  return (config.optimizer === "radam" ? radam : adam)(variables, { learningRate });
}

/** What `gradientStep` is told about clipping. */
export function clipOf({ maximumNorm }: Pick<ActorCriticConfig, "maximumNorm">): GradientStepOptions {
  return maximumNorm === null ? {} : { maximumNorm };
}

/**
 * An actor–critic held near the log, as changes to its defaults: beside the value term, divided by mean |Q|,
 * stands the log probability of the logged item under a softmax over the catalogue. The next state is valued at
 * the item that the target actor retrieves: at its bare query, which lies far from every item, values climbed
 * out of their bounds (DDPG on goodbooks with criticWeight 2.5: 91% of a batch after 3,000 updates) while the
 * lists still looked fine. The actor waits until the critic has learned something.
 *
 * @example ddpg(problem, { ...behaviourRegularised, criticWeight: 0 }) // imitation alone
 */
export const behaviourRegularised = {
  behaviour: "softmax",
  behaviourWeight: 1,
  criticWeight: 1,
  scaleByValue: true,
  bootstrapAt: "item",
  warmUp: 500,
  targetRate: 0.005,
} as const satisfies z.input<typeof actorCriticSettings>;

/**
 * DDPG and TD3 as their papers have them, as changes to our defaults, which are more careful: the next state is valued at
 * the actor's bare answer, and nothing keeps targets or values within what rewards allow.
 *
 * @example ddpg(problem, asPublished) // "plain DDPG"
 */
export const asPublished = {
  bootstrapAt: "action",
  boundedTargets: false,
  boundedValues: false,
} as const satisfies z.input<typeof actorCriticSettings>;

/**
 * TD3+BC as its paper has it: squared error, and λ = 2.5 / mean |Q|. The error is the squared distance of equation
 * 3, summed over numbers; the authors' code averages over them, which weighs imitation A times less.
 */
export const paperTd3Bc = {
  behaviour: "squared",
  behaviourWeight: 1,
  criticWeight: 2.5,
  scaleByValue: true,
} as const satisfies z.input<typeof actorCriticSettings>;

/**
 * What an algorithm brings; `agentOf` adds counting, saving, loading and tidying up, which all do alike. It learns by
 * a pure step, which is compiled, or by `learn`, operation by operation.
 */
export type AgentParts<Config extends object, Networks extends object> = CommonParts<Config, Networks> &
  (PureUpdate | { learn(batch: Batch, update: number, random: Random): Record<string, number> });

interface CommonParts<Config extends object, Networks extends object> {
  readonly name: string;
  readonly config: Config;
  /** Networks, or lists of them, under their names. All are saved and disposed of. */
  readonly networks: Networks;
  /** Single variables beside the networks, such as a temperature. */
  readonly variables?: readonly Variable[];
  readonly optimizers: readonly Optimizer[];
  /** Learns with the critics. */
  readonly joint?: JointEncoder;
  /** Whatever else holds tensors. */
  readonly held?: readonly (Held | undefined)[];
  /** Drawn from while learning: each update gets a stream of its own, so that a loaded agent goes on alike. */
  readonly random: Random;
  act(states: Float32Array, situation?: Situation): Float32Array;
  items?(): OwnItems;
}

/** An agent whose networks can be looked into, for example to ask the critic about retrieved items. */
export interface NeuralAgent<Config extends object, Networks extends object> extends Agent {
  readonly config: Config;
  readonly networks: Networks;
  /** Why updates that should be one native call run operation by operation, where they do (see `compile`). */
  eagerBecause?(): string | undefined;
}

/** An agent of its parts. */
export function agentOf<Config extends object, Networks extends object>(
  parts: AgentParts<Config, Networks>,
): NeuralAgent<Config, Networks> {
  const { name, config, networks, optimizers, joint, held = [] } = parts;
  const all = Object.values(networks).flat() as Network[];
  const own = [...all.flatMap((each) => each.variables), ...(parts.variables ?? [])];
  const variables = [...own, ...(joint?.variables ?? [])];
  const state = { name, config, variables, optimizers };
  const pure = "step" in parts ? pureUpdate(parts, { variables, optimizers, joint, held }) : undefined;
  let updates = 0;
  return {
    name,
    config,
    networks,
    act: parts.act,
    ...(parts.items ? { items: parts.items } : {}),
    ...(joint ? { encoder: () => joint.online.frozen() } : {}),
    ...(pure ? { eagerBecause: pure.refused } : {}),
    learn: (batch) =>
      tf().tidy(() => {
        updates++;
        const random = parts.random.fork(`update ${updates}`);
        if (!("learn" in parts)) return pure!.learn(batch, updates, random);
        return parts.learn(joint ? joint.encoded(batch) : batch, updates, random);
      }),
    save: (folder) => saveAgentState(folder, { ...state, updates }),
    load: async (folder) => {
      updates = await loadAgentState(folder, state);
    },
    dispose() {
      for (const part of [pure, ...own, ...optimizers, joint, ...held]) part?.dispose();
    },
  };
}

/** Everything of an agent that changes while it learns. */
interface AgentState {
  readonly name: string;
  readonly config: object;
  readonly updates: number;
  readonly variables: readonly Variable[];
  readonly optimizers: readonly Optimizer[];
}

/** What stands before the numbers in agent.arrays. */
interface AgentHeader extends Pick<AgentState, "name" | "config" | "updates"> {
  /** of each optimiser */
  readonly steps: readonly number[];
}

const fileIn = (folder: string): string => join(folder, "agent.arrays");
const nameOfVariable = (i: number): string => `variable ${i}`;
const nameOfMoment = (optimizer: number, i: number): string => `optimizer ${optimizer} moment ${i}`;

/** Writes an agent as agent.arrays: its variables and each optimiser's moments. */
async function saveAgentState(folder: string, state: AgentState): Promise<void> {
  const { name, config, updates, variables, optimizers } = state;
  const arrays: Record<string, Float32Array> = {};
  for (const [i, variable] of variables.entries())
    arrays[nameOfVariable(i)] = Float32Array.from(variable.dataSync());
  const learned = optimizers.map((optimizer) => optimizer.state());
  for (const [o, { moments }] of learned.entries())
    for (const [i, moment] of moments.entries()) arrays[nameOfMoment(o, i)] = moment;
  const header: AgentHeader = { name, config, updates, steps: learned.map(({ steps }) => steps) };
  await writeArrays(fileIn(folder), header, arrays);
}

/**
 * Reads what `saveAgentState` wrote into an agent of the same sizes, and returns its number of updates.
 *
 * @throws when the file is another agent's, of other sizes, or not the one that was written.
 */
async function loadAgentState(folder: string, state: Omit<AgentState, "updates">): Promise<number> {
  const { name, variables, optimizers } = state;
  const { header, arrays } = await readArrays<AgentHeader>(fileIn(folder));
  if (header.name !== name)
    throw new Error(`load requires the state of ${name}, got ${header.name} in ${folder}`);
  const momentsOf = (optimizer: Optimizer): number[] =>
    optimizer.variables.flatMap(({ size }) => [size, size]);
  const sizes = [
    ...variables.map(({ size }, i) => [nameOfVariable(i), size]),
    ...optimizers.flatMap((each, o) => momentsOf(each).map((size, i) => [nameOfMoment(o, i), size])),
  ];
  if (
    sizes.join() !==
    Object.entries(arrays)
      .map(([key, { length }]) => [key, length])
      .join()
  )
    throw new Error(`load requires an agent of the same sizes, got others in ${folder}`);
  const numbersOf = (key: string): Float32Array => arrayOf(arrays, key, Float32Array, fileIn(folder));
  for (const [i, variable] of variables.entries())
    tf().tidy(() => variable.assign(tf().tensor(numbersOf(nameOfVariable(i)), variable.shape, "float32")));
  for (const [o, optimizer] of optimizers.entries())
    optimizer.restore({
      steps: header.steps[o],
      moments: momentsOf(optimizer).map((_, i) => numbersOf(nameOfMoment(o, i))),
    });
  return header.updates;
}
