import { basename, join, resolve } from "node:path";
import { InputError } from "../data/inputError";
import { type Task, taskOf } from "../data/task";
import { type Interval, pairedInterval } from "../math/bootstrap";
import { random } from "../math/random";
import { amongCandidates, sampledCandidates } from "../metrics/amongCandidates";
import { changedLists } from "../metrics/compare";
import { type Evaluation, evaluateRecommender, itemCounts } from "../metrics/evaluate";
import { markedDifferences } from "../metrics/markedDifferences";
import type { Recommender } from "../retrieval/recommender";
import { logKey } from "../runs/logKey";
import { type OpenRun, openRun } from "../runs/openRun";
import { ownTest } from "../runs/ownTest";
import { verdictText } from "../runs/signedText";
import { isPlain, startText } from "../runs/supervisedStart";
import { trainRun } from "../runs/trainRun";
import { baselinesOf } from "./baselinesOf";
import { controlsOf } from "./controls";

export interface CompareRequest {
  readonly folders: readonly string[];
  readonly ks: readonly number[];
  /** A file of test interactions instead of the log's own test rows. */
  readonly test?: string;
  readonly relevantAt?: number;
  /** Fit everything again on train and validation, with the settings chosen without. */
  readonly refit?: boolean;
  /** Rank each user's relevant item among 99 that they never touched (`sampledCandidates`): a stamped mode. */
  readonly sampled?: boolean;
  /** Train behaviour cloning and greedy reward beside the first actor when they are missing; yes by default. */
  readonly controls?: boolean;
  readonly root?: string;
  readonly onProgress?: (label: string, done: number, total: number, detail: string) => void;
  readonly onNotice?: (notice: string) => void;
}

export interface ComparedMethod {
  readonly name: string;
  readonly kind: "agent" | "supervised" | "baseline";
  readonly evaluation: Evaluation;
  /** Of actors: paired over users, from the same actor before its first update. */
  readonly stepZero?: {
    readonly difference: Interval;
    readonly changedLists: number;
    /** In words, with a "*" where it stands after correction for all the differences in the table. */
    readonly verdict: string;
  };
}

export interface RunComparison {
  readonly data: string;
  readonly protocol: string;
  readonly order: string;
  readonly refit: boolean;
  /** Rows are relevant from this weight; null: the protocol's rule. */
  readonly relevantAt: number | null;
  /** The file of test interactions, where one was given. */
  readonly test?: string;
  readonly users: number;
  readonly ks: readonly number[];
  /** The list length that rows are sorted by: 10 where it was asked for, else the longest. */
  readonly k: number;
  /** Best NDCG@k first. */
  readonly rows: readonly ComparedMethod[];
  readonly notices: readonly string[];
}

/**
 * Judges runs on the test rows, beside the compulsory rows: every baseline with its tuned settings, the
 * supervised model, and for actors also imitation alone, greedy reward, and the difference from step 0.
 *
 * @throws InputError when the runs are of different data or protocols.
 */
export async function compareRuns(request: CompareRequest): Promise<RunComparison> {
  const opened: OpenRun[] = [];
  try {
    for (const folder of request.folders) opened.push(await open(folder, folder, request));
    const first = opened[0]!;
    for (const run of opened) requireSame(first, run);
    const notices = opened.flatMap((run) => startNotice(run));
    const task = await taskFor(first, request, notices);
    const named = namesOf(opened);
    const controls = await controlsOf(first, opened, request);
    opened.push(...controls);
    const ks = [...request.ks];
    const k = ks.includes(10) ? 10 : Math.max(...ks);
    const evaluate = evaluator(first, task, ks, request.sampled === true);
    const rows: ComparedMethod[] = [];
    for (const [i, run] of opened.entries()) {
      request.onProgress?.("judging", i, opened.length + 1, run.recommender.name);
      rows.push(actorRow(run, named[i] ?? run.config.agent.name, evaluate, k));
    }
    const supervised = opened.find((run) => run.supervised !== undefined)?.supervised;
    if (supervised !== undefined && !rows.some(({ name }) => name === "next-item"))
      rows.push({ name: "next-item", kind: "supervised", evaluation: evaluate(supervised) });
    request.onProgress?.("judging", opened.length, opened.length + 1, "baselines");
    for (const recommender of await baselinesOf(first, request))
      rows.push({ name: recommender.name, kind: "baseline", evaluation: evaluate(recommender) });
    const marked = withMarks(rows);
    notices.push(...marked.notes);
    marked.rows.sort(
      (a, b) => b.evaluation.at[k]!.ndcg - a.evaluation.at[k]!.ndcg || (a.name < b.name ? -1 : 1),
    );
    return {
      data: first.dataset.label,
      protocol: request.sampled === true ? "ncf-99neg" : first.data.split.protocol,
      order: first.dataset.interactions.order,
      refit: first.data.refit,
      relevantAt: request.relevantAt ?? first.config.relevantAt,
      ...(request.test === undefined ? {} : { test: request.test }),
      users: task.histories.size,
      ks,
      k,
      rows: marked.rows,
      notices,
    };
  } finally {
    for (const run of opened) run.dispose();
  }
}

/** The run, or with refit the one beside it that learned from validation rows too (made when missing). */
async function open(folder: string, shown: string, request: CompareRequest): Promise<OpenRun> {
  const run = await openRun(folder);
  if (request.refit !== true || run.config.refit) return run;
  run.dispose();
  request.onNotice?.(`${shown}: fitting again on train and validation rows`);
  const steps = run.summary.record?.chosenStep ?? null;
  const beside = join(folder, "refit");
  await trainRun({
    ...request,
    folder: beside,
    dataset: run.dataset,
    config: { ...run.config, refit: true, steps },
  });
  return openRun(beside);
}

function requireSame(first: OpenRun, run: OpenRun): void {
  const of = ({ summary: { data, split }, dataset, config }: OpenRun): string =>
    `${data.interactions} interactions of ${data.users} users with ${data.items} items (log ${logKey(dataset.interactions)}), ${split.protocol}${config.relevantAt === null ? "" : `, relevant from ${config.relevantAt}`}`;
  if (of(first) !== of(run))
    throw new InputError(`was trained on other data: ${of(run)}`, { file: run.folder, expected: of(first) });
  if (first.config.refit !== run.config.refit)
    throw new InputError("is refitted and another run is not", {
      file: run.folder,
      expected: "one mode in a table",
    });
}

async function taskFor(run: OpenRun, request: CompareRequest, notices: string[]): Promise<Task> {
  const { test, relevantAt } = request;
  if (test !== undefined) {
    const own = await ownTest(test, run.data, relevantAt);
    if (own.unknownUsers > 0)
      notices.push(`${own.unknownUsers} users of ${test} are not in the log and are not judged`);
    if (own.unknownItems > 0)
      notices.push(`${own.unknownItems} items of ${test} are not in the catalogue; they count as missed`);
    return own.task;
  }
  try {
    return relevantAt === undefined
      ? run.data.test()
      : taskOf(run.dataset.interactions, run.data.split, "test", { relevantAt });
  } catch (error) {
    throw new InputError((error as Error).message, { file: run.folder });
  }
}

/** Where something stands beside the next-item model the row is to be read with it. */
function startNotice({ summary: { start }, config }: OpenRun): string[] {
  if (start === undefined || isPlain(start)) return [];
  return [`${config.agent.name} and the ranking it starts from: ${startText(start)}`];
}

/** Agent names, or folder names where an agent comes twice. */
function namesOf(runs: readonly OpenRun[]): string[] {
  const agents = runs.map((run) => run.config.agent.name);
  return runs.map((run, i) =>
    agents.indexOf(agents[i]!) === agents.lastIndexOf(agents[i]!)
      ? agents[i]!
      : `${agents[i]} (${basename(resolve(run.folder.replace(/\/refit$/, "")))})`,
  );
}

function evaluator(
  run: OpenRun,
  task: Task,
  ks: readonly number[],
  sampled: boolean,
): (recommender: Recommender) => Evaluation {
  const { interactions, catalog } = run.dataset;
  const trainCounts = itemCounts(interactions.items, run.data.split.train, catalog.size);
  const candidates = sampled
    ? sampledCandidates(interactions, task, { random: random(1).fork("ncf-99neg") })
    : undefined;
  const among = (recommender: Recommender): Recommender =>
    candidates ? amongCandidates(recommender, candidates, catalog.size) : recommender;
  return (recommender) =>
    evaluateRecommender(among(recommender), task, { ks, random: random(1), trainCounts });
}

/** What a run is in a table; an actor that is shown without its step 0 is an agent all the same. */
const rowKinds = {
  "actor-critic": "agent",
  classic: "agent",
  supervised: "supervised",
  baseline: "baseline",
} as const;

const words = { better: "better than step 0", worse: "worse than step 0", from: "step 0" };

/** The rows with the differences marked that stand when all are counted, and what the table says of that. */
function withMarks(rows: readonly ComparedMethod[]) {
  const compared = rows.flatMap(({ stepZero }) => (stepZero === undefined ? [] : [stepZero]));
  const { marks, notes } = markedDifferences(compared.map(({ difference }) => difference));
  const marked = rows.map((row): ComparedMethod => {
    const mark = row.stepZero && marks[compared.indexOf(row.stepZero)];
    return mark
      ? { ...row, stepZero: { ...row.stepZero!, verdict: `${row.stepZero!.verdict} ${mark}` } }
      : row;
  });
  return { rows: marked, notes };
}

function actorRow(
  run: OpenRun,
  name: string,
  evaluate: ReturnType<typeof evaluator>,
  k: number,
): ComparedMethod {
  const evaluation = evaluate({
    name,
    recommend: (histories, length) => run.recommender.recommend(histories, length),
  });
  if (run.stepZero === undefined) return { name, kind: rowKinds[run.summary.kind], evaluation };
  const start = evaluate(run.stepZero);
  const columns = [evaluation.perUser[k]!.ndcg, start.perUser[k]!.ndcg] as const;
  const difference = pairedInterval(...columns, random(1).fork(`step 0 of ${name}`));
  const stepZero = {
    difference,
    changedLists: changedLists(evaluation.lists, start.lists, k),
    verdict: verdictText(difference, words, start.at[k]!.ndcg),
  };
  return { name, kind: "agent", evaluation, stepZero };
}
