import type { Catalog } from "../data/catalog";
import type { Histories } from "../data/histories";
import type { Task } from "../data/task";
import { deviationOf } from "../math/deviation";
import { meanOf } from "../math/mean";
import { rankingMetrics } from "../metrics/metrics";
import { fitFeatures } from "./fitFeatures";
import type { NextItemModel } from "./nextItemModel";
import { nextItemRecommender } from "./nextItemRecommender";

/** What "auto" found. */
export interface FeatureChoice {
  /** Columns that were tried, all at once. */
  readonly columns: readonly string[];
  readonly taken: boolean;
  /** NDCG@10 on validation with them less that without, mean over users, and its standard error. */
  readonly difference?: { readonly mean: number; readonly standardError: number };
}

/** What a choice is made on. */
export interface ChoiceData {
  readonly histories: Histories;
  readonly items?: Catalog;
  readonly validation?: Task;
}

/**
 * Trains with all useful columns (`fitFeatures`) and without any, and takes the columns where NDCG@10 on the validation
 * users is better by more than one standard error of the paired difference: the rule by which a run keeps an actor's
 * step, too. Without columns, or without validation users, there are none. It costs the training of two models.
 *
 * @param train with columns of these names, or "none"
 */
export async function chooseFeatures(
  { histories, items, validation }: ChoiceData,
  train: (features: string[] | "none") => Promise<NextItemModel>,
): Promise<{ readonly model: NextItemModel; readonly choice: FeatureChoice }> {
  const columns = fitFeatures("auto", histories, items)?.columns.map(({ name }) => name) ?? [];
  const plain = await train("none");
  if (columns.length === 0 || validation === undefined)
    return { model: plain, choice: { columns, taken: false } };
  const full = await train(columns);
  const [before, after] = [plain, full].map((model) => ndcgOfUsers(model, validation));
  const differences = after.map((ndcg, user) => ndcg - before[user]);
  const mean = meanOf(differences);
  // One user alone says nothing: its error is none.
  const standardError = deviationOf(differences) / Math.sqrt(differences.length);
  const taken = mean > standardError;
  (taken ? plain : full).dispose();
  return {
    model: taken ? full : plain,
    choice: { columns, taken, difference: { mean, standardError } },
  };
}

function ndcgOfUsers(model: NextItemModel, task: Task): Float64Array {
  const recommender = nextItemRecommender(model);
  const lists = recommender.recommend(task.histories, 10, { repeats: task.repeats });
  recommender.dispose();
  return rankingMetrics(lists, task, [10]).perUser[10].ndcg;
}
