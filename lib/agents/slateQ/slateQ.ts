/**
 * SlateQ: values of slates from values of items. Ie, Jain, Wang, Narvekar, Agarwal, Wu, Cheng, Lustman, Gatto,
 * Covington, McFadden, Chandra and Boutilier, Reinforcement learning for slate-based recommender systems: a tractable
 * decomposition and practical methodology, 2019, arXiv 1905.12767. Where a reader takes one item of a slate or
 * nothing (⊥), and all that follows depends on what was taken alone,
 *
 *   Q(s, A) = Σ_{i ∈ A ∪ ⊥} P(i|s, A) Q(s, i)                     (proposition 3)
 *   Q(s, i) ← r + γ max_A′ Σ_{j ∈ A′ ∪ ⊥} P(j|s′, A′) Q(s′, j)     (equation 20; SARSA: A′ as logged, equation 19)
 *
 * so that items are learned, not slates, from whatever slates a log has.
 *
 * ⊥ is an item of each slate in the paper's assumptions, so that Q(s, ⊥) = γ E V(s′) belongs to the sums, and is here
 * learned from the steps without a click like any other (`noClick` learned). In its slate optimisation (equations 22 to
 * 28) and in RecSim's own agent ⊥ counts 0 (`noClick` zero): a reader who takes nothing is then taken to be gone. Where
 * 40% of slates are passed over that is a discount of .6 a step on top of γ, whatever γ is.
 *
 * Numbered differences: (1) ⊥, see above; the rules of slates rank by Q(s, i) − Q(s, ⊥); (2) the choice model may be
 * fitted to the log; (3) offline a table is fitted in sweeps over the whole log (batch updating), a network by batches
 * towards values that stand still for some hundred updates; (4) values start at what the log's steps would earn if all
 * states were alike, r̄ / (1 − γ (1 − share of ends)), which saves hundreds of sweeps at long sight; (5) a network is
 * small and learns slowly: what items differ by is a few per cent of the noise in a target, which is when a session
 * ends. Unlike RecSim's agent the target asks about the next state.
 */

import { z } from "zod";
import { type Changes, parseSettings } from "../../data/settings";
import type { Random } from "../../math/random";
import { type ChoiceModel, choiceKinds, fitInterestChoice, interestChoice } from "./choiceModel";
import type { ItemValues } from "./itemValues";
import { networkValues } from "./networkValues";
import { requireSlateShape, type SlateShape, type SlateSteps, takeSteps } from "./slateSteps";
import { fillSlate, type SlateRule, slateRules } from "./slates";
import { chosenItems, slateTargets, targetKinds, weightsOf } from "./slateTargets";
import { cellKinds, tableValues } from "./tableValues";

export const slateQSettings = z.strictObject({
  discount: z
    .number()
    .min(0)
    .max(1)
    .default(0.998)
    .describe("how much the next step counts (γ); 0: myopic; 1 where sessions end by themselves"),
  target: z
    .enum(targetKinds)
    .default("exact")
    .describe("which next slate a value counts on: the best by a rule, or the logged one (SARSA)"),
  serve: z.enum(slateRules).default("exact").describe("the rule by which slates are made"),
  noClick: z
    .enum(["learned", "zero"])
    .default("learned")
    .describe("what a passed-over slate is worth: what going on brings, or 0 as in RecSim's agent"),
  choice: z.enum(choiceKinds).default("logit").describe("how readers are taken to choose by interest"),
  fitChoice: z
    .boolean()
    .default(true)
    .describe("fit the choice's numbers to the log by maximum likelihood; false: as given"),
  slope: z.number().default(1).describe("of the logit: what a point of interest counts"),
  nullUtility: z.number().default(1).describe("logarithm of the weight of taking nothing"),
  values: z.enum(["table", "network"]).default("table").describe("how values of items are kept"),
  cells: z
    .enum(cellKinds)
    .default("own")
    .describe("a table's cells: by the interest in the item itself, or by all numbers of the state"),
  bins: z.int().min(1).default(8).describe("parts into which a table divides the range of a number"),
  low: z.number().default(-1).describe("smallest number of a state that a table tells apart"),
  high: z.number().default(1).describe("largest number of a state that a table tells apart"),
  sweeps: z.int().min(1).default(1000).describe("times a table is fitted to the log, at most"),
  tolerance: z
    .number()
    .gt(0)
    .default(1e-4)
    .describe("a table is done when no value changes by more than this share of the largest"),
  tableRate: z
    .number()
    .gt(0)
    .max(1)
    .default(0.1)
    .describe("share of the way to its targets that a table goes with a batch (α)"),
  hidden: z.array(z.int().min(1)).readonly().default([16]).describe("widths of a network's layers"),
  learningRate: z.number().gt(0).default(3e-4).describe("the optimiser's step for a network"),
  batchSize: z.int().min(1).default(512).describe("steps of the log in a batch"),
  updates: z.int().min(1).default(8000).describe("batches that a network is trained with offline"),
  followEvery: z
    .int()
    .min(1)
    .default(100)
    .describe("updates between two looks of a network at its own values"),
});

export type SlateQConfig = Readonly<z.output<typeof slateQSettings>>;

export interface SlateQProblem {
  readonly shape: SlateShape;
  /** Draws initial weights and batches. */
  readonly random: Random;
  /** A choice model of one's own, which then is not fitted. */
  readonly choice?: ChoiceModel;
}

export interface SlateQ {
  readonly name: "slate-q";
  readonly config: SlateQConfig;
  readonly shape: SlateShape;
  readonly values: ItemValues;
  /** The choice model as it is now. */
  choice(): ChoiceModel;
  /** Fits the choice to a log, where the settings say so. */
  fitChoice(steps: SlateSteps): void;
  /** Puts all values where they would be if all states were alike, before anything is learned; 0 without it. */
  start(steps: SlateSteps): void;
  /** Fits the choice, starts, and learns from a whole log; learns on where it was started. @returns sweeps of a table, or updates of a network, that it took */
  train(steps: SlateSteps): number;
  /** One update from some steps, as when learning by acting. @returns the largest change, or the loss */
  learn(steps: SlateSteps): number;
  /** Slates [n × k] of places among the candidates [n × m], in states [n × S]; by `serve` unless told otherwise. */
  slates(states: Float32Array, candidates: Int32Array, rule?: SlateRule): Int32Array;
  dispose(): void;
}

/**
 * An agent that learns what slates bring by learning what items bring.
 *
 * @throws on unknown or bad settings by name, or sizes that do not fit each other.
 * @example
 * const agent = slateQ({ shape: log.shape, random: random(1) }, { discount: 0.99 });
 * agent.train(log);
 * playWorld(slateQPolicy(agent), world.environments(2000), random(2)).returns
 */
export function slateQ(
  { shape, random, choice: own }: SlateQProblem,
  changes: Changes<typeof slateQSettings> = {},
): SlateQ {
  requireSlateShape(shape);
  const config = parseSettings("slate-q", slateQSettings, changes);
  const { noClick, low, high } = config;
  if (!(high > low)) throw new Error(`slate-q requires a high above low, got ${high} and ${low}`);
  const values: ItemValues =
    config.values === "table"
      ? tableValues({ shape, cells: config.cells, bins: config.bins, range: [low, high] })
      : networkValues({ ...config, shape, random: random.fork("weights") });
  const draw = random.fork("batches");
  let choice =
    own ?? interestChoice({ kind: config.choice, slope: config.slope, nullUtility: config.nullUtility });
  let started = false;
  let updates = 0;

  const targetsOf = (steps: SlateSteps): (() => Float64Array) =>
    slateTargets(steps, values, { ...config, choice });
  const start = (steps: SlateSteps): void => {
    if (started) return;
    started = true;
    values.startAt(...startOf(steps, config));
  };
  const fitChoice = (steps: SlateSteps): void => {
    if (own === undefined && config.fitChoice)
      choice = interestChoice(fitInterestChoice(config.choice, steps));
  };
  const learn = (steps: SlateSteps, rate: number): number => {
    const change = values.learn(steps.states, chosenItems(steps, noClick), targetsOf(steps)(), rate);
    updates++;
    if (updates % config.followEvery === 0) values.follow();
    return change;
  };

  /** Sweeps until values stand still: each is a contraction by γ times the share of steps that go on. */
  const sweep = (steps: SlateSteps): number => {
    const [chosen, targets] = [chosenItems(steps, noClick), targetsOf(steps)];
    for (let sweeps = 1; ; sweeps++) {
      const change = values.learn(steps.states, chosen, targets(), 1);
      const largest = values.numbers().reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      if (change <= config.tolerance * largest || sweeps === config.sweeps) return sweeps;
    }
  };

  return {
    name: "slate-q",
    ...{ config, shape, values, fitChoice, start },
    choice: () => choice,
    train(steps) {
      fitChoice(steps);
      start(steps);
      if (config.values === "table") return sweep(steps);
      const rows = new Int32Array(config.batchSize);
      for (let update = 0; update < config.updates; update++) {
        for (let i = 0; i < rows.length; i++) rows[i] = draw.integer(steps.size);
        learn(takeSteps(steps, rows), 1);
      }
      return config.updates;
    },
    learn: (steps) => learn(steps, config.tableRate),
    slates(states, candidates, rule = config.serve) {
      const { offers, slots, stateSize } = shape;
      const rows = states.length / stateSize;
      const said = values.asked(states, candidates)("online");
      const weights = weightsOf(choice, states, candidates, shape);
      const slates = new Int32Array(rows * slots);
      const gains = new Float64Array(offers);
      for (let row = 0; row < rows; row++) {
        const at = row * (offers + 1);
        const nothing = noClick === "zero" ? 0 : said[at + offers];
        for (let c = 0; c < offers; c++) gains[c] = said[at + c] - nothing;
        const own = weights.subarray(row * offers, (row + 1) * offers);
        const slate = slates.subarray(row * slots, (row + 1) * slots);
        fillSlate(rule, { weights: own, gains, nullWeight: choice.nullWeight }, slate);
      }
      return slates;
    },
    dispose: () => values.dispose(),
  };
}

/** Q of an item and of ⊥ where all states, items and slates are alike: the fixed point of a table of two cells. */
export function startOf(
  { size, rewards, clicked, terminated }: SlateSteps,
  { discount, noClick }: Pick<SlateQConfig, "discount" | "noClick">,
): [item: number, nothing: number] {
  let [reward, clicks, endsOfClicks, ends] = [0, 0, 0, 0];
  for (let row = 0; row < size; row++) {
    reward += rewards[row];
    ends += terminated[row];
    if (clicked[row] < 0) continue;
    clicks++;
    endsOfClicks += terminated[row];
  }
  if (size === 0 || clicks === 0) return [0, 0];
  // Where nothing ever ends, and all counts, there is no such value: 0 is as good as any.
  const over = (sum: number, left: number): number => (left > 0 ? sum / left : 0);
  if (noClick === "zero") {
    const goesOn = discount * (1 - endsOfClicks / clicks) * (clicks / size);
    return [over(reward / clicks, 1 - goesOn), 0];
  }
  const value = over(reward / size, 1 - discount * (1 - ends / size));
  return [value, discount * value];
}
