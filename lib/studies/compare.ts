import type { NextItemModel } from "../encoders/nextItemModel";
import { progressBar } from "../figures/progressBar";
import { type Interval, pairedInterval } from "../math/bootstrap";
import { random } from "../math/random";
import { changedLists } from "../metrics/changedLists";
import { type Evaluation, evaluateRecommender } from "../metrics/evaluate";
import { markedDifferences } from "../metrics/markedDifferences";
import type { Recommender } from "../retrieval/recommender";
import type { PreparedData } from "../runs/preparedData";
import { queryRecommender } from "../runs/queryRecommender";
import { decimals, stepZeroWords, verdictText } from "../runs/signedText";
import type { TrainedRun } from "../runs/train";
import { evaluationTask } from "./execute";

/** Whatever `compare` can put into a table: anything that recommends, a trained run, a next-item model. */
export type Comparable = Recommender | TrainedRun | NextItemModel;

export interface ComparedMethod {
  readonly name: string;
  readonly kind: "agent" | "supervised" | "baseline";
  /** NDCG@k over users, with the 95% interval of a bootstrap over them. */
  readonly mean: number;
  readonly lower: number;
  readonly upper: number;
  readonly recall: number;
  readonly hitRate: number;
  readonly coverage: number;
  /** Of trained runs: paired over users, from the same actor before its first update. */
  readonly stepZero?: {
    readonly difference: Interval;
    readonly changedLists: number;
    readonly verdict: string;
  };
  readonly evaluation: Evaluation;
}

/** A table that `showTable` shows and `rankingPlot` draws. */
export interface ComparisonTable {
  /** e.g. "NDCG@10" */
  readonly metric: string;
  /** What figures print: the data, the split, how many users. */
  readonly dataset: string;
  readonly users: number;
  readonly k: number;
  /** Best first. */
  readonly rows: readonly ComparedMethod[];
  readonly columns: readonly string[];
  readonly values: readonly (readonly (string | number)[])[];
  /** What must be said with the table. */
  readonly notes: readonly string[];
}

export interface CompareOptions {
  /** Length of the lists; 10 by default. */
  readonly k?: number;
  /** Whose rows judge; "test" by default. Choices are made on "validation". */
  readonly on?: "test" | "validation";
  /** Seed of the bootstrap; 1 by default. */
  readonly seed?: number;
  /** Bootstrap resamples; 1,000 by default. */
  readonly resamples?: number;
}

/**
 * Evaluates methods on the same users: NDCG with intervals, and for trained runs the paired difference from what they
 * started as, marked where it stands after Holm's correction for all differences of the table.
 *
 * @throws when no users can be asked, or two methods have one name.
 * @example
 * const table = await compare([run, model, ...(await baselines(data))], data);
 * showTable(table); await show(rankingPlot(table));
 */
export async function compare(
  methods: readonly Comparable[],
  data: PreparedData,
  { k = 10, on = "test", seed = 1, resamples = 1000 }: CompareOptions = {},
): Promise<ComparisonTable> {
  const task = on === "test" ? data.test() : data.validation;
  if (task === undefined) throw new Error("compare requires validation users, got none");
  const { ks, trainCounts } = evaluationTask(data, task, [k]);
  const evaluate = (recommender: Recommender): Evaluation =>
    evaluateRecommender(recommender, task, { ks, random: random(seed), trainCounts, resamples });
  const progress = progressBar("comparing");
  const rows: ComparedMethod[] = [];
  for (const [i, method] of methods.entries()) {
    const { recommender, kind, start, kept, free } = recommenderOf(method);
    if (rows.some(({ name }) => name === recommender.name))
      throw new Error(`compare requires distinct names, got "${recommender.name}" twice: give runs a name`);
    progress.update(i, methods.length, recommender.name);
    const evaluation = evaluate(recommender);
    const { ndcg: mean, recall, hitRate, coverage } = evaluation.at[k];
    const { lower, upper } = evaluation.intervals[k].ndcg;
    const stepZero = start && stepZeroOf(evaluation, evaluate(start), { k, seed, kept });
    rows.push({
      ...{ name: recommender.name, kind, mean, lower, upper, recall, hitRate, coverage, evaluation },
      ...(stepZero && { stepZero }),
    });
    free();
    await new Promise(setImmediate); // lets progress reach the screen
  }
  progress.update(methods.length, methods.length);
  progress.end();
  rows.sort((a, b) => b.mean - a.mean || (a.name < b.name ? -1 : 1));
  const differences = rows.flatMap(({ stepZero }) => (stepZero ? [stepZero.difference] : []));
  const { marks, notes } = markedDifferences(differences);
  const users = task.histories.size;
  const who = `${users.toLocaleString("en-US")} ${on} users`;
  return {
    ...{ metric: `NDCG@${k}`, users, k, rows, notes: [who, ...notes] },
    dataset: `${data.dataset.label}; ${data.split.protocol}, ${who}`,
    columns: ["method", `NDCG@${k}`, "95%", `Recall@${k}`, `Hit Rate@${k}`, `coverage@${k}`, "from step 0"],
    values: rows.map((row) => [
      row.name,
      decimals(row.mean),
      `${decimals(row.lower)} to ${decimals(row.upper)}`,
      decimals(row.recall),
      decimals(row.hitRate),
      row.coverage.toFixed(2).replace(/^0/, ""),
      row.stepZero === undefined
        ? ""
        : `${row.stepZero.verdict} ${marks[differences.indexOf(row.stepZero.difference)]}`.trimEnd(),
    ]),
  };
}

function stepZeroOf(
  evaluation: Evaluation,
  start: Evaluation,
  { k, seed, kept }: { readonly k: number; readonly seed: number; readonly kept: number | undefined },
): NonNullable<ComparedMethod["stepZero"]> {
  const columns = [evaluation.perUser[k].ndcg, start.perUser[k].ndcg] as const;
  const difference = pairedInterval(...columns, random(seed).fork(`step 0 of ${evaluation.name}`));
  return {
    difference,
    changedLists: changedLists(evaluation.lists, start.lists, k),
    verdict: kept === 0 ? "step 0 was kept" : verdictText(difference, stepZeroWords, start.at[k].ndcg),
  };
}

function recommenderOf(method: Comparable): {
  readonly recommender: Recommender;
  readonly kind: ComparedMethod["kind"];
  readonly start?: Recommender;
  /** The step whose actor the run kept. */
  readonly kept?: number;
  free(): void;
} {
  if ("start" in method && "recommend" in method)
    return {
      recommender: method,
      kind: "agent",
      start: method.start,
      kept: method.chosenStep,
      free: () => {},
    };
  if ("recommend" in method) return { recommender: method, kind: "baseline", free: () => {} };
  const recommender = queryRecommender(method);
  return { recommender, kind: "supervised", free: () => recommender.dispose() };
}
