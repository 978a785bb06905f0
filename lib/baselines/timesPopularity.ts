import { rankedBy, type Scorer, type ScoringRecommender } from "../retrieval/scorer";

/**
 * What somebody likes times what everybody reads just now: score(b)⁺ × (popularity(b) + smoothing)^weight.
 * Negative scores count as 0. For a model of log-probabilities this is the item-bias coordinate of retrieval:
 * weight × log popularity on top of every item's bias.
 *
 * @param scorer what the user likes; scores of 0 mean "nothing is known"
 * @param popularity scores of at least 0, from recentPopularity
 * @throws when the catalogues differ or the weight is negative.
 * @example timesRecentPopularity(itemKnn(...), recentPopularity(...), { weight: .5 })
 */
export function timesRecentPopularity(
  scorer: Scorer,
  popularity: Scorer,
  options: { readonly weight?: number; readonly smoothing?: number } = {},
): ScoringRecommender {
  const { weight = 0.5, smoothing = 1 } = options;
  requireFit("timesRecentPopularity", scorer, popularity, weight);
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

/**
 * The same two signals added: score(b) + weight × popularity(b) / (the most popular item's). It suits scores
 * that already are estimates of a probability, as EASE's are: where nothing is known about the user, the
 * popularity of the moment decides; where much is known, it hardly matters.
 *
 * @param weight what being the most popular item is worth, in units of the score
 * @throws as timesRecentPopularity does.
 * @example plusRecentPopularity(ease(...), recentPopularity(...), { weight: .1 })
 */
export function plusRecentPopularity(
  scorer: Scorer,
  popularity: Scorer,
  options: { readonly weight?: number } = {},
): ScoringRecommender {
  const { weight = 0.1 } = options;
  requireFit("plusRecentPopularity", scorer, popularity, weight);
  const { items } = scorer;
  return rankedBy({
    name: `${scorer.name} + ${popularity.name}`,
    items,
    scores(histories) {
      const scores = scorer.scores(histories);
      const shown = popularity.scores(histories);
      for (let h = 0; h < histories.size; h++) {
        let most = 0;
        for (let i = h * items; i < (h + 1) * items; i++) if (shown[i]! > most) most = shown[i]!;
        const unit = most > 0 ? weight / most : 0;
        for (let i = h * items; i < (h + 1) * items; i++) scores[i]! += unit * shown[i]!;
      }
      return scores;
    },
  });
}

function requireFit(name: string, scorer: Scorer, popularity: Scorer, weight: number): void {
  if (scorer.items !== popularity.items)
    throw new Error(`${name} requires one catalogue, got ${scorer.items} and ${popularity.items} items`);
  if (!(weight >= 0)) throw new Error(`${name} requires a weight of at least 0, got ${weight}`);
}
