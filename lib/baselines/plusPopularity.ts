import { rankedBy, type Scorer, type ScoringRecommender } from "../retrieval/scorer";

/**
 * What somebody likes plus what everybody reads just now: score(b) + weight × popularity(b) / (the most popular
 * item's). It suits scores that already are estimates of a probability, as EASE's are: where nothing is known about the
 * user, the popularity of the moment decides; where much is known, it hardly matters.
 *
 * @param scorer what the user likes; scores of 0 mean "nothing is known"
 * @param popularity scores of at least 0, from recentPopularity
 * @param options.weight what being the most popular item is worth, in units of the score
 * @throws when the catalogues differ or the weight is negative.
 * @example plusRecentPopularity(ease(...), recentPopularity(...), { weight: .1 })
 */
export function plusRecentPopularity(
  scorer: Scorer,
  popularity: Scorer,
  options: { readonly weight?: number } = {},
): ScoringRecommender {
  const { weight = 0.1 } = options;
  const { items } = scorer;
  if (items !== popularity.items)
    throw new Error(
      `plusRecentPopularity requires one catalogue, got ${items} and ${popularity.items} items`,
    );
  if (!(weight >= 0)) throw new Error(`plusRecentPopularity requires a weight of at least 0, got ${weight}`);
  return rankedBy({
    name: `${scorer.name} + ${popularity.name}`,
    items,
    scores(histories) {
      const scores = scorer.scores(histories);
      const shown = popularity.scores(histories);
      for (let h = 0; h < histories.size; h++) {
        let most = 0;
        for (let i = h * items; i < (h + 1) * items; i++) if (shown[i] > most) most = shown[i];
        const unit = most > 0 ? weight / most : 0;
        for (let i = h * items; i < (h + 1) * items; i++) scores[i] += unit * shown[i];
      }
      return scores;
    },
  });
}
