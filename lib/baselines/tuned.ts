import type { Interactions } from "../data/interactions";
import type { Split } from "../data/split";
import { type BaselineSettings, defaultSettings } from "./settings";

/** Settings found by `tuneBaselines`' grids on validation rows (NDCG@10, learned from train). */
const tuned: Readonly<Record<string, Partial<BaselineSettings>>> = {
  "goodbooks temporal": {
    recentPopularity: { window: 5000 },
    itemKnn: { neighbours: 50, shrinkage: 10 },
    itemKnnRecency: { neighbours: 100, shrinkage: 10, recency: 0.8 },
    ease: { regularisation: 50 },
    easeRecency: { regularisation: 200, recency: 0.8 },
    sequenceRules: {
      reach: 10,
      recency: 0.9,
      gapDecay: 0.95,
      backward: 0.5,
      sourcePenalty: 0.75,
      targetPenalty: 0.25,
      positiveAt: 4,
    },
    popularityWeight: 0.1,
  },
  "goodbooks leave-one-out": {
    recentPopularity: { window: 5000, ends: "history" },
  },
  "ml-100k leave-one-out": {
    recentPopularity: { window: 14, ends: "history" },
    itemKnn: { neighbours: 300, shrinkage: 0 },
    itemKnnRecency: { neighbours: 300, shrinkage: 10, recency: 0.6 },
    ease: { regularisation: 100 },
    easeRecency: { regularisation: 500, recency: 0.95 },
    sequenceRules: {
      reach: 10,
      recency: 0.8,
      gapDecay: 0.95,
      backward: 1,
      sourcePenalty: 0.75,
      targetPenalty: 0.5,
    },
    popularityWeight: 0.01,
  },
};

/**
 * The settings of a dataset and protocol: those found on its validation rows where that was done, else the
 * defaults (`source` says which, for the table that shows the figures).
 *
 * @param name the dataset's name
 * @example settingsFor("goodbooks", interactions, split).settings.recentPopularity.window // 5000
 */
export function settingsFor(
  name: string,
  interactions: Interactions,
  split: Split,
): { readonly settings: BaselineSettings; readonly source: "tuned on validation" | "defaults" } {
  const found = tuned[`${name} ${split.protocol}`];
  const settings = { ...defaultSettings(interactions, split), ...found };
  return { settings, source: found === undefined ? "defaults" : "tuned on validation" };
}
