import type { Histories } from "../data/histories";
import type { Lists } from "./lists";

/** What a recommender may be told beside the histories. */
export interface RecommendOptions {
  /** Item rows that nobody may get. */
  readonly unavailable?: ReadonlySet<number>;
}

/** Whatever can fill a list from a history: a baseline, a supervised model, an actor. Items of the history are never returned. */
export interface Recommender {
  readonly name: string;
  recommend(histories: Histories, k: number, options?: RecommendOptions): Lists;
}
