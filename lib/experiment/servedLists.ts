import type { Histories } from "../data/histories";
import { unavailableItems } from "../data/unavailableItems";
import { itemPolicy } from "../policies/itemPolicy";
import { softmaxOverLists } from "../policies/softmaxOverLists";
import { exclusionMask } from "../retrieval/itemIndex";
import type { Lists } from "../retrieval/lists";
import type { RecommendOptions } from "../retrieval/recommender";
import type { OpenRun } from "./openRun";

/** Lists with the probability that the served policy gives each place's item, were one item drawn. */
export interface ServedLists extends Lists {
  /** [size × k]; absent for methods that serve a fixed list and know no probabilities. */
  readonly probabilities?: Float64Array;
}

/**
 * What a run recommends to some histories: the best k, each with its score and its probability under the
 * served policy (softmax over the nearest candidates, mixed with uniform exploration). Items that cannot be had
 * are left out; where methods are judged they are not, since the log knows no availability.
 */
export function servedLists(run: OpenRun, histories: Histories, k: number): ServedLists {
  const { served, config } = run;
  const unavailable = unavailableItems(run.dataset.catalog);
  if (run.scored !== undefined) return scoredLists(run, run.scored, { histories, k, unavailable });
  if (served === undefined) return run.recommender.recommend(histories, k, { unavailable });
  const policy = itemPolicy(served.index, {
    temperature: served.temperature,
    candidates: Math.max(k, config.policy.candidates),
    exploration: config.policy.exploration,
  });
  const search = { exclude: histories, ...(unavailable && { unavailable }) };
  const { candidates, probabilities } = policy.distribution(served.queries(histories), search);
  return firstOf(candidates, probabilities, k);
}

/** The same policy over the scores of a method that has no queries. */
function scoredLists(
  { config, dataset }: OpenRun,
  { recommender, temperature }: NonNullable<OpenRun["scored"]>,
  { histories, k, unavailable }: { histories: Histories; k: number } & RecommendOptions,
): ServedLists {
  const size = dataset.catalog.size;
  const kept = Math.min(size, Math.max(k, config.policy.candidates));
  const candidates = recommender.recommend(histories, kept, { unavailable });
  const mask = exclusionMask(size, { exclude: histories, ...(unavailable && { unavailable }) });
  const available = Int32Array.from({ length: histories.size }, (_, request) => {
    const left = size - mask.open(request);
    mask.close(request);
    return left;
  });
  const { exploration } = config.policy;
  const { probabilities } = softmaxOverLists(candidates, available, { temperature, exploration });
  return firstOf(candidates, probabilities, k);
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

/** One history for each list of item rows, for people who are not in the log; every item weighs the same. */
export function madeHistories(lists: readonly (readonly number[])[], weight: number): Histories {
  const offsets = Int32Array.from([0, ...lists.map((list) => list.length)]);
  for (let h = 1; h < offsets.length; h++) offsets[h]! += offsets[h - 1]!;
  const size = offsets[lists.length]!;
  return {
    size: lists.length,
    users: new Int32Array(lists.length).fill(-1),
    offsets,
    items: Int32Array.from(lists.flat()),
    weights: new Float32Array(size).fill(weight),
    rows: new Int32Array(size).fill(-1),
  };
}
