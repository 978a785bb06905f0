import type { Random } from "../math/random";
import { rankedBy, type ScoringRecommender } from "../retrieval/scorer";

/**
 * Uniformly random items that the user has not seen. A user's draw hangs on the seed, the user and the history
 * alone, so the lists are the same however the users are chunked.
 *
 * @param items N: size of the catalogue
 */
export function randomBaseline(items: number, random: Random): ScoringRecommender {
  return rankedBy({
    name: "Random",
    items,
    scores(histories) {
      const scores = new Float64Array(histories.size * items);
      for (let h = 0; h < histories.size; h++) {
        const [start, end] = [histories.offsets[h], histories.offsets[h + 1]];
        const draw = random.fork(`${histories.users[h]} ${end - start} ${histories.items[end - 1] ?? ""}`);
        for (let item = 0; item < items; item++) scores[h * items + item] = draw.next();
      }
      return scores;
    },
  });
}
