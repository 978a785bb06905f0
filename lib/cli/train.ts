import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import type { Dataset } from "../data/dataset";
import { datasetNames, loadDataset } from "../data/datasets";
import { InputError } from "../data/inputError";
import { readDataset } from "../data/readInteractions";
import { writeJsonAtomically } from "../data/writeAtomically";
import { possibleFeatures } from "../encoders/fitFeatures";
import { foldCount } from "../runs/keptStep";
import { featuresText, intervalText } from "../runs/modelCard";
import { measureGain } from "../runs/refresh/measureGain";
import { type RunOrigin, storedOrigin } from "../runs/refresh/origin";
import { gainTable, rowsText, type TrainingTime, trainingClock } from "../runs/refresh/record";
import { planRefresh } from "../runs/refresh/refreshRun";
import { rewardColumns } from "../runs/rewardOf";
import { isFree, type RunSummary, readRunConfig, readSummary, runFiles } from "../runs/runFolder";
import { evaluatedOn, isMoved, keptText, type RunRecord } from "../runs/runRecord";
import { untilStopped } from "../runs/stopped";
import { readStoredDataset } from "../runs/storedDataset";
import { trainRun } from "../runs/trainRun";
import { type AgentEntry, agentEntry, agents } from "../settings/agents";
import { readConfig } from "../settings/readConfig";
import { resolveConfig } from "../settings/resolveConfig";
import { type RunConfig, runSettings } from "../settings/runConfig";
import { loggedSettings, worldData, worldNames, worldOf } from "../settings/worldData";
import { worldDataset } from "../worlds/simulatedDataset";
import { exitWith, runCommand } from "./frame";
import { collect, heldOutShare, pairs, settingsHelp, weights, wholeNumber } from "./options";
import type { Output } from "./output";

interface Options {
  readonly world?: string;
  readonly dataset?: string;
  readonly interactions?: string;
  readonly items?: string;
  readonly users?: string;
  readonly columns?: Record<string, string>;
  readonly events?: Record<string, number>;
  readonly agent?: string;
  readonly out?: string;
  readonly config?: string;
  readonly set?: string[];
  readonly seed?: number;
  readonly resume?: boolean;
  readonly refresh?: string;
  readonly holdOut?: number;
  readonly compare?: boolean;
  readonly skipBadRows?: boolean;
  readonly full?: boolean;
  readonly json?: string;
}

/** `npm run train`: a run folder from a log. */
export function describeTrain(command: Command, output: Output): void {
  command
    .description("Trains on a log and writes a run folder: all that recommend and evaluate need.")
    .option("--dataset <name>", `one of ${datasetNames.join(", ")}`)
    .option(
      "--interactions <file>",
      "a log of your own, CSV or Parquet: user_id,item_id[,timestamp][,rating or weight]; npm run inspect -- FILE says how it is understood",
    )
    .option(
      "--columns <names>",
      "its columns where they have other names: user=visitorid,item=itemid,time=timestamp,weight=event (numbers without a header line; time=none for the order of the rows)",
      pairs,
    )
    .option(
      "--events <weights>",
      "what each kind of event weighs: view=1,cart=3,purchase=5; --set events.view=1 says the same",
      weights,
    )
    .option(
      "--world <name>",
      `simulated readers instead of a log (${worldNames.join(", ")}): the log that simulate writes, without files; --set world.NAME=… changes the world, --set data.NAME=… what is logged`,
    )
    .option("--items <file>", "its items: item_id,title[,authors,genres ...]")
    .option("--users <file>", "its users: user_id[,age,gender ...], for --set nextItem.features=auto")
    .option("--agent <name>", "what to train (listed below); ddpg unless the settings say otherwise")
    .option("--out <folder>", "the run folder; data/runs/DATA-AGENT-seedN by default")
    .option("--config <file>", "settings in YAML")
    .option("--set <key=value>", "one setting, dotted; may be repeated", collect)
    .option("--seed <number>", "seed of everything random", wholeNumber(0))
    .option("--resume", "continue a run that was cut short (with --out, nothing else is needed)")
    .option(
      "--refresh <folder>",
      "go on from a finished run with newer rows of its log (--interactions, --items where there are new ones, --out); same settings unless --set",
    )
    .option(
      "--hold-out <share>",
      "with --refresh: share of the newer rows, the newest, that what was gained is measured on (default 0.25)",
      heldOutShare,
    )
    .option("--no-compare", "with --refresh: do not also train anew on everything to compare with")
    .option("--skip-bad-rows", "leave bad rows out instead of stopping, and report how many")
    .option("--full", "all users of goodbooks instead of every twentieth")
    .option("--json <file>", "also write the summary to a file")
    .addHelpText("after", () => {
      const entry = helpedAgent(command.opts<Options>().agent);
      return `\n${closing}\n\nAgents:\n${agentLines()}\n\nSettings of a run of ${entry.name}, with their defaults (of another agent: --agent NAME --help):\n${settingsHelp(runSettings(entry))}\n\nOf a log of --world, with their defaults (the world's own: npm run simulate -- --help):\n${settingsHelp(loggedSettings, "data.")}`;
    })
    .action(async (options: Options) => {
      const { folder, dataset, config, origin } = await workOf(options, output);
      output.note(`data: ${dataset.label}`);
      const unused = unusedColumns(dataset, config);
      if (options.resume !== true && unused !== undefined) output.note(unused);
      const stopping = stopsByHalves(config)
        ? untilStopped(() =>
            output.note("stopping: what was learned is saved first (once more ends it at once)"),
          )
        : undefined;
      const clock = trainingClock();
      const trained = await trainRun({
        folder,
        dataset,
        config,
        onProgress: (label, done, total, detail) => output.progress(label, done, total, detail),
        onNotice: (notice) => output.note(notice),
        ...(stopping && { signal: stopping.signal }),
        ...(origin && { origin }),
      }).finally(() => stopping?.forget());
      const time = options.resume === true ? undefined : clock();
      const summary = await measured(folder, trained, { origin, time, output });
      if (options.json !== undefined) await writeJsonAtomically(options.json, summary);
      output.out(reportOf(summary, folder));
    });
}

/** Whether there is something to save half-way: what is fitted at once ends at once, as any other process. */
function stopsByHalves(config: RunConfig): boolean {
  const { kind } = agentEntry(config.agent.name);
  return kind === "actor-critic" || kind === "supervised";
}

interface Work {
  readonly folder: string;
  readonly dataset: Dataset;
  readonly config: RunConfig;
  /** Of a run that goes on from another. */
  readonly origin?: RunOrigin;
}

async function workOf(options: Options, output: Output): Promise<Work> {
  if (options.refresh === undefined && (options.holdOut !== undefined || options.compare === false))
    throw new InputError("--hold-out and --no-compare go with --refresh", { expected: "--refresh FOLDER" });
  if (options.resume === true) return resumed(options);
  return options.refresh === undefined ? fresh(options, output) : refreshed(options, output);
}

/** Options that a refreshed run takes from the run that it goes on from. */
const answeredByRefresh = {
  world: "--world",
  dataset: "--dataset",
  users: "--users",
  agent: "--agent",
  config: "--config",
  seed: "--seed",
  full: "--full",
} as const;

async function refreshed(given: Options, output: Output): Promise<Work> {
  const options = withEvents(given);
  const { refresh, interactions, out, set, holdOut, compare } = options;
  const names = Object.keys(answeredByRefresh) as (keyof typeof answeredByRefresh)[];
  const beside = names.filter((name) => options[name] !== undefined).map((name) => answeredByRefresh[name]);
  if (beside.length > 0)
    throw new InputError(`${beside.join(", ")}: not with --refresh, which goes on with the run's own`, {
      expected: "--refresh FOLDER --interactions FILE [--items FILE] [--set ...] --out FOLDER",
    });
  if (interactions === undefined || out === undefined)
    throw new InputError(
      `--refresh: ${interactions === undefined ? "no newer rows" : "no folder for the new run"}`,
      {
        expected: "--refresh FOLDER --interactions FILE --out FOLDER",
      },
    );
  await requireEmpty(out);
  const plan = await planRefresh(refresh!, (config) => datasetOf(options, config, output), {
    ...(set && { set }),
    ...(holdOut !== undefined && { holdOut }),
    ...(compare !== undefined && { compare }),
  });
  output.note(rowsText(plan.origin.lineage));
  for (const note of plan.origin.lineage.notes) output.note(note);
  return { folder: out, ...plan };
}

/** What a refreshed run gained, where that is not measured yet; other runs as they are. */
async function measured(
  folder: string,
  summary: RunSummary,
  {
    origin,
    time,
    output,
  }: { readonly origin?: RunOrigin; readonly time?: TrainingTime; readonly output: Output },
): Promise<RunSummary> {
  if (origin === undefined || summary.refresh === undefined || summary.refresh.gain !== undefined)
    return summary;
  const { from } = summary.refresh;
  if ((await readSummary(from)) === undefined) {
    output.note(`${from} is not there any more: what refreshing gained is not measured`);
    return summary;
  }
  return measureGain(folder, {
    from,
    ...(origin.anew && { anew: origin.anew }),
    ...(time && { time }),
    onProgress: (label, done, total, detail) => output.progress(label, done, total, detail),
  });
}

const closing = `What is told at the end:
  validation   where the choices were made: it flatters. Figures to believe come from evaluate.
  kept         the step whose actor is served. keep=any (default): the best on validation of those that are better
               than step 0, before any update, by more than one standard error; where there is none, step 0.
               keep=learned: the best in which the actor learned, however small its gain. keep=last: the last.
               Steps that impossible values led to are passed over where there is another to take.
  from step 0  what learning earned, on validation readers that did not choose the step they are evaluated on: they are
               dealt into ${foldCount} folds, and each but the first is evaluated on the step that those before it choose.`;

/** Options that a resumed run has answered already. */
const answeredByResume = {
  world: "--world",
  dataset: "--dataset",
  interactions: "--interactions",
  items: "--items",
  users: "--users",
  columns: "--columns",
  events: "--events",
  agent: "--agent",
  config: "--config",
  set: "--set",
  seed: "--seed",
  skipBadRows: "--skip-bad-rows",
  full: "--full",
  refresh: "--refresh",
  holdOut: "--hold-out",
} as const;

async function resumed(options: Options): Promise<Work> {
  const { out } = options;
  if (out === undefined)
    throw new InputError("--resume: which run is not said", { expected: "--out FOLDER" });
  const names = Object.keys(answeredByResume) as (keyof typeof answeredByResume)[];
  const beside = names.filter((name) => options[name] !== undefined).map((name) => answeredByResume[name]);
  if (beside.length > 0)
    throw new InputError(
      `${beside.join(", ")}: not with --resume, a run continues with its own data and settings`,
      {
        expected: `--resume --out ${out}`,
      },
    );
  if (!existsSync(join(out, runFiles.config)) && existsSync(out) && (await isFree(out)))
    throw new InputError(
      "was cut short before its data and settings were kept: there is nothing to go on with",
      {
        file: out,
        expected: "the command that began it, without --resume: it takes the folder as it is",
      },
    );
  const [config, dataset] = [await readRunConfig(out), await readStoredDataset(out)];
  const origin = await storedOrigin(out, dataset.catalog.ids);
  return { folder: out, config, dataset, ...(origin && { origin }) };
}

/** `--set events.view=1` says the same as `--events view=1`: how a log is read is no setting of a run. */
function withEvents(options: Options): Options {
  const isEvent = (text: string): boolean => text.startsWith("events.");
  const { set = [], events } = options;
  const named = set.filter(isEvent).map((text) => text.slice("events.".length));
  if (named.length === 0) return options;
  return {
    ...options,
    set: set.filter((text) => !isEvent(text)),
    events: { ...events, ...weights(named.join(",")) },
  };
}

async function fresh(given: Options, output: Output): Promise<Work> {
  const options = withEvents(given);
  const { agent, seed } = options;
  const simulated = worldLogOf(options);
  const set = simulated?.rest ?? options.set;
  const file = options.config === undefined ? undefined : await readConfig(options.config);
  const config = resolveConfig({
    ...(simulated && { defaults: simulated.defaults }),
    ...(file === undefined ? {} : { file }),
    ...(set === undefined ? {} : { set }),
    ...(agent === undefined ? {} : { agent }),
    ...(seed === undefined ? {} : { seed }),
  });
  if (options.out !== undefined) await requireEmpty(options.out);
  const dataset = simulated ? simulated.dataset() : await datasetOf(options, config, output);
  const name = dataset.name.replace(/\.[^.]*$/, "").replace(/[^\p{L}\p{N}]+/gu, "-");
  const folder = options.out ?? join("data", "runs", `${name}-${config.agent.name}-seed${config.seed}`);
  await requireEmpty(folder);
  return { folder, dataset, config };
}

/** The log of --world, what it asks of the run, and the settings that are the run's. */
function worldLogOf(options: Options) {
  const { world: name, set } = options;
  if (name === undefined) return undefined;
  const files = ["dataset", "interactions", "items", "users", "columns", "events", "full"] as const;
  const beside = files.filter((each) => options[each] !== undefined);
  if (beside.length > 0)
    throw new InputError(`--${beside.join(", --")}: not with --world, which makes its own log`, {
      expected: "one source of data",
    });
  const { data, rest } = worldData(name, set);
  const { world, defaults } = worldOf(data);
  return { rest, defaults, dataset: () => worldDataset(world, data) };
}

async function requireEmpty(folder: string): Promise<void> {
  if (await isFree(folder)) return;
  const finished = (await readSummary(folder)) !== undefined;
  const advice = finished ? "another --out" : "another --out, or --resume to continue the run there";
  throw new InputError("is not empty", { file: folder, expected: advice });
}

async function datasetOf(options: Options, config: RunConfig, output: Output): Promise<Dataset> {
  const { dataset, interactions, items, users, columns, events, skipBadRows = false, full = false } = options;
  if ((dataset === undefined) === (interactions === undefined))
    throw new InputError("which data is not said", {
      expected: `either --dataset (${datasetNames.join(", ")}), --interactions FILE or --world (${worldNames.join(", ")})`,
    });
  if (dataset !== undefined) return loadDataset(dataset, { full, onNotice: (notice) => output.note(notice) });
  const files = {
    interactions: interactions!,
    ...(items === undefined ? {} : { items }),
    ...(users === undefined ? {} : { users }),
  };
  const read = await readDataset(files, {
    skipBadRows,
    needed: [...rewardColumns(config.reward), ...(config.terminals === null ? [] : [config.terminals])],
    ...(columns === undefined ? {} : { columns }),
    ...(events === undefined ? {} : { events }),
  });
  for (const notice of read.notices) output.note(notice);
  return read;
}

/** Columns that the states of this run could know and do not, in a line; nothing where only times would say more. */
function unusedColumns(dataset: Dataset, { nextItem, agent }: RunConfig): string | undefined {
  const { kind } = agentEntry(agent.name);
  if (nextItem.features !== "none" || kind === "baseline" || kind === "classic") return undefined;
  const columns = possibleFeatures(dataset);
  if (columns.every(({ source }) => source === "time")) return undefined;
  const names = columns.map(({ name }) => name);
  const others = names.length > 6 ? ` and ${names.length - 6} more` : "";
  return `columns that states could know: ${names.slice(0, 6).join(", ")}${others} (--set nextItem.features=auto tries them on validation)`;
}

function reportOf(summary: RunSummary, folder: string): string {
  const lines = [`run folder   ${folder}`, `data         ${summary.data.label}`];
  if (summary.validation !== null)
    lines.push(
      `validation   NDCG@10 ${intervalText(summary.validation.ndcg)}, ${summary.validation.users} users`,
    );
  if (summary.record !== undefined) lines.push(...recordLines(summary.record));
  if (summary.refresh !== undefined) lines.push(`refreshed    ${rowsText(summary.refresh)}`);
  if (summary.features !== undefined) lines.push(`features     ${featuresText(summary.features)}`);
  for (const warning of summary.warnings) lines.push(`beware       ${warning}`);
  if (summary.refresh?.gain !== undefined) lines.push("", gainTable(summary.refresh.gain));
  lines.push(
    "",
    `next: npm run -s recommend -- --run ${folder} --random 3`,
    `      npm run -s evaluate -- --run ${folder}`,
  );
  return `${lines.join("\n")}\n`;
}

/** Which step is kept and why, and what learning earned on readers that had no say in it. */
function recordLines(record: RunRecord): string[] {
  const lines = [`kept         ${keptText(record)}`];
  const { stepZero } = record;
  if (stepZero === undefined || !isMoved(stepZero)) return lines;
  const { difference, changedLists, verdict } = stepZero;
  return [
    ...lines,
    `from step 0  ${intervalText(difference)} on ${evaluatedOn(record)}: ${verdict}; ${Math.round(100 * changedLists)}% of lists changed`,
  ];
}

function agentLines(): string {
  const width = Math.max(...agents.map(({ name }) => name.length));
  return agents.map(({ name, what }) => `  ${name.padEnd(width)}  ${what}`).join("\n");
}

/** The agent whose settings --help lists: the one that is named beside it. */
function helpedAgent(name: string | undefined): AgentEntry {
  return agents.find((entry) => entry.name === name) ?? agents[0];
}

if (require.main === module) exitWith(runCommand("train", describeTrain, process.argv.slice(2)));
