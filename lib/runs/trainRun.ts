import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { fitBaseline } from "../baselines/fitBaselines";
import { requestMoments } from "../baselines/recentPopularity";
import { defaultSettings } from "../baselines/settings";
import type { Dataset } from "../data/dataset";
import { furtherColumns, namedColumns } from "../data/furtherColumns";
import { writeAtomically } from "../data/writeAtomically";
import { isFull } from "../data/writeFailure";
import type { FeatureChoice } from "../encoders/featureChoice";
import { saveNextItem } from "../encoders/nextItemFile";
import type { NextItemModel } from "../encoders/nextItemModel";
import { interval } from "../math/bootstrap";
import { random } from "../math/random";
import { rankingMetrics } from "../metrics/metrics";
import { requireTerminals } from "../replay/terminalColumn";
import type { Recommender } from "../retrieval/recommender";
import { type ActorEntry, type AgentEntry, agentEntry, type ClassicEntry } from "../settings/agents";
import { agentSettings } from "../settings/resolveConfig";
import type { RunConfig } from "../settings/runConfig";
import { codeVersion } from "./codeVersion";
import { fitClassic } from "./fitClassic";
import { withFolderLock } from "./folderLock";
import { modelCard } from "./modelCard";
import { type PreparedData, prepareData } from "./preparedData";
import { queryRecommender } from "./queryRecommender";
import { originFolder, type RunOrigin } from "./refresh/origin";
import { resumePoint } from "./resumePoint";
import { rewardOf } from "./rewardOf";
import {
  clearLeftovers,
  type RunSummary,
  readSummary,
  runFiles,
  writeConfig,
  writeSummary,
} from "./runFolder";
import { sharedBaselineSettings } from "./sharedBaselines";
import { sharedModel } from "./sharedModel";
import { type SharedStarts, sharedStarts } from "./sharedStart";
import { sizeNotices } from "./sizeNotices";
import { reasonOf, Stopped } from "./stopped";
import { storeDataset } from "./storedDataset";
import type { StartChoice, SupervisedStart } from "./supervisedStart";
import { type Figures, figuresText, tracking } from "./tracking";
import { recordOf, trainSpec } from "./trainSpec";
import { generalWarnings, impossibleValues, sameForEverybody } from "./warnings";

export interface TrainRequest {
  /** The run folder. A run that was cut short there is continued. */
  readonly folder: string;
  readonly dataset: Dataset;
  readonly config: RunConfig;
  /** The project's folder, for data/cache. */
  readonly root?: string;
  /** What runs share, where many are made. */
  readonly starts?: SharedStarts;
  readonly onProgress?: (label: string, done: number, total: number, detail: string) => void;
  /** Hears an actor's figures when they are logged. */
  readonly onFigures?: (figures: Figures) => void;
  /** Another process that works in the folder is waited for, after this call; without it the folder is refused. */
  readonly onWait?: (pid: number) => void;
  /** Hears what is done otherwise than on a log of the usual size, in a line each. */
  readonly onNotice?: (notice: string) => void;
  /** What a refreshed run starts from; nothing by default. */
  readonly origin?: RunOrigin;
  /** Asks the run to stop and to save where it is: it throws `Stopped`, and says how to go on. */
  readonly signal?: AbortSignal;
}

/** What each kind of entry gives to the summary. */
type Outcome = Pick<
  RunSummary,
  "validation" | "warnings" | "baseline" | "features" | "start" | "record" | "refresh"
>;

/**
 * Trains whatever the settings name, into a run folder that needs nothing outside it. Everything is written
 * atomically, `run.json` last: a folder with it is finished, one without it can be continued.
 *
 * @throws InputError when there is too little data, the reward is unknown, the folder cannot be written to, or another
 *   process works in it; `Stopped` where it was asked to stop.
 */
export async function trainRun(request: TrainRequest): Promise<RunSummary> {
  const { folder, dataset, config, onNotice, onWait } = request;
  const finished = await readSummary(folder);
  if (finished !== undefined) return finished;
  // An unknown reward or column is said before anything is written.
  rewardOf(config.reward, dataset.interactions);
  if (config.terminals != null) requireTerminals(dataset.interactions, config.terminals);
  const { features = "none" } = config.nextItem; // a run of an earlier version has none
  if (typeof features !== "string")
    namedColumns(furtherColumns(dataset.interactions, dataset.catalog), features);
  const data = prepareData(dataset, config);
  for (const notice of sizeNotices(data, agentEntry(config.agent.name), config)) onNotice?.(notice);
  const made = async (): Promise<RunSummary> => (await readSummary(folder)) ?? (await trained(request, data));
  const goOn = `npm run train -- --resume --out ${folder}`;
  return withFolderLock(folder, made, { ...(onWait && { onWait }) }).catch((error: unknown) => {
    if (error instanceof Stopped) error.message += `; to go on: ${goOn}`;
    if (isFull(error) && existsSync(join(folder, runFiles.config))) (error as Error).message += `: ${goOn}`;
    throw error;
  });
}

/** The request whose progress is also heard to stop the run while it has no checkpoint to write yet. */
function stoppable(request: TrainRequest): TrainRequest {
  const { signal, onProgress } = request;
  if (signal === undefined) return request;
  return {
    ...request,
    onProgress(label, done, total, detail) {
      onProgress?.(label, done, total, detail);
      if (signal.aborted && label === nextItemLabel)
        throw new Stopped(
          "stopped before the first checkpoint: its data and settings are kept",
          reasonOf(signal),
        );
    },
  };
}

const nextItemLabel = "next-item model";

async function trained(asked: TrainRequest, data: PreparedData): Promise<RunSummary> {
  const request = stoppable(asked);
  const { folder, dataset, config } = request;
  const entry = agentEntry(config.agent.name);
  const { features = "none" } = config.nextItem;
  await clearLeftovers(folder);
  if (request.origin === undefined) await rm(join(folder, originFolder), { recursive: true, force: true });
  else await request.origin.store(folder);
  // Before the settings: a run with settings can be continued.
  await storeDataset(folder, dataset, { columns: features !== "none" });
  await writeConfig(folder, config);
  const outcome = await outcomeOf(request, data, entry).finally(() => data.dispose());
  const { interactions, catalog } = dataset;
  const { split, refit } = data;
  const summary: RunSummary = {
    format: 1,
    agent: entry.name,
    kind: entry.kind,
    data: {
      label: dataset.label,
      name: dataset.name,
      origin: dataset.origin,
      users: interactions.userIds.length,
      items: catalog.size,
      interactions: interactions.size,
      order: interactions.order,
      skippedRows: dataset.skippedRows,
      notices: dataset.notices,
    },
    split: {
      protocol: split.protocol,
      train: split.train.length,
      validation: split.validation.length,
      test: split.test.length,
      refit,
    },
    seed: config.seed,
    code: codeVersion(),
    ...(request.origin && { refresh: request.origin.lineage }),
    ...outcome,
  };
  await writeAtomically(join(folder, runFiles.card), modelCard(summary, config));
  await writeSummary(folder, summary);
  return summary;
}

async function outcomeOf(request: TrainRequest, data: PreparedData, entry: AgentEntry): Promise<Outcome> {
  if (entry.kind === "baseline") return fitted(request, data);
  if (entry.kind === "classic") return learnedAtOnce(request, data, entry);
  return learned(request, data, entry);
}

async function fitted(
  { config, dataset, root, onProgress }: TrainRequest,
  data: PreparedData,
): Promise<Outcome> {
  const { name, tune } = config.agent;
  const needsNone = name === "random" || name === "most-popular";
  const { interactions } = dataset;
  let settings = defaultSettings(interactions, data.split, config);
  if (tune === true && !needsNone) {
    settings = await sharedBaselineSettings(data, { root, onProgress });
  }
  const entry = agentEntry(name);
  if (entry.kind !== "baseline") throw new Error(`fitted requires a baseline, got ${name}`);
  const options = { settings, random: random(config.seed) };
  const moments = requestMoments(interactions, data.split.validation);
  const recommender = fitBaseline(entry.name, interactions, data.rows, { ...options, moments });
  const { validation } = validated(recommender, data);
  return { validation, baseline: settings, warnings: generalWarnings(data) };
}

async function learnedAtOnce(
  { folder, config }: TrainRequest,
  data: PreparedData,
  entry: ClassicEntry,
): Promise<Outcome> {
  const { agent, figures } = fitClassic(entry, data, config);
  await agent.save(join(folder, runFiles.classic));
  const { validation, warnings } = validated(agent, data);
  const impossible = impossibleValues(figures.alarmShare ?? 0, "of the log's steps");
  return { validation, warnings: [...generalWarnings(data), ...impossible, ...warnings] };
}

async function learned(
  request: TrainRequest,
  data: PreparedData,
  entry: Exclude<AgentEntry, { kind: "baseline" | "classic" }>,
): Promise<Outcome> {
  const { folder, config, root, onProgress } = request;
  let tried: FeatureChoice | undefined;
  const heard = {
    ...(root === undefined ? {} : { root }),
    onProgress: (done: number, total: number, detail: string) =>
      onProgress?.(nextItemLabel, done, total, detail),
  };
  const { origin } = request;
  const { model, starts: newItems } = origin
    ? await origin.model(data, config, heard)
    : {
        model: await sharedModel(data, {
          onChoice: (found) => {
            tried = found;
          },
          config: { ...config.nextItem, seed: config.seed },
          ...heard,
        }),
        starts: undefined,
      };
  const refresh = origin && { refresh: { ...origin.lineage, newItems } };
  try {
    await saveNextItem(model, join(folder, runFiles.nextItem));
    const { starts = sharedStarts({ root }) } = request;
    const choice = await starts.choose(model, data, config);
    const start = starts.put(choice, model, data, config);
    if (entry.kind === "supervised") {
      const recommender = queryRecommender(model, undefined, { ...start, repeats: data.repeats });
      const { validation, warnings } = validated(recommender, data);
      recommender.dispose();
      const all = [...generalWarnings(data), ...warnings];
      return { validation, ...featuresOf(model, tried), start: choice, warnings: all, ...refresh };
    }
    const outcome = await acted(request, data, entry, { model, choice, start });
    return { ...outcome, ...featuresOf(model, tried), ...refresh };
  } finally {
    model.dispose();
  }
}

/** Which further columns the states know, where some were asked for. */
function featuresOf(model: NextItemModel, choice?: FeatureChoice): Pick<RunSummary, "features"> {
  const { features } = model.parameters.sequence;
  if (features === undefined && choice === undefined) return {};
  const columns = features?.columns.map(({ name }) => name) ?? [];
  return { features: { columns, ...(choice && { choice }) } };
}

async function acted(
  { folder, config, dataset, origin, onProgress, onFigures, onNotice, signal }: TrainRequest,
  data: PreparedData,
  entry: ActorEntry,
  { model, choice, start }: { model: NextItemModel; choice: StartChoice; start: SupervisedStart },
): Promise<Outcome> {
  const steps = config.steps ?? fittingSteps(entry.steps, data, config.batchSize);
  const { from, damaged } = await resumePoint(join(folder, runFiles.checkpoints));
  for (const line of damaged) onNotice?.(line);
  if (damaged.length > 0)
    onNotice?.(`the run goes on from ${from === undefined ? "its start" : `step ${from.step}`}`);
  const log = await tracking(folder, from?.step);
  const run = await trainSpec({
    data,
    model,
    reward: rewardOf(config.reward, dataset.interactions),
    ...(config.terminals != null && { terminals: config.terminals }),
    agent: entry.factory,
    config: agentSettings(config),
    steps,
    batchSize: config.batchSize,
    seed: config.seed,
    ...(config.evaluateEvery === null ? {} : { evaluateEvery: config.evaluateEvery }),
    keep: config.keep,
    replay: config.replay,
    ...(config.window === null ? {} : { window: config.window }),
    ...start,
    checkpointFolder: join(folder, runFiles.checkpoints),
    ...(origin?.initial && { initial: origin.initial }),
    ...(signal && { signal }),
    onFigures(figures) {
      log.log(figures);
      onFigures?.(figures);
    },
    onProgress: ({ step, figures }) => onProgress?.(entry.name, step, steps, figuresText(figures)),
  }).finally(() => log.close());
  const { validation, warnings } = validated(run.recommender, data);
  const record = recordOf(run);
  run.dispose();
  return { validation, start: choice, record, warnings: [...record.warnings, ...warnings] };
}

/** About twenty passes over the log, between 1,000 updates and the entry's own number. */
export function fittingSteps(most: number, data: PreparedData, batchSize: number): number {
  return Math.min(most, Math.max(1000, Math.ceil((20 * data.rows.length) / batchSize)));
}

function validated(
  recommender: Recommender,
  { validation }: PreparedData,
): { readonly validation: RunSummary["validation"]; readonly warnings: readonly string[] } {
  if (validation === undefined) return { validation: null, warnings: [] };
  const lists = recommender.recommend(validation.histories, 10, { repeats: validation.repeats });
  const metrics = rankingMetrics(lists, validation, [10]);
  const values = metrics.perUser[10].ndcg;
  return {
    validation: { users: metrics.users, ndcg: interval({ values }, random(1).fork("validation")) },
    warnings: sameForEverybody(lists),
  };
}
