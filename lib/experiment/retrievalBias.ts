import type { NextItemModel } from "../encoders/nextItemModel";
import {
  type RecentPopularitySetting,
  recentPopularityBias,
  tuneRecentPopularity,
} from "../encoders/recentPopularityBias";
import type { ExperimentData } from "./experimentData";

/** How recent popularity enters the items' bias at retrieval; strength 0 and own 1 leave the model's own bias. */
export type RetrievalBias = RecentPopularitySetting;

export const ownBias: RetrievalBias = { window: 1, strength: 0, own: 1 };

/** Windows that are tried, as shares of the train rows. */
const windowShares = [0.01, 0.02, 0.05, 0.1];

/** b [N] in logits. @param minimumWeight rows below it are not counted */
export function biasOf(
  choice: RetrievalBias,
  model: NextItemModel,
  data: ExperimentData,
  minimumWeight?: number,
): Float32Array {
  if (choice.strength === 0 && choice.own === 1) return model.itemBias;
  const counted = minimumWeight === undefined ? {} : { minimumWeight };
  return recentPopularityBias(model, data.dataset.interactions, data.rows, { ...choice, ...counted });
}

/**
 * Chooses on the validation users how much of what everybody had lately the retrieval adds: what people read
 * changes while a model stands still, and the bias coordinate is where it can be told. It is chosen as the
 * settings of the baselines are: as it was at the validation cut, counting train to its end.
 *
 * Without validation users the model's own bias stands.
 */
export function chooseRetrievalBias(
  model: NextItemModel,
  data: ExperimentData,
  minimumWeight?: number,
): RetrievalBias {
  if (data.validation === undefined) return ownBias;
  const { split, dataset } = data;
  const { best } = tuneRecentPopularity(model, dataset.interactions, split, {
    windows: windowShares.map((share) => Math.max(1, Math.round(share * split.train.length))),
    relevantAt: data.relevantAt,
    ...(minimumWeight === undefined ? {} : { minimumWeight }),
  });
  const { window, strength, own } = best;
  return { window, strength, own };
}
