import { basename, join, resolve } from "node:path";
import type { Dataset } from "../data/dataset";
import { logFingerprint } from "../data/fingerprint";
import { InputError } from "../data/inputError";
import { type Task, taskOf } from "../data/task";
import { random } from "../math/random";
import { sampledCandidates } from "../metrics/amongCandidates";
import { externalTest } from "../runs/externalTest";
import { atMost, type PreparedData, prepareData } from "../runs/preparedData";
import { type FinishedRun, readFinished } from "../runs/runFolder";
import { readStoredDataset } from "../runs/storedDataset";
import { isPlain, startText } from "../runs/supervisedStart";
import { agentDefaults, agentEntry } from "../settings/agents";
import type { Settings } from "../settings/readConfig";
import { type ExecuteOptions, evaluationTask, execute, testUsers } from "./execute";
import { baselineRows, criticOff, type PlannedRow, rowFingerprint, supervisedOf } from "./plan";
import { type StudyTable, studyTable } from "./table";

export interface EvaluateRequest extends ExecuteOptions {
  readonly folders: readonly string[];
  readonly ks: readonly number[];
  /** A file of test interactions instead of the log's own test rows. */
  readonly test?: string;
  readonly relevantAt?: number;
  /** Fit everything again on train and validation, with the settings chosen without. */
  readonly refit?: boolean;
  /** Rank each user's relevant item among 99 that they never touched (`sampledCandidates`): a stamped mode. */
  readonly sampled?: boolean;
  /** Evaluate so many test users, drawn at random, at most; see `someUsers`. */
  readonly testUsers?: number;
  /** Train behaviour cloning and greedy reward beside the first actor when they are missing; yes by default. */
  readonly controls?: boolean;
}

/**
 * A study of finished runs: they are evaluated on the test rows, beside the compulsory rows: every baseline with its
 * tuned settings, the supervised model, and for actors also imitation alone and greedy reward.
 *
 * @throws InputError when the runs are of different data or protocols.
 */
export async function evaluateRuns(request: EvaluateRequest): Promise<StudyTable> {
  const { folders, ks, controls = true, refit = false, sampled = false, test } = request;
  const runs: StoredRun[] = [];
  for (const folder of folders)
    runs.push({ ...(await readFinished(folder)), dataset: await readStoredDataset(folder) });
  const first = runs[0];
  for (const run of runs) requireSame(first, run, refit);
  for (const { folder, config } of runs)
    if (refit && !config.refit) request.onNotice?.(`${folder}: fitting again on train and validation rows`);
  const notices = runs.flatMap((run) => startNotice(run));
  const rows = rowsOver(runs, { controls, refit });
  const data = prepareData(first.dataset, rows[0].config);
  const all = await taskFor(first, data, request, notices);
  const on = evaluationTask(data, someUsers(all, request, first.dataset.catalog.size, notices), ks);
  const { interactions } = first.dataset;
  const candidates = sampled
    ? sampledCandidates(interactions, on.task, { random: random(1).fork("ncf-99neg") })
    : undefined;
  const executed = await execute(rows, data, { ...on, candidates }, request);
  const seeds = [...new Set(runs.map(({ config }) => config.seed))];
  return studyTable(executed, {
    ...{ name: "runs", seeds, ks, controls, notices },
    ...(sampled && { protocol: "ncf-99neg" }),
    ...(test !== undefined && { test }),
    relevantAt: request.relevantAt ?? first.config.relevantAt,
  });
}

interface StoredRun extends FinishedRun {
  readonly dataset: Dataset;
}

/** The rows of finished runs, under the agents' names, or with their folders' where an agent comes twice. */
function rowsOver(
  runs: readonly StoredRun[],
  { controls, refit }: { readonly controls: boolean; readonly refit: boolean },
): PlannedRow[] {
  const names = namesOf(runs);
  const models = runs.map(({ folder, config, summary }, i): PlannedRow => {
    const again = refit && !config.refit;
    const steps = again ? (summary.record?.chosenStep ?? null) : config.steps;
    return {
      ...{ name: names[i], role: "model", entry: agentEntry(config.agent.name) },
      config: again ? { ...config, refit: true, steps } : config,
      runs: [
        again
          ? { seed: config.seed, folder: join(folder, "refit"), chosenIn: folder }
          : { seed: config.seed, folder },
      ],
    };
  });
  const rows = controls ? [...models, ...controlsOf(models, runs)] : models;
  const byKey = new Map(rows.map(({ config, name }) => [rowFingerprint(config), name]));
  const paired = rows.map((row) => {
    const off = criticOff(row.config);
    const same = off && byKey.get(rowFingerprint(off));
    return same === undefined ? row : { ...row, criticOff: same };
  });
  return [
    ...paired,
    ...supervisedRow(models),
    ...baselineRows(rows[0].config).map((row) => ({ ...row, runs: [], fitted: {} })),
  ];
}

/**
 * Imitation alone and greedy reward, trained as the first actor with a critic was, as usual where that actor has no such
 * setting; kept inside its folder.
 */
function controlsOf(models: readonly PlannedRow[], runs: readonly StoredRun[]): PlannedRow[] {
  // Imitation alone has no critic: greedy reward made of its settings would never see a reward.
  const which = models.findIndex(({ config }) => (config.agent.criticWeight ?? 0) !== 0);
  const actor = models[which];
  if (actor === undefined) return [];
  const [{ folder, seed, chosenIn }] = actor.runs as [PlannedRow["runs"][number]];
  const steps = chosenIn === undefined ? (runs[which].summary.record?.steps ?? null) : actor.config.steps;
  return ["behaviour-cloning", "greedy-reward"]
    .filter((name) => !models.some(({ entry }) => entry.name === name))
    .map((name) => ({
      ...{ name, role: "compulsory", entry: agentEntry(name) },
      config: {
        ...actor.config,
        steps,
        agent: { ...agentDefaults(name), ...known(name, actor.config.agent), ...switched(name), name },
      },
      runs: [{ seed, folder: join(folder, "controls", name) }],
    }));
}

/** Those of some settings that an agent knows: a control of SAC has no temperature */
function known(name: string, settings: Settings): Settings {
  const { shape } = agentEntry(name).settings;
  return Object.fromEntries(Object.entries(settings).filter(([key]) => key in shape));
}

/** What makes an actor's settings those of a control. */
function switched(name: string): Settings {
  if (name === "greedy-reward") return { discount: 0 };
  return { criticWeight: 0, behaviour: "softmax", behaviourWeight: 1, warmUp: 0 };
}

/** The supervised model that the first actor starts from, unless it is among the runs. */
function supervisedRow(models: readonly PlannedRow[]): PlannedRow[] {
  const actor = models.find(({ entry }) => entry.kind === "actor-critic");
  if (actor === undefined || models.some(({ name }) => name === "next-item")) return [];
  return [
    {
      ...{ name: "next-item", role: "compulsory", entry: agentEntry("next-item") },
      config: supervisedOf(actor.config),
      runs: actor.runs.map(({ seed, folder }) => ({ seed, folder, supervised: true })),
    },
  ];
}

function requireSame(first: StoredRun, run: StoredRun, refit: boolean): void {
  const of = ({ summary: { data, split }, dataset, config }: StoredRun): string =>
    `${data.interactions} interactions of ${data.users} users with ${data.items} items (log ${logFingerprint(dataset.interactions)}), ${split.protocol}${config.relevantAt === null ? "" : `, relevant from ${config.relevantAt}`}${config.repeats ? ", items may come again" : ""}`;
  if (of(first) !== of(run))
    throw new InputError(`was trained on other data: ${of(run)}`, { file: run.folder, expected: of(first) });
  if (!refit && first.config.refit !== run.config.refit)
    throw new InputError("is refitted and another run is not", {
      file: run.folder,
      expected: "one mode in a table",
    });
}

async function taskFor(
  { folder }: StoredRun,
  data: PreparedData,
  { test, relevantAt }: EvaluateRequest,
  notices: string[],
): Promise<Task> {
  if (test !== undefined) {
    const { task, unknownUsers, unknownItems } = await externalTest(test, data, relevantAt);
    if (unknownUsers > 0)
      notices.push(`${unknownUsers} users of ${test} are not in the log and are not evaluated`);
    if (unknownItems > 0)
      notices.push(`${unknownItems} items of ${test} are not in the catalogue; they count as missed`);
    return task;
  }
  const { interactions } = data.dataset;
  return testUsers(
    () =>
      relevantAt === undefined
        ? data.test()
        : taskOf(interactions, data.split, "test", { relevantAt, repeats: data.repeats }),
    folder,
  );
}

/** Scores of items that one method is asked for, at most, and the least number of users they are taken of. */
const scoresOfMethod = 1e9;
const leastUsers = 20_000;

/**
 * The task of all its users, or of so many drawn at random. Unless told, so many that each method scores about a billion
 * items, and 20,000 users at least: of 10,000 items 100,000 users, of 27,000 items 37,000. Intervals say what that costs.
 */
export function someUsers(
  task: Task,
  { testUsers: most }: Pick<EvaluateRequest, "testUsers">,
  items: number,
  notices: string[],
): Task {
  const { size } = task.histories;
  const limit = most ?? Math.max(leastUsers, Math.floor(scoresOfMethod / items));
  if (size <= limit) return task;
  notices.push(
    `${limit.toLocaleString("en-US")} of ${size.toLocaleString("en-US")} test users, drawn at random, are evaluated (--test-users says how many)`,
  );
  return atMost(task, limit, "test users");
}

/** Where something stands beside the next-item model the row is to be read with it. */
function startNotice({ summary: { start }, config }: StoredRun): string[] {
  if (start === undefined || isPlain(start)) return [];
  return [`${config.agent.name} and the ranking it starts from: ${startText(start)}`];
}

/** Agent names, or folder names where an agent comes twice. */
function namesOf(runs: readonly StoredRun[]): string[] {
  const agents = runs.map((run) => run.config.agent.name);
  return runs.map((run, i) =>
    agents.indexOf(agents[i]) === agents.lastIndexOf(agents[i])
      ? agents[i]
      : `${agents[i]} (${basename(resolve(run.folder.replace(/\/refit$/, "")))})`,
  );
}
