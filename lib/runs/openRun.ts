import { join } from "node:path";
import type { Agent } from "../agents/agent";
import type { IncrementalAgent } from "../agents/incrementalAgent";
import { fitBaseline } from "../baselines/fitBaselines";
import type { Dataset } from "../data/dataset";
import { InputError } from "../data/inputError";
import { unavailableItems } from "../data/unavailableItems";
import { loadNextItem } from "../encoders/nextItemFile";
import type { NextItemModel } from "../encoders/nextItemModel";
import { random } from "../math/random";
import { normaliseRows } from "../math/vectors";
import { type Recommender, repeating } from "../retrieval/recommender";
import type { ScoringRecommender } from "../retrieval/scorer";
import { type ActorEntry, agentEntry } from "../settings/agents";
import type { RunConfig } from "../settings/runConfig";
import { checkpoints } from "./checkpoint";
import { classicAgent } from "./fitClassic";
import { checkCheckpoint, hasManifest } from "./manifest";
import { newAgent } from "./newAgent";
import { type PreparedData, prepareData } from "./preparedData";
import { type QueryRecommender, queryRecommender } from "./queryRecommender";
import { type RunSummary, readFinished, runFiles } from "./runFolder";
import { type SharedStarts, sharedStarts } from "./sharedStart";
import { readStoredDataset } from "./storedDataset";
import type { StartChoice, SupervisedStart } from "./supervisedStart";

/** A finished run, brought back to life from its folder alone. */
export interface OpenRun {
  readonly folder: string;
  readonly config: RunConfig;
  readonly summary: RunSummary;
  readonly dataset: Dataset;
  readonly data: PreparedData;
  readonly recommender: Recommender;
  /** The same as `recommender` where it asks by queries, so that a served policy can be made of it. */
  readonly served?: QueryRecommender;
  /** The same where it asks by scores: they are divided by the temperature. */
  readonly scored?: { readonly recommender: ScoringRecommender; readonly temperature: number };
  /** Where items have vectors: [N × width], each of length 1, so that inner products are cosines. */
  readonly unitItems?: { readonly vectors: Float32Array; readonly width: number };
  /** Of agents that learn one interaction at a time: it continues to learn by `update`. Of each user it knows the train rows. */
  readonly incremental?: IncrementalAgent;
  /** Of actors: the actor as it was before its first update, with the same retrieval. */
  readonly stepZero?: QueryRecommender;
  /** Of actors: the supervised model they started from, with the same retrieval. */
  readonly supervised?: QueryRecommender;
  dispose(): void;
}

/**
 * Opens a run folder.
 *
 * @param starts what runs share, where many are opened
 * @param options.step of actors: another step than the one that is kept, of those whose checkpoints are there
 * @throws InputError when the folder is none, or its run is not finished.
 */
export async function openRun(
  folder: string,
  starts: SharedStarts = sharedStarts(),
  { step }: { readonly step?: number } = {},
): Promise<OpenRun> {
  const { config, summary } = await readFinished(folder);
  const dataset = await readStoredDataset(folder);
  const data = prepareData(dataset, config);
  const entry = agentEntry(config.agent.name);
  const shared = { folder, config, summary, dataset, data };
  if (entry.kind === "baseline") {
    const settings = { settings: summary.baseline!, random: random(config.seed) };
    const fitted = fitBaseline(entry.name, dataset.interactions, data.rows, settings);
    const recommender = { ...(data.repeats ? repeating(fitted) : fitted), name: entry.name };
    return { ...shared, recommender, dispose() {} };
  }
  if (entry.kind === "classic") {
    const recommender = classicAgent(entry, config, dataset);
    await recommender.load(join(folder, runFiles.classic));
    const scored = { recommender, temperature: recommender.temperature };
    return { ...shared, recommender, scored, incremental: recommender, dispose() {} };
  }
  const model = await loadNextItem(join(folder, runFiles.nextItem));
  const start = {
    ...starts.put(startOf(summary, folder), model, data, config),
    repeats: data.repeats,
  };
  if (entry.kind === "supervised") {
    const served = queryRecommender(model, undefined, start);
    const unitItems = unitItemsOf(model);
    return { ...shared, recommender: served, served, unitItems, dispose: () => disposeAll(served, model) };
  }
  const [agent, first] = await keptAgents(folder, summary, entry, { model, config, start, data, step });
  const served = queryRecommender(model, agent, { ...start, name: entry.name });
  const stepZero = queryRecommender(model, first, { ...start, name: `${entry.name}, step 0` });
  const supervised = queryRecommender(model, undefined, start);
  return {
    ...shared,
    recommender: served,
    served,
    stepZero,
    supervised,
    unitItems: unitItemsOf(model),
    dispose: () => disposeAll(served, stepZero, supervised, agent, first, model),
  };
}

/** The actor of the chosen step, and the one of step 0: as it was kept, or made anew, which is the same. */
async function keptAgents(
  folder: string,
  summary: RunSummary,
  entry: ActorEntry,
  {
    model,
    config,
    start,
    data,
    step = summary.record?.chosenStep,
  }: {
    readonly model: NextItemModel;
    readonly config: RunConfig;
    readonly start: SupervisedStart;
    readonly data: PreparedData;
    readonly step: number | undefined;
  },
): Promise<[chosen: Agent, start: Agent]> {
  const root = join(folder, runFiles.checkpoints);
  const kept = await checkpoints(root);
  const [found, first] = [step, 0].map((wanted) => kept.find((checkpoint) => checkpoint.step === wanted));
  if (found === undefined)
    throw new InputError(`the checkpoint of step ${step} is missing`, {
      file: root,
      expected: "every checkpoint that the run kept: bring it back from a copy, or train again",
    });
  for (const each of [found, ...(first === undefined ? [] : [first])])
    await checkCheckpoint(each.folder, { isOld: !kept.some(hasManifest) });
  const unavailable = unavailableItems(data.dataset.catalog);
  const make = (): Agent => newAgent(entry, { model, config, start, unavailable });
  const [agent, zero] = [make(), make()];
  await agent.load(found.folder);
  if (first !== undefined) await zero.load(first.folder);
  return [agent, zero];
}

/** @throws InputError for a run whose start this version does not know how to put together. */
function startOf({ start }: RunSummary, folder: string): StartChoice {
  if (start?.biases !== undefined && start.companion !== undefined) return start;
  throw new InputError("was made by an earlier version", {
    file: folder,
    expected: "a run whose summary holds its start: train it again",
  });
}

function unitItemsOf({ itemVectors, size }: NextItemModel): OpenRun["unitItems"] {
  const width = itemVectors.length / size;
  return { vectors: normaliseRows(itemVectors.slice(), width), width };
}

function disposeAll(...held: readonly { dispose(): void }[]): void {
  for (const each of held) each.dispose();
}
