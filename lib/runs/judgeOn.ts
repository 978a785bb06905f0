import type { Task } from "../data/task";
import { random } from "../math/random";
import { type Evaluation, evaluateRecommender, itemCounts } from "../metrics/evaluate";
import type { Recommender } from "../retrieval/recommender";
import type { PreparedData } from "./preparedData";

/**
 * Whatever recommends, judged on the same users: a function, so that methods can be mapped over it. How sure one can be
 * of a difference is said by pairing what it gives (`gainOverSeeds`).
 *
 * @example
 * const judge = judgeOn(data.test(), data);
 * gainOverSeeds(runs.map(judge), [judge(runs[0].start)]); // { mean, lower, upper }
 */
export function judgeOn(
  task: Task,
  { dataset, rows }: Pick<PreparedData, "dataset" | "rows">,
  { ks = [10] }: { readonly ks?: readonly number[] } = {},
): (recommender: Recommender) => Evaluation {
  const trainCounts = itemCounts(dataset.interactions.items, rows, dataset.catalog.size);
  return (recommender) =>
    evaluateRecommender(recommender, task, { ks, random: random(1), trainCounts, resamples: 2 });
}
