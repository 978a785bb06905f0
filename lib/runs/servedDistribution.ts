import type { Histories } from "../data/histories";
import { unavailableItems } from "../data/unavailableItems";
import { itemPolicy, type ServedDistribution } from "../policies/itemPolicy";
import { softmaxOverLists } from "../policies/softmaxOverLists";
import { availableTo } from "../retrieval/itemIndex";
import { leftOut } from "../retrieval/recommender";
import type { OpenRun } from "./openRun";

/**
 * The policy that a run serves to some histories: a softmax over the nearest candidates, mixed with uniform exploration,
 * over what was not seen and is available. Nothing for methods that serve a fixed list and know no probabilities.
 *
 * @param atLeast the least number of candidates
 * @param options.repeats whether what was seen may be served again; as the run's settings say by default
 */
export function servedDistribution(
  run: OpenRun,
  histories: Histories,
  atLeast = 1,
  { repeats = run.config.repeats }: { readonly repeats?: boolean } = {},
): ServedDistribution | undefined {
  const { served, scored, config, dataset } = run;
  const { exploration } = config.policy;
  const unavailable = unavailableItems(dataset.catalog);
  const search = leftOut(histories, { unavailable, repeats });
  const wanted = Math.max(atLeast, config.policy.candidates);
  if (scored !== undefined) {
    // The same over the scores of a method that has no queries.
    const { size } = dataset.catalog;
    const kept = Math.min(size, wanted);
    const candidates = scored.recommender.recommend(histories, kept, { unavailable, repeats });
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
