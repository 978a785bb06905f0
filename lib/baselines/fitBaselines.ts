import type { Interactions } from "../data/interactions";
import type { Random } from "../math/random";
import type { ScoringRecommender } from "../retrieval/scorer";
import { ease, easeLimit } from "./ease";
import { itemKnn } from "./itemKnn";
import { mostPopular } from "./mostPopular";
import { plusRecentPopularity } from "./plusPopularity";
import { randomBaseline } from "./randomBaseline";
import { recentPopularity } from "./recentPopularity";
import { sequenceRules } from "./sequenceRules";
import type { BaselineSettings } from "./settings";

/** The baselines that every table shows and that need no training, in the order they are explained. */
export const baselineNames = [
  "random",
  "most-popular",
  "recent-popularity",
  "item-knn",
  "item-knn-recency",
  "ease",
  "ease-recency",
  "sequence-rules",
  "ease-recency-popularity",
] as const;
export type BaselineName = (typeof baselineNames)[number];

/** Why a baseline is not tried on a log of this size (`easeLimit`); undefined where it is. */
export function baselineLimit(name: string, { userIds, itemIds }: Interactions): string | undefined {
  return name.startsWith("ease") ? easeLimit(userIds.length, itemIds.length) : undefined;
}

export interface FitOptions {
  readonly settings: BaselineSettings;
  readonly random: Random;
  /** When each user is asked (`requestMoments`), for recent popularity under leave-one-out. */
  readonly moments?: Float64Array;
}

/**
 * Fits one baseline on the given rows, and on nothing else.
 *
 * @throws when the name is none of `baselineNames`.
 * @example fitBaseline("ease", interactions, split.train, { settings, random })
 */
export function fitBaseline(
  name: BaselineName,
  interactions: Interactions,
  rows: Int32Array,
  options: FitOptions,
): ScoringRecommender {
  const { settings, moments } = options;
  const positives = settings.positiveAt === undefined ? {} : { positiveAt: settings.positiveAt };
  switch (name) {
    case "random":
      return randomBaseline(interactions.itemIds.length, options.random.fork("random baseline"));
    case "most-popular":
      return mostPopular(interactions, rows, positives);
    case "recent-popularity":
      return recentPopularity(interactions, rows, { ...positives, ...settings.recentPopularity, moments });
    case "item-knn":
      return itemKnn(interactions, rows, { ...positives, ...settings.itemKnn });
    case "item-knn-recency":
      return itemKnn(interactions, rows, { ...positives, ...settings.itemKnnRecency });
    case "ease":
      return ease(interactions, rows, { ...positives, ...settings.ease });
    case "ease-recency":
      return ease(interactions, rows, { ...positives, ...settings.easeRecency });
    case "sequence-rules":
      return sequenceRules(interactions, rows, settings.sequenceRules);
    case "ease-recency-popularity":
      return plusRecentPopularity(
        fitBaseline("ease-recency", interactions, rows, options),
        fitBaseline("recent-popularity", interactions, rows, options),
        { weight: settings.popularityWeight },
      );
    default:
      throw new Error(`fitBaseline requires one of ${baselineNames.join(", ")}, got ${name}`);
  }
}

/** Fits several baselines; EASE with recency, which two of them need, is fitted once. */
export function fitBaselines(
  interactions: Interactions,
  rows: Int32Array,
  options: FitOptions & {
    readonly names?: readonly BaselineName[];
    readonly onFitted?: (name: BaselineName) => void;
  },
): ScoringRecommender[] {
  const fitted = new Map<BaselineName, ScoringRecommender>();
  const fit = (name: BaselineName): ScoringRecommender => {
    let made = fitted.get(name);
    if (made === undefined) {
      made =
        name === "ease-recency-popularity"
          ? plusRecentPopularity(fit("ease-recency"), fit("recent-popularity"), {
              weight: options.settings.popularityWeight,
            })
          : fitBaseline(name, interactions, rows, options);
      fitted.set(name, made);
      options.onFitted?.(name);
    }
    return made;
  };
  return (options.names ?? baselineNames).map(fit);
}
