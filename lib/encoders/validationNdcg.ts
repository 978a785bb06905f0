import type { Task } from "../data/task";
import type { Lists } from "../retrieval/lists";
import type { Recommender } from "../retrieval/recommender";

/**
 * Mean NDCG@10 (binary relevance, ideal over min(10, |relevant|)) of a recommender on a task: the one number
 * that early stopping and tuning look at while models are made. Reports use lib/evaluation.
 *
 * @example one user whose only relevant item is in second place: 1 / log2(3) = .6309
 */
export function validationNdcg(recommender: Recommender, task: Task): number {
  return ndcgOf(recommender.recommend(task.histories, 10), task);
}

/** The same for lists already made, one a user of the task; as deep as the lists are. */
export function ndcgOf(lists: Lists, task: Task): number {
  const { k } = lists;
  let sum = 0;
  for (let user = 0; user < task.histories.size; user++) {
    const relevant = new Set(
      task.relevantItems.subarray(task.relevantOffsets[user]!, task.relevantOffsets[user + 1]!),
    );
    let [gained, ideal] = [0, 0];
    for (let place = 0; place < k; place++) {
      const discount = 1 / Math.log2(place + 2);
      if (relevant.has(lists.items[user * k + place]!)) gained += discount;
      if (place < relevant.size) ideal += discount;
    }
    if (ideal > 0) sum += gained / ideal;
  }
  return sum / task.histories.size;
}
