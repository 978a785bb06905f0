import type { Histories } from "../data/histories";
import { unavailableItems } from "../data/unavailableItems";
import { itemPolicy, type ServedDistribution } from "../policies/itemPolicy";
import { softmaxOverLists } from "../policies/softmaxOverLists";
import { bestOf, emptyLists } from "../retrieval/bestOf";
import { availableTo } from "../retrieval/itemIndex";
import type { Lists } from "../retrieval/lists";
import type { OpenRun } from "./openRun";

/**
 * The policy that a run serves to some histories: a softmax over the nearest candidates, mixed with uniform exploration,
 * over what was not seen and is available. Nothing for methods that serve a fixed list and know no probabilities.
 *
 * @param atLeast the least number of candidates
 * @param options.repeats what was seen may be served again: in worlds where it earns again
 */
export function servedDistribution(
  run: OpenRun,
  histories: Histories,
  atLeast = 1,
  { repeats = false }: { readonly repeats?: boolean } = {},
): ServedDistribution | undefined {
  const { served, scored, config, dataset } = run;
  const { exploration } = config.policy;
  const unavailable = unavailableItems(dataset.catalog);
  const search = { ...(!repeats && { seen: histories }), ...(unavailable && { unavailable }) };
  const wanted = Math.max(atLeast, config.policy.candidates);
  if (scored !== undefined) {
    // The same over the scores of a method that has no queries.
    const { size } = dataset.catalog;
    const kept = Math.min(size, wanted);
    const candidates = repeats
      ? bestScored(scored.recommender.scores(histories), { size, kept, unavailable })
      : scored.recommender.recommend(histories, kept, { unavailable });
    const available = availableTo(size, histories.size, search);
    const { temperature } = scored;
    return {
      candidates,
      ...softmaxOverLists(candidates, available, { temperature, exploration }),
      available,
    };
  }
  if (served === undefined) return undefined;
  const { index, temperature } = served;
  const policy = itemPolicy(index, { temperature, candidates: wanted, exploration });
  return policy.distribution(served.queries(histories), search);
}

/** The best of all that is available, seen or not; ties to the smaller row. */
function bestScored(
  scores: Float64Array,
  {
    size,
    kept,
    unavailable,
  }: { readonly size: number; readonly kept: number; readonly unavailable?: ReadonlySet<number> },
): Lists {
  const lists = emptyLists(scores.length / size, kept);
  const best = bestOf(kept);
  for (let h = 0; h < lists.size; h++) {
    for (let item = 0; item < size; item++)
      if (unavailable?.has(item) !== true) best.offer(item, scores[h * size + item]);
    best.drain(lists, h);
  }
  return lists;
}
