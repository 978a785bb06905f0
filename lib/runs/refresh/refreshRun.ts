import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Dataset } from "../../data/dataset";
import { logFingerprint } from "../../data/fingerprint";
import { InputError } from "../../data/inputError";
import { loadNextItem } from "../../encoders/nextItemFile";
import { type ActorEntry, agentEntry } from "../../settings/agents";
import { resolveConfig } from "../../settings/resolveConfig";
import type { RunConfig } from "../../settings/runConfig";
import { checkpoints } from "../checkpoint";
import { checkCheckpoint, hasManifest } from "../manifest";
import { prepareData } from "../preparedData";
import { type FinishedRun, readFinished, runFiles } from "../runFolder";
import { readStoredDataset } from "../storedDataset";
import { fittingSteps } from "../trainRun";
import { type JoinedLog, joinLogs } from "./joinLogs";
import { type OriginPlaces, type RunOrigin, runOrigin } from "./origin";
import type { Lineage } from "./record";

/** Updates of the agent are so many times fewer than from nothing. */
const fewer = 4;
/**
 * Passes of the next-item model, of those that were best from nothing, and its learning rate: on goodbooks (a tenth of the rows
 * newer) NDCG@10 on validation was .034 before any pass, .062 with a quarter of both, .073 with these and .073 anew.
 */
const passes = 0.5;
const rate = 0.75;

/** Everything that a refreshed run is trained with. */
export interface RefreshPlan {
  readonly dataset: Dataset;
  readonly config: RunConfig;
  readonly origin: RunOrigin;
}

export interface RefreshOptions {
  /** Changes of settings, as of --set. */
  readonly set?: readonly string[];
  /** Share of the newer rows that is held out, the newest; as many before them choose. .25 by default. */
  readonly holdOut?: number;
  /** Whether the same data is learned from nothing as well, to compare with; yes by default. */
  readonly compare?: boolean;
}

/**
 * Plans how a finished run goes on with newer rows: its own log joined with them, its settings with fewer passes and
 * updates, and what it starts from. The newest rows are held out by the temporal protocol, whatever the run's own was, and
 * all of them are rows that the run has never had.
 *
 * @param read reads the newer rows, once the run is known to be one that can be refreshed
 * @throws InputError where the run cannot go on: not finished, columns beside items in its states, nothing newer.
 */
export async function planRefresh(
  from: string,
  read: (config: RunConfig) => Promise<Dataset>,
  { set = [], holdOut = 0.25, compare = true }: RefreshOptions = {},
): Promise<RefreshPlan> {
  const run = await readFinished(from);
  requireRefreshable(run);
  const old = await readStoredDataset(from);
  const newer = await read(run.config);
  const joined = joinLogs(old, newer, { repeats: run.config.repeats });
  const { cut, heldOut } = cutOf(joined, holdOut, newer.origin);
  const name = run.config.agent.name;
  const anew = resolveConfig({ defaults: { ...run.config, ...cut }, set, agent: name });
  const config = await shorter(run, anew, { set, joined });
  const { kind } = agentEntry(name);
  const notes: string[] = [];
  if (run.config.protocol !== "temporal")
    notes.push(`the run was cut by ${run.config.protocol}; newest rows need the temporal protocol`);
  if (run.config.refit) notes.push("the run had learned from its validation rows too; now they choose");
  if (kind === "baseline" || kind === "classic")
    notes.push(`${name} keeps nothing that could be gone on from: it is trained anew on the joined log`);
  const places = await placesOf(run);
  const step = places.agent && run.summary.record?.chosenStep;
  const lineage: Lineage = {
    from,
    fingerprint: await fingerprintOf(from, old),
    agent: name,
    ...(step === undefined ? {} : { step }),
    rows: joined.counts,
    heldOut,
    notes,
  };
  const kept = { lineage, items: old.catalog.ids, ...(compare && { anew }) };
  return { dataset: joined.dataset, config, origin: runOrigin(kept, joined.dataset.catalog.ids, places) };
}

function requireRefreshable({ folder, config, summary }: FinishedRun): void {
  const columns = summary.features?.columns ?? [];
  if (columns.length === 0 && config.nextItem.features === "none") return;
  throw new InputError("cannot be refreshed: its states know further columns", {
    file: folder,
    expected: "a run with nextItem.features=none, or npm run train on the whole log",
  });
}

/** The shares of the joined log that are held out and choose: a share of the new rows each, as long as all held out are new. */
function cutOf(
  { isNew, counts, dataset }: JoinedLog,
  share: number,
  file: string,
): { cut: Partial<RunConfig>; heldOut: Lineage["heldOut"] } {
  const size = isNew.length;
  let newest = 0;
  while (newest < size && isNew[size - 1 - newest] === 1) newest++;
  const rows = Math.min(Math.floor(share * counts.newRows), newest);
  const ratio = Math.floor((1e6 * rows) / size) / 1e6;
  if (ratio < 0.001)
    throw new InputError(
      newest === 0
        ? `holds nothing newer than the run's log (${dataset.interactions.order})`
        : `has too few newer rows to hold some out: ${counts.newRows} beside ${counts.oldRows}`,
      { file, expected: `${Math.ceil((0.001 * counts.oldRows) / share)} or more rows after the log's last` },
    );
  return {
    cut: { protocol: "temporal", testRatio: ratio, validationRatio: ratio, refit: false },
    heldOut: { rows: size - Math.floor(((1e6 - Math.round(1e6 * ratio)) * size) / 1e6), share },
  };
}

/** The same settings with fewer passes and updates and shorter steps, where --set does not say otherwise. */
async function shorter(
  run: FinishedRun,
  anew: RunConfig,
  { set, joined }: { readonly set: readonly string[]; readonly joined: JoinedLog },
): Promise<RunConfig> {
  const entry = agentEntry(anew.agent.name);
  if (entry.kind === "baseline" || entry.kind === "classic") return anew;
  const model = await loadNextItem(join(run.folder, runFiles.nextItem));
  const epochs = Math.max(1, Math.ceil(model.bestEpoch * passes));
  model.dispose();
  const nextItem = {
    ...anew.nextItem,
    epochs,
    patience: epochs,
    learningRate: anew.nextItem.learningRate * rate,
  };
  const least = (value: number): number => Math.max(1, Math.ceil(value / fewer));
  const changed = { ...anew, nextItem };
  if (entry.kind !== "actor-critic") return resolveConfig({ defaults: changed, set, agent: entry.name });
  const steps = anew.steps ?? stepsAnew(entry, joined, anew);
  const evaluateEvery = anew.evaluateEvery === null ? null : least(anew.evaluateEvery);
  const defaults = { ...changed, steps: least(steps), evaluateEvery };
  return resolveConfig({ defaults, set, agent: entry.name });
}

function stepsAnew(entry: ActorEntry, { dataset }: JoinedLog, config: RunConfig): number {
  const data = prepareData(dataset, config);
  const steps = fittingSteps(entry.steps, data, config.batchSize);
  data.dispose();
  return steps;
}

/** Where the parts stand that are gone on from. @throws InputError naming the file where one is missing or damaged. */
async function placesOf({ folder, config, summary }: FinishedRun): Promise<OriginPlaces> {
  const { kind } = agentEntry(config.agent.name);
  if (kind === "baseline" || kind === "classic") return {};
  const model = join(folder, runFiles.nextItem);
  if (kind === "supervised") return { model };
  const root = join(folder, runFiles.checkpoints);
  const kept = await checkpoints(root);
  const folderOf = async (step: number | undefined): Promise<string> => {
    const found = kept.find((each) => each.step === step);
    if (found === undefined)
      throw new InputError(`the checkpoint of step ${step} is missing`, {
        file: root,
        expected: "every checkpoint that the run kept",
      });
    await checkCheckpoint(found.folder, { isOld: !kept.some(hasManifest) });
    return found.folder;
  };
  return { model, agent: { served: await folderOf(summary.record?.chosenStep), start: await folderOf(0) } };
}

async function fingerprintOf(folder: string, dataset: Dataset): Promise<string> {
  const summary = await readFile(join(folder, runFiles.summary));
  const hash = createHash("sha256").update(summary).update(logFingerprint(dataset.interactions));
  return hash.digest("hex").slice(0, 16);
}
