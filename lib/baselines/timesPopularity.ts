import { rankedBy, type Scorer, type ScoringRecommender } from "./scorer";

/**
 * What somebody likes times what everybody reads just now: score(b)⁺ × (popularity(b) + smoothing)^weight.
 * Negative scores count as 0. In logarithms this is the item-bias coordinate of retrieval: adding
 * weight × log popularity to every item's bias.
 *
 * @param scorer what the user likes, from itemKnn or ease; scores of 0 mean "nothing is known"
 * @param popularity scores of at least 0, from recentPopularity
 * @throws when the catalogues differ or the weight is negative.
 * @example timesRecentPopularity(ease(...), recentPopularity(...), { weight: .5 })
 */
export function timesRecentPopularity(
  scorer: Scorer,
  popularity: Scorer,
  options: { readonly weight?: number; readonly smoothing?: number } = {},
): ScoringRecommender {
  const { weight = 0.5, smoothing = 1 } = options;
  if (scorer.items !== popularity.items)
    throw new Error(
      `timesRecentPopularity requires one catalogue, got ${scorer.items} and ${popularity.items} items`,
    );
  if (!(weight >= 0)) throw new Error(`timesRecentPopularity requires a weight of at least 0, got ${weight}`);
  return rankedBy({
    name: `${scorer.name} × ${popularity.name}`,
    items: scorer.items,
    scores(histories) {
      const scores = scorer.scores(histories);
      const shown = popularity.scores(histories);
      for (let i = 0; i < scores.length; i++)
        scores[i] = scores[i]! > 0 ? scores[i]! * (shown[i]! + smoothing) ** weight : 0;
      return scores;
    },
  });
}
