import type { Interactions } from "../data/interactions";
import type { Split } from "../data/split";
import { type BaselineSettings, defaultSettings } from "./settings";

/**
 * By dataset, protocol and number of interactions: another sample of the same data wants other settings.
 * Each names every baseline: what is missing would be a default that passes for tuned.
 * Settings found by `tuneBaselines`' grids on validation rows (NDCG@10, learned from train).
 */
const tuned: Readonly<Record<string, Omit<BaselineSettings, "positiveAt">>> = {
  "goodbooks temporal 298176": {
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
  "goodbooks leave-one-out 298176": {
    recentPopularity: { window: 5000, ends: "history" },
    itemKnn: { neighbours: 20, shrinkage: 0 },
    itemKnnRecency: { neighbours: 300, shrinkage: 0, recency: 0.5 },
    ease: { regularisation: 50 },
    easeRecency: { regularisation: 50, recency: 0.6 },
    sequenceRules: {
      reach: 10,
      recency: 0.7,
      gapDecay: 0.6,
      backward: 1,
      sourcePenalty: 0.5,
      targetPenalty: 0.25,
    },
    popularityWeight: 0.02,
  },
  "ml-100k leave-one-out 100000": {
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
  "ml-100k temporal 100000": {
    recentPopularity: { window: 14 },
    itemKnn: { neighbours: 300, shrinkage: 50 },
    itemKnnRecency: { neighbours: 300, shrinkage: 50, recency: 0.7 },
    ease: { regularisation: 500 },
    easeRecency: { regularisation: 2000, recency: 0.9 },
    sequenceRules: {
      reach: 10,
      recency: 0.9,
      gapDecay: 0.6,
      backward: 1,
      sourcePenalty: 0.25,
      targetPenalty: 0,
    },
    popularityWeight: 0.5,
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
  options: { readonly relevantAt?: number | null } = {},
): { readonly settings: BaselineSettings; readonly source: "tuned on validation" | "defaults" } {
  const cut = split.protocol === "leave-one-out" || isUsualCut(split, interactions.size);
  const usual = cut && (options.relevantAt === undefined || options.relevantAt === null);
  const found = usual ? tuned[`${name} ${split.protocol} ${interactions.size}`] : undefined;
  const settings = { ...defaultSettings(interactions, split, options), ...found };
  return { settings, source: found === undefined ? "defaults" : "tuned on validation" };
}

/** The settings were found on validation rows from .8 to .9 of the log: with other shares those rows may be test rows. */
function isUsualCut({ train, validation }: Split, size: number): boolean {
  const first = Math.floor((8 * size) / 10);
  return train.length === first && validation.length === Math.floor((9 * size) / 10) - first;
}
