import type { Histories } from "../data/histories";
import type { SearchOptions } from "./itemIndex";
import type { Lists } from "./lists";

/** What a recommender may be told beside the histories. */
export interface RecommendOptions {
  /** Item rows that nobody may get. */
  readonly unavailable?: ReadonlySet<number>;
  /** Items of the history may be returned: they can be had again. */
  readonly repeats?: boolean;
}

/**
 * Whatever can fill a list from a history: a baseline, a supervised model, an actor. Items of the history are not returned
 * unless it is told that they may come again.
 */
export interface Recommender {
  readonly name: string;
  recommend(histories: Histories, k: number, options?: RecommendOptions): Lists;
}

/** What searches leave out of the lists for some histories. */
export function leftOut(
  histories: Histories,
  { unavailable, repeats = false }: RecommendOptions = {},
): SearchOptions {
  return { ...(!repeats && { seen: histories }), ...(unavailable && { unavailable }) };
}

/** The same recommender, to which items may come again unless it is told otherwise. */
export function repeating<R extends Recommender>(recommender: R): R {
  return {
    ...recommender,
    recommend: (histories, k, { repeats = true, ...options } = {}) =>
      recommender.recommend(histories, k, { ...options, repeats }),
  };
}
