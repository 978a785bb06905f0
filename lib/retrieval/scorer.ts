import type { Histories } from "../data/histories";
import { takeHistories } from "../data/histories";
import { bestOf, emptyLists } from "./bestOf";
import type { Recommender } from "./recommender";

/** Gives every item of the catalogue a score, from a history. */
export interface Scorer {
  readonly name: string;
  /** N: size of the catalogue. */
  readonly items: number;
  /** Scores [histories.size × N]; seen items have scores as well. */
  scores(histories: Histories): Float64Array;
}

/** A recommender that ranks by scores it can also show. */
export interface ScoringRecommender extends Recommender, Scorer {}

/** Scores held at once: 2 million numbers, 16 MB. */
const scoresAtOnce = 2 ** 21;

/**
 * Makes a recommender of a scorer: the k best items that the history does not hold (of all, where items may come
 * again), ties to the smaller row.
 * Users are scored in chunks, so that memory stays bounded; the k best are kept in a heap, not sorted.
 *
 * @throws when a score is not a number.
 * @example rankedBy(scorer).recommend(histories, 10).items // [n × 10]
 */
export function rankedBy(scorer: Scorer): ScoringRecommender {
  const { name, items } = scorer;
  return {
    name,
    items,
    scores: (histories) => scorer.scores(histories),
    recommend(histories, k, { unavailable, repeats = false } = {}) {
      if (!(Number.isInteger(k) && k >= 1)) throw new Error(`${name} requires lists of at least 1, got ${k}`);
      const lists = emptyLists(histories.size, k);
      const best = bestOf(Math.min(k, items));
      const seenBy = new Int32Array(items).fill(-1);
      const step = Math.max(1, Math.floor(scoresAtOnce / items));
      for (let start = 0; start < histories.size; start += step) {
        const end = Math.min(histories.size, start + step);
        const chunk = takeHistories(
          histories,
          Int32Array.from({ length: end - start }, (_, i) => start + i),
        );
        const scores = scorer.scores(chunk);
        for (let h = start; h < end; h++) {
          if (!repeats)
            for (let e = histories.offsets[h]; e < histories.offsets[h + 1]; e++)
              seenBy[histories.items[e]] = h;
          let worst = Number.NEGATIVE_INFINITY;
          for (let item = 0, at = (h - start) * items; item < items; item++, at++) {
            const score = scores[at];
            // Rows come in ascending order, so an equal score never displaces a kept one.
            if (score <= worst || seenBy[item] === h || unavailable?.has(item)) continue;
            if (Number.isNaN(score)) throw new Error(`${name} requires scores that are numbers, got NaN`);
            best.offer(item, score);
            worst = best.worst();
          }
          best.drain(lists, h);
        }
      }
      return lists;
    },
  };
}
