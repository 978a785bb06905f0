import type { Histories } from "../data/histories";
import { unavailableItems } from "../data/unavailableItems";
import type { Lists } from "../retrieval/lists";
import type { OpenRun } from "./openRun";
import { servedDistribution } from "./servedDistribution";

/** Lists with the probability that the served policy gives each place's item, were one item drawn. */
export interface ServedLists extends Lists {
  /** [size × k]; absent for methods that serve a fixed list and know no probabilities. */
  readonly probabilities?: Float64Array;
}

/**
 * What a run recommends to some histories: the best k, each with its score and its probability under the
 * served policy. Items that are unavailable are left out; where methods are evaluated they are not, since the log knows no
 * availability.
 */
export function servedLists(run: OpenRun, histories: Histories, length: number): ServedLists {
  const k = Math.min(length, run.dataset.catalog.size); // no list is longer than the catalogue
  const policy = servedDistribution(run, histories, k);
  if (policy !== undefined) return firstOf(policy.candidates, policy.probabilities, k);
  return run.recommender.recommend(histories, k, {
    unavailable: unavailableItems(run.dataset.catalog),
    repeats: run.config.repeats,
  });
}

/** The first k places of longer lists. */
function firstOf(candidates: Lists, probabilities: Float64Array, k: number): ServedLists {
  const lists = {
    size: candidates.size,
    k,
    items: new Int32Array(candidates.size * k).fill(-1),
    scores: new Float64Array(candidates.size * k).fill(Number.NEGATIVE_INFINITY),
    probabilities: new Float64Array(candidates.size * k),
  };
  for (let request = 0; request < candidates.size; request++) {
    const start = request * candidates.k;
    const end = start + Math.min(k, candidates.k);
    lists.items.set(candidates.items.subarray(start, end), request * k);
    lists.scores.set(candidates.scores.subarray(start, end), request * k);
    lists.probabilities.set(probabilities.subarray(start, end), request * k);
  }
  return lists;
}
