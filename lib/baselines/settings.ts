import { feedbackOf } from "../data/feedback";
import type { Interactions } from "../data/interactions";
import type { Split } from "../data/split";
import type { EaseOptions } from "./ease";
import type { ItemKnnOptions } from "./itemKnn";
import type { RecentPopularityOptions } from "./recentPopularity";
import type { SequenceRulesOptions } from "./sequenceRules";

/** What the baselines are fitted with. Every number is chosen on validation rows, none on test rows. */
export interface BaselineSettings {
  /** Popularity, item-kNN and EASE learn from rows of at least this weight; from all rows where absent. */
  readonly positiveAt?: number;
  readonly recentPopularity: RecentPopularityOptions;
  readonly itemKnn: ItemKnnOptions;
  readonly itemKnnRecency: ItemKnnOptions;
  readonly ease: EaseOptions;
  readonly easeRecency: EaseOptions;
  readonly sequenceRules: SequenceRulesOptions;
  /** What the most popular item of the moment is worth beside EASE with recency. */
  readonly popularityWeight: number;
}

/**
 * Settings to start from where nobody has tuned: usable on any log. `tuneBaselines` finds better ones.
 * Temporal tasks are about what people will like, so rows rated 4 and more (or `relevantAt`) teach;
 * leave-one-out tasks are about what comes next, whatever its rating.
 */
export function defaultSettings(
  interactions: Interactions,
  split: Split,
  { relevantAt = null }: { readonly relevantAt?: number | null } = {},
): BaselineSettings {
  const liked = relevantAt ?? feedbackOf(interactions).relevantAt ?? undefined;
  const positiveAt = split.protocol === "temporal" && liked !== undefined ? { positiveAt: liked } : {};
  const window = interactions.order === "timestamp" ? 30 : Math.max(1, Math.round(interactions.size / 60));
  const ends = split.protocol === "temporal" ? "fitted rows" : "history";
  return {
    ...positiveAt,
    recentPopularity: { window, ends },
    itemKnn: { neighbours: 50, shrinkage: 10 },
    itemKnnRecency: { neighbours: 100, shrinkage: 10, recency: 0.8 },
    ease: { regularisation: 100 },
    easeRecency: { regularisation: 200, recency: 0.8 },
    sequenceRules: {},
    popularityWeight: 0.1,
  };
}
