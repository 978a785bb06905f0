import type { Interactions } from "../data/interactions";
import type { Split } from "../data/split";
import { type Task, taskOf } from "../data/task";
import { popularityBias } from "../embeddings/popularityBias";
import { batchIndex } from "../retrieval/batchIndex";
import { queriesWithOne, withBias } from "../retrieval/geometry";
import type { NextItemModel } from "./nextItemModel";
import { ndcgOf } from "./validationNdcg";

/** How recent popularity enters the item-bias coordinate. */
export interface RecentPopularitySetting {
  /** How many of the last train rows are counted. */
  readonly window: number;
  /** Multiplies the log of the recent share; 0 switches it off. */
  readonly strength: number;
  /** Multiplies the model's own item bias: 1 keeps it, 0 replaces it. */
  readonly own: number;
}

export interface RecentPopularityTrial extends RecentPopularitySetting {
  readonly validationNdcg: number;
}

export interface RecentPopularityOptions {
  readonly windows?: readonly number[];
  readonly strengths?: readonly number[];
  readonly own?: readonly number[];
  /** Whose lists choose: `data.validation`, say. All validation users by default. */
  readonly task?: Task;
  /** Validation rows are relevant from this weight; by default the protocol's rule. A task given has its own. */
  readonly relevantAt?: number | null;
  /** Rows that weigh less are not counted; all by default. */
  readonly minimumWeight?: number;
  /** Added to every count, above 0; 1 by default. */
  readonly smoothing?: number;
  /**
   * Train rows before the validation cut that are left out of the counts while settings are chosen. At the test
   * cut, popularity counted on train is old by the whole of validation: a gap as long as that makes the choice
   * under the same staleness. 0 by default.
   */
  readonly gap?: number;
}

export interface TunedRecentPopularity {
  readonly best: RecentPopularityTrial;
  readonly trials: readonly RecentPopularityTrial[];
  /** [N] biases in logits at the best setting, counted to the end of train; hand them to nextItemRecommender. */
  readonly bias: Float32Array;
}

/**
 * The model's biases and recent popularity together: own·b + strength·log(recent share). In probabilities: the
 * softmax times recent popularity to the power of `strength`.
 *
 * @param rows rows of the log that may be counted, ascending
 * @returns [N] biases in logits
 */
export function recentPopularityBias(
  model: Pick<NextItemModel, "itemBias">,
  interactions: Interactions,
  rows: Int32Array,
  setting: RecentPopularitySetting & Pick<RecentPopularityOptions, "minimumWeight" | "smoothing">,
): Float32Array {
  const { own, window, strength, minimumWeight = Number.NEGATIVE_INFINITY, smoothing = 1 } = setting;
  const recent = popularityBias(interactions, rows, { window, strength, minimumWeight, smoothing });
  return recent.map((value, item) => value + own * model.itemBias[item]);
}

/**
 * Chooses window, strength and share of the model's own bias by NDCG@10 of validation users; train rows alone are
 * counted. Strength 0 with the model's own bias is among the trials, so that tuning cannot do worse
 * than the plain model on validation. Ties go to the earlier trial.
 *
 * @example
 * const tuned = tuneRecentPopularity(model, interactions, split, { task: data.validation });
 * nextItemRecommender(model, { bias: tuned.bias, name: "next-item × RecentPop" });
 */
export function tuneRecentPopularity(
  model: NextItemModel,
  interactions: Interactions,
  split: Split,
  options: RecentPopularityOptions = {},
): TunedRecentPopularity {
  const {
    windows = [2000, 5000, 10000, 20000],
    strengths = [0.5, 1, 1.5, 2, 3, 4],
    own = [1, 0],
    gap = 0,
  } = options;
  const { train } = split;
  if (!(Number.isInteger(gap) && gap >= 0 && gap < train.length))
    throw new Error(`tuneRecentPopularity requires a gap in 0 .. ${train.length - 1} rows, got ${gap}`);
  const { minimumWeight = Number.NEGATIVE_INFINITY, smoothing = 1 } = options;
  const counted = { minimumWeight, smoothing };
  const { relevantAt, task = taskOf(interactions, split, "validation", { relevantAt }) } = options;
  const width = model.headBias.length;
  const queries = queriesWithOne(model.queries(model.encoder.encode(task.histories)), width);
  const early = train.subarray(0, train.length - gap);
  const settings: RecentPopularitySetting[] = [{ window: windows[0], strength: 0, own: 1 }];
  for (const window of windows)
    for (const strength of strengths)
      for (const share of own) settings.push({ window, strength, own: share });
  const trials = settings.map((setting): RecentPopularityTrial => {
    const bias = recentPopularityBias(model, interactions, early, { ...setting, ...counted });
    const index = batchIndex(withBias(model.itemVectors, bias, model.temperature), width + 1);
    const lists = index.search(queries, 10, { seen: task.histories });
    index.dispose();
    return { ...setting, validationNdcg: ndcgOf(lists, task) };
  });
  const best = trials.reduce((a, b) => (b.validationNdcg > a.validationNdcg ? b : a));
  return { best, trials, bias: recentPopularityBias(model, interactions, train, { ...best, ...counted }) };
}
