/**
 * LinUCB. Li, Chu, Langford and Schapire, A contextual-bandit approach to personalized news article
 * recommendation, WWW 2010 (arXiv 1003.0146), Algorithm 1:
 *
 *   A ← A + x xᵀ,  b ← b + r x,  θ = A⁻¹ b,  score(x) = θᵀx + α √(xᵀ A⁻¹ x)
 *
 * Numbered differences: (1) one model for all items over features of user and item, the shared part of their
 * Algorithm 2 (analysed by Chu, Li, Reyzin and Schapire 2011), since most items are seen too seldom for a model
 * of their own; (2) over a log, A and b are summed at once, in closed form; (3) what was not taken may be
 * sampled with reward 0 (`negatives`, see there); (4) α is 0 by default: a bonus for the unknown pays where what
 * it shows is then learned from (`update`), and a log cannot answer.
 */

import { z } from "zod";
import { parseSettings } from "../../data/settings";
import { coReading } from "../../embeddings/coReading";
import { repeating } from "../../retrieval/recommender";
import { rankedBy } from "../../retrieval/scorer";
import {
  type IncrementalAgent,
  type IncrementalProblem,
  loadColumns,
  requireFeedback,
  requireLog,
  saveColumns,
} from "../incrementalAgent";
import { historyOf, trajectories } from "../trajectories";
import { contextSums, explainedBy } from "./contextSums";
import { itemClock } from "./itemClock";
import { contextSize, inTime, runningTastes, tasteOf, writeContext } from "./linUcbContext";
import { addWidths, linearScores } from "./linUcbScores";
import { ridgeRegression } from "./ridgeRegression";

/**
 * `negatives`: items that the user has not seen (where items may come again, others than the one taken), drawn with each row and learned from with reward 0. With none the
 * regression says what reward an item would bring if it were taken, and ranks the well liked first, however unlikely
 * they are to be taken; with some, reward times how likely it is to be taken at all. Chosen on validation rows of
 * goodbooks (temporal): NDCG@10 .007 without negatives, .070 with 1, .095 with 10.
 */
export const linUcbSettings = z.strictObject({
  alpha: z.number().min(0).default(0).describe("how much the unknown is favoured (α)"),
  ridge: z.number().gt(0).default(1).describe("weight of the squared length of the coefficients (λ)"),
  negatives: z
    .int()
    .min(0)
    .default(10)
    .describe("unseen items drawn with each row and learned from with reward 0"),
  vectorWidth: z
    .int()
    .min(1)
    .default(32)
    .describe("numbers in an item vector (co-reading vectors of the train rows)"),
  recency: z
    .number()
    .gt(0)
    .max(1)
    .default(0.8)
    .describe("weight of a history's item in the user's taste, for each step back"),
  window: z
    .number()
    .gt(0)
    .nullable()
    .default(null)
    .describe(
      "interactions after which a count of recent popularity is worth 1/e; null: a fiftieth of the log",
    ),
  temperature: z
    .number()
    .gt(0)
    .default(0.05)
    .describe("temperature of the served policy, a softmax over scores / T"),
});

export type LinUcbConfig = Readonly<z.output<typeof linUcbSettings>>;

/** A linear bandit that can be looked into. */
export interface LinUcbAgent extends IncrementalAgent {
  readonly config: LinUcbConfig;
  /** θ [d], in the order of `writeContext` */
  coefficients(): Float64Array;
}

/** A linear bandit is made for the same, and may be given item vectors. */
export interface LinUcbProblem extends IncrementalProblem {
  /** [N × F], in place of co-reading vectors of the train rows */
  readonly itemVectors?: Float32Array;
}

/**
 * A linear bandit over the context of user, item and moment (`writeContext`).
 *
 * learn gives: rows (with the sampled ones), meanReward, and explained, the share of the rewards' variance that
 * the regression accounts for on the rows it was fitted to.
 *
 * @throws on unknown or bad settings by name.
 * @example linUcb({ items: catalog.size, random: random(1) }, { negatives: 0 }).learn({ histories, rewards })
 */
export function linUcb(problem: LinUcbProblem, changes: z.input<typeof linUcbSettings> = {}): LinUcbAgent {
  const name = "lin-ucb";
  const config = parseSettings(name, linUcbSettings, changes);
  const { items, random, repeats = false } = problem;
  const { alpha, ridge, negatives, vectorWidth: width, recency } = config;
  const size = contextSize(width);
  let vectors = problem.itemVectors ?? new Float32Array(items * width);
  if (vectors.length !== items * width)
    throw new Error(
      `${name} requires ${items} item vectors of ${width} numbers, got ${vectors.length} numbers`,
    );
  let model = ridgeRegression(size, { ridge });
  let clock = itemClock(items);
  const known = trajectories();
  const savedAs = { name, items, config };
  const columns = () => ({ vectors, ...model.columns(), ...clock.columns(), ...known.columns() });

  /** Items the user has not seen by now, up to `negatives`: the same ones in learn as in update. */
  const drawOthers = (isSeen: (item: number) => boolean): number[] => {
    const drawn: number[] = [];
    if (negatives === 0) return drawn;
    const draw = random.fork(`moment ${clock.now()}`);
    for (let tries = 0; drawn.length < negatives && tries < 10 * negatives; tries++) {
      const item = draw.integer(items);
      if (!isSeen(item)) drawn.push(item);
    }
    return drawn;
  };

  const ranked = rankedBy({
    name,
    items,
    scores(histories) {
      const source = { vectors, clock, width, items, model };
      const tastes = tasteOf(histories, vectors, { width, recency });
      const scores = linearScores(source, tastes);
      if (alpha > 0) addWidths(source, tastes, { scores, alpha });
      return scores;
    },
  });

  const scorer = repeats ? repeating(ranked) : ranked;

  return {
    ...scorer,
    config,
    temperature: config.temperature,
    coefficients: () => model.coefficients(),
    learn(log) {
      requireLog(name, log, items);
      const { histories, rewards } = log;
      vectors =
        problem.itemVectors ?? coReading(histories, items, random.fork("item vectors"), { factors: width });
      model = ridgeRegression(size, { ridge });
      clock = itemClock(items);
      clock.forgetAfter(config.window ?? Math.max(100, rewards.length / 50));
      const sums = contextSums(size);
      const tastes = runningTastes(histories.size, vectors, { width, recency });
      const { order, owners } = inTime(histories);
      for (const e of order) {
        const [item, reward, owner] = [histories.items[e], rewards[e], owners[e]];
        const taste = tastes.of(owner);
        const isSeen = (one: number): boolean => {
          if (repeats) return one === item;
          for (let at = histories.offsets[owner]; at <= e; at++) if (histories.items[at] === one) return true;
          return false;
        };
        const context = { vectors, clock, width };
        sums.add(reward, (row, at) => writeContext(context, { taste, from: 0, item }, row, at));
        for (const other of drawOthers(isSeen))
          sums.add(0, (row, at) => writeContext(context, { taste, from: 0, item: other }, row, at));
        tastes.add(owner, item);
        clock.tick(item, reward);
      }
      const { gram, moments, rows, total, squares } = sums.take();
      model.absorb(gram, moments);
      known.follow(log);
      return {
        rows,
        meanReward: total / rows,
        explained: explainedBy(model, { moments, gram, rows, total, squares }),
      };
    },
    update(feedback) {
      requireFeedback(name, feedback, items);
      const { user, item, reward } = feedback;
      const trajectory = known.of(user);
      const taste = tasteOf(historyOf(user, trajectory.items), vectors, { width, recency });
      const seen = new Set(repeats ? [item] : [...trajectory.items, item]);
      const row = new Float64Array(size);
      const observe = (one: number, worth: number): void => {
        writeContext({ vectors, clock, width }, { taste, from: 0, item: one }, row, 0);
        model.observe(row, worth);
      };
      observe(item, reward);
      for (const other of drawOthers((one) => seen.has(one))) observe(other, 0);
      clock.tick(item, reward);
      trajectory.items.push(item);
      trajectory.reward = reward;
    },
    async save(folder) {
      await saveColumns(folder, savedAs, columns());
    },
    async load(folder) {
      const saved = await loadColumns(folder, savedAs, columns());
      vectors = saved.vectors;
      model.restore(saved);
      clock.restore(saved);
      known.restore(saved);
    },
  };
}
