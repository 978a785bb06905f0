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

import type { Histories } from "../data/histories";
import { coReading } from "../embeddings/coReading";
import { rankedBy } from "../retrieval/scorer";
import { product } from "../tensors/linearAlgebra";
import { agentConfig, type Rule, rules } from "./agentConfig";
import { loadColumns, saveColumns } from "./columnFile";
import {
  type IncrementalAgent,
  type IncrementalProblem,
  requireFeedback,
  requireLog,
  type RewardedLog,
} from "./incrementalAgent";
import { type ItemClockColumns, clockFeatures, itemClock } from "./itemClock";
import { contextSize, inTime, tasteOf, writeContext } from "./linUcbContext";
import { ridgeRegression } from "./ridgeRegression";
import { historyOf, type TrailColumns, trails } from "./trails";

export interface LinUcbConfig {
  /** α from 0: how much the unknown is favoured. */
  readonly alpha: number;
  /** λ above 0: weight of the squared length of θ. */
  readonly ridge: number;
  /**
   * Items that were not had, drawn with each row and learned from with reward 0. With none the regression says
   * what reward an item would bring if it were taken, and ranks the well liked first, however unlikely they are
   * to be taken; with some, reward times how likely it is to be taken at all. From 0.
   */
  readonly negatives: number;
  /** F: numbers in an item vector (co-reading vectors of the train rows), from 1. */
  readonly vectorWidth: number;
  /** In (0, 1]: weight of a history's item in the user's taste, for each step back. */
  readonly recency: number;
  /** Interactions after which a count of recent popularity is worth 1/e, above 0; null: a fiftieth of the log. */
  readonly window: number | null;
}

export const linUcbDefaults: LinUcbConfig = {
  alpha: 0,
  ridge: 1,
  negatives: 4,
  vectorWidth: 32,
  recency: 0.8,
  window: null,
};

const checks = {
  alpha: rules.notNegative,
  ridge: rules.positive,
  negatives: rules.count,
  vectorWidth: ["a whole number from 1", (value) => Number.isSafeInteger(value) && (value as number) >= 1] as Rule,
  recency: ["a number in (0, 1]", (value) => typeof value === "number" && value > 0 && value <= 1] as Rule,
  window: rules.positiveOrNone,
};

/** A linear bandit that can be looked into. */
export interface LinUcbAgent extends IncrementalAgent {
  readonly config: LinUcbConfig;
  /** θ [d], in the order of `writeContext` */
  coefficients(): Float64Array;
}

/** Contexts summed in one matrix product. */
const rowsAtOnce = 4096;

/**
 * A linear bandit over the context of user, item and moment (`writeContext`).
 *
 * @param problem.itemVectors [N × F] in place of co-reading vectors
 * @throws on unknown or bad settings by name.
 * @example linUcb({ items: catalog.size, random: random(1) }, { negatives: 0 }).learn({ histories, rewards })
 */
export function linUcb(problem: IncrementalProblem & { readonly itemVectors?: Float32Array }, changes: object = {}): LinUcbAgent {
  const name = "lin-ucb";
  const config = agentConfig<LinUcbConfig>(name, linUcbDefaults, changes, checks);
  const { items, random } = problem;
  const { alpha, ridge, negatives, vectorWidth: width, recency } = config;
  const size = contextSize(width);
  let vectors = problem.itemVectors ?? new Float32Array(items * width);
  if (vectors.length !== items * width)
    throw new Error(`${name} requires ${items} item vectors of ${width} numbers, got ${vectors.length} numbers`);
  const model = ridgeRegression(size, { ridge });
  const clock = itemClock(items);
  const known = trails();
  const about = { name, items, ...config };

  /** Items that the user has not had, for one moment; the same for learn and update. */
  const drawNegatives = (isTaken: (item: number) => boolean): number[] => {
    if (negatives === 0) return [];
    const draw = random.fork(`negatives ${clock.now()}`);
    const drawn: number[] = [];
    for (let tries = 0; drawn.length < negatives && tries < 10 * negatives; tries++) {
      const item = draw.integer(items);
      if (!isTaken(item)) drawn.push(item);
    }
    return drawn;
  };

  const linear = (histories: Histories): Float64Array => {
    const theta = model.coefficients();
    const columns = width + clockFeatures;
    const taste = tasteOf(histories, vectors, { width, recency });
    const queries = new Float32Array(histories.size * columns);
    const constants = new Float64Array(histories.size).fill(theta[0]!);
    for (let h = 0; h < histories.size; h++)
      for (let c = 0; c < columns; c++) {
        const own = c < width ? taste[h * width + c]! : 0;
        constants[h]! += c < width ? theta[1 + c]! * own : 0;
        queries[h * columns + c] = c < width ? theta[1 + width + c]! + theta[1 + 2 * width + c]! * own : theta[1 + 2 * width + c]!;
      }
    return new Float64Array(0);
  };

  return undefined as never;
}
