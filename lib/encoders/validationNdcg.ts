import type { Task } from "../data/task";
import { rankingMetrics } from "../metrics/metrics";
import type { Lists } from "../retrieval/lists";
import type { Recommender } from "../retrieval/recommender";

/**
 * NDCG@10 of a recommender on a task, the mean over its users: the one number that early stopping and tuning ask for.
 *
 * @example one user whose only relevant item is in second place: 1 / log2(3) = .6309
 */
export function validationNdcg(recommender: Recommender, task: Task): number {
  return ndcgOf(recommender.recommend(task.histories, 10, { repeats: task.repeats }), task);
}

/** The same for lists already made, one a user of the task; as deep as the lists are. */
export function ndcgOf(lists: Lists, task: Task): number {
  return rankingMetrics(lists, task, [lists.k]).at[lists.k].ndcg;
}
