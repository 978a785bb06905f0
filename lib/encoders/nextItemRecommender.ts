import type { Histories } from "../data/histories";
import { batchIndex } from "../retrieval/batchIndex";
import { queriesWithOne, withBias } from "../retrieval/geometry";
import { leftOut, type Recommender, type RecommendOptions } from "../retrieval/recommender";
import type { NextItemModel } from "./nextItemModel";

export interface NextItemRecommenderOptions {
  /** "next-item" by default. */
  readonly name?: string;
  /** [N] biases in logits instead of the model's own; see recentPopularityBias. */
  readonly bias?: ArrayLike<number>;
}

/**
 * Ranks the catalogue by the model's logit q·v/T + b, less what the history holds. Scores are T times the
 * logit, summed in double precision over the model's single-precision numbers, ties to the smaller row.
 *
 * @example nextItemRecommender(model).recommend(task.histories, 10)
 */
export function nextItemRecommender(
  model: NextItemModel,
  options: NextItemRecommenderOptions = {},
): Recommender & { dispose(): void } {
  const width = model.headBias.length;
  const bias = Float64Array.from(options.bias ?? model.itemBias);
  const index = batchIndex(withBias(model.itemVectors, bias, model.temperature), width + 1);
  return {
    name: options.name ?? "next-item",
    recommend(histories: Histories, k: number, options?: RecommendOptions) {
      const queries = model.queries(model.encoder.encode(histories));
      return index.search(queriesWithOne(queries, width), k, leftOut(histories, options));
    },
    dispose: () => index.dispose(),
  };
}
