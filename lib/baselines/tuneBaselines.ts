import type { Interactions } from "../data/interactions";
import type { Split } from "../data/split";
import type { Recommender } from "../retrieval/recommender";
import { ease } from "./ease";
import { baselineLimit } from "./fitBaselines";
import { itemKnn } from "./itemKnn";
import { plusRecentPopularity } from "./plusPopularity";
import type { PositiveOptions } from "./positives";
import { recentPopularity, requestMoments } from "./recentPopularity";
import { type SequenceRulesOptions, sequenceRules } from "./sequenceRules";
import { type BaselineSettings, defaultSettings } from "./settings";

const recencies = [1, 0.95, 0.9, 0.8, 0.7, 0.6, 0.5];
const windowsInRows = [1000, 2000, 5000, 10_000, 20_000, 40_000, 80_000, 160_000];
const windowsInDays = [3, 7, 14, 30, 60, 120, 240];
const regularisations = [20, 50, 100, 200, 500, 1000, 2000];
const popularityWeights = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5];
/** Sequence rules have too many settings for a grid: one is moved at a time, twice around. */
const ruleMoves: readonly SequenceRulesOptions[] = [
  ...[0.3, 0.5, 0.6, 0.7, 0.8, 0.9].map((recency) => ({ recency })),
  ...[0.4, 0.6, 0.8, 0.95].map((gapDecay) => ({ gapDecay })),
  ...[0, 0.25, 0.5, 1].map((backward) => ({ backward })),
  ...[0, 0.25, 0.5, 0.75].map((sourcePenalty) => ({ sourcePenalty })),
  ...[0, 0.25, 0.5, 0.75].map((targetPenalty) => ({ targetPenalty })),
];

/**
 * Chooses the baselines' settings: each candidate is fitted on train rows and evaluated on validation. Test rows
 * are never looked at.
 *
 * @param score how good a recommender is on the validation task, larger is better (NDCG@10, say)
 * @returns settings, and what each reached on validation.
 */
export function tuneBaselines(
  interactions: Interactions,
  split: Split,
  score: (recommender: Recommender) => number,
  options: {
    readonly relevantAt?: number | null;
    readonly onChosen?: (what: string, settings: object, value: number) => void;
  } = {},
): BaselineSettings {
  const rows = split.train;
  const defaults = defaultSettings(interactions, split, options);
  const positives: PositiveOptions =
    defaults.positiveAt === undefined ? {} : { positiveAt: defaults.positiveAt };
  const chosen = <S extends object>(what: string, best: Best<S>): S => {
    options.onChosen?.(what, best.settings(), best.value());
    return best.settings();
  };

  const moments = requestMoments(interactions, split.validation); // counts where the window ends at the request
  const recent = best<BaselineSettings["recentPopularity"]>();
  for (const window of interactions.order === "timestamp" ? windowsInDays : windowsInRows) {
    const settings = { ...defaults.recentPopularity, window };
    recent.offer(
      settings,
      score(recentPopularity(interactions, rows, { ...positives, ...settings, moments })),
    );
  }
  const window = chosen("recent-popularity", recent);

  const [knn, knnRecency] = [best<BaselineSettings["itemKnn"]>(), best<BaselineSettings["itemKnn"]>()];
  for (const shrinkage of [0, 10, 50])
    for (const neighbours of [20, 50, 100, 300, 1000]) {
      const fitted = itemKnn(interactions, rows, { ...positives, shrinkage, neighbours });
      for (const recency of recencies)
        (recency === 1 ? knn : knnRecency).offer(
          { shrinkage, neighbours, recency },
          score(fitted.withRecency(recency)),
        );
    }

  const [plain, easeRecency] = [best<BaselineSettings["ease"]>(), best<BaselineSettings["ease"]>()];
  const weights = best<{ popularityWeight: number }>();
  const withEase = baselineLimit("ease", interactions) === undefined;
  if (!withEase) {
    // Nobody will fit it: its defaults stand.
    plain.offer(defaults.ease, 0);
    easeRecency.offer(defaults.easeRecency, 0);
    weights.offer({ popularityWeight: defaults.popularityWeight }, 0);
  }
  for (const regularisation of withEase ? regularisations : []) {
    const fitted = ease(interactions, rows, { ...positives, regularisation });
    for (const recency of recencies)
      (recency === 1 ? plain : easeRecency).offer(
        { regularisation, recency },
        score(fitted.withRecency(recency)),
      );
  }

  if (withEase) {
    const liked = ease(interactions, rows, { ...positives, ...easeRecency.settings() });
    const popular = recentPopularity(interactions, rows, { ...positives, ...window, moments });
    for (const popularityWeight of popularityWeights)
      weights.offer(
        { popularityWeight },
        score(plusRecentPopularity(liked, popular, { weight: popularityWeight })),
      );
  }

  return {
    ...positives,
    recentPopularity: window,
    itemKnn: chosen("item-knn", knn),
    itemKnnRecency: chosen("item-knn-recency", knnRecency),
    ease: chosen("ease", plain),
    easeRecency: chosen("ease-recency", easeRecency),
    sequenceRules: chosen("sequence-rules", bestRules(interactions, rows, score)),
    ...chosen("ease-recency-popularity", weights),
  };
}

function bestRules(
  interactions: Interactions,
  rows: Int32Array,
  score: (recommender: Recommender) => number,
): Best<SequenceRulesOptions> {
  const rules = best<SequenceRulesOptions>();
  const start = {
    reach: 10,
    recency: 0.7,
    gapDecay: 0.8,
    backward: 0.5,
    sourcePenalty: 0.5,
    targetPenalty: 0.5,
  };
  rules.offer(start, score(sequenceRules(interactions, rows, start)));
  for (let round = 0; round < 2; round++)
    for (const move of ruleMoves) {
      const settings = { ...rules.settings(), ...move };
      rules.offer(settings, score(sequenceRules(interactions, rows, settings)));
    }
  return rules;
}

interface Best<S> {
  offer(settings: S, value: number): void;
  settings(): S;
  value(): number;
}

/** Keeps the settings with the largest value; the first offered where values are equal. */
function best<S>(): Best<S> {
  let kept: { settings: S; value: number } | undefined;
  const required = (): { settings: S; value: number } => {
    if (kept === undefined) throw new Error("tuneBaselines requires at least one candidate, got none");
    return kept;
  };
  return {
    offer(settings, value) {
      if (kept === undefined || value > kept.value) kept = { settings, value };
    },
    settings: () => required().settings,
    value: () => required().value,
  };
}
