import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { type Command, Option } from "commander";
import { fingerprint, logFingerprint } from "../data/fingerprint";
import { InputError } from "../data/inputError";
import { writeAtomically, writeJsonAtomically } from "../data/writeAtomically";
import { prepareData } from "../runs/preparedData";
import { readConfig } from "../settings/readConfig";
import { choiceName, triedBy } from "../settings/searchSpace";
import { confirmSettings, resolveTune, type TuneConfig, tuneTraining } from "../settings/tuneConfig";
import { studyDataset } from "../studies/studyDataset";
import { fittingJobs } from "../studies/workers";
import { type ConfirmRequest, confirm, confirmCells } from "../tuning/confirm";
import {
  begin,
  type Plan,
  pruners,
  type Report,
  reportOf,
  samplers,
  spaceOf,
  type Trial,
  type WorkerEvent,
  work,
} from "../tuning/driver";
import { comparisonFile, foundFile } from "../tuning/found";
import { candidates, ranked, resultsOf, type TuneResults } from "../tuning/results";
import { serveTrials } from "../tuning/serveTrials";
import { stampOf, tuneText } from "../tuning/text";
import { inWorkers, serveCells, workerCount } from "./experimentWorkers";
import { exitWith, runCommand } from "./frame";
import { choice, positiveNumber, settingsHelp, wholeNumber } from "./options";
import type { Output } from "./output";
import { tuningFigures } from "./tuneFigures";

interface Options {
  readonly config: string;
  readonly study?: string;
  readonly trials: number;
  readonly workers: number | "auto";
  readonly storage?: string;
  readonly sampler: Plan["sampler"];
  readonly pruner: Plan["pruner"];
  readonly timeout?: number;
  readonly out?: string;
  readonly json?: string;
  readonly figure: boolean;
  readonly confirm: boolean;
  /** This process makes trials that tune.py asks for. */
  readonly trial?: boolean;
  /** This process makes runs of the confirmation that another one names. */
  readonly cells?: boolean;
}

const example = `
A search's file:
  data:
    dataset: ml-100k          # or interactions: FILE and items: FILE
    protocol: leave-one-out
  model:
    type: ddpg                # a name of npm run train -- --help
    params: { discount: 0.5 } # what is fixed
  training:
    steps: 3000               # any setting of npm run train
    seeds: 1                  # of each trial
  search:                     # names alone, in their usual ranges: search: [actorLearningRate, behaviourWeight]
    actorLearningRate:
    behaviourWeight: { low: 0.1, high: 10, log: true }
    batchSize: [64, 256]
  confirm: { best: 2, seeds: 3 }

Choices are made on validation rows alone; test rows are not looked at. The same command goes on where it was stopped.
Trials lie in OUT/journal.log: \`pip install optuna-dashboard\` in an environment of its own, then
optuna-dashboard OUT/journal.log shows them. Several machines share --storage postgresql://USER:PASSWORD@HOST/DATABASE
(needs psycopg), or --out on a shared disk.`;

/** \`npm run tune\`: settings searched on validation rows. */
export function describeTune(command: Command, output: Output): void {
  command
    .description(
      "Searches settings by Optuna on validation rows, trains the best again under fresh seeds beside the default settings, and writes what it found for train --config.",
    )
    .requiredOption("--config <file>", "the search, in YAML")
    .option("--study <name>", "what the study is called; the file's name by default")
    .option("--trials <n>", "trials in all, those of earlier calls included", wholeNumber(1), 20)
    .option(
      "--workers <n>",
      "trials made at once, each with its share of the cores; auto: one for each core where there is memory",
      workerCount,
      1,
    )
    .option("--storage <url>", "a database instead of OUT/journal.log: sqlite:///FILE or postgresql://…")
    .option(
      "--sampler <name>",
      `${samplers.join(", ")} (qmc needs scipy, cmaes the package cmaes)`,
      choice(samplers),
      "tpe",
    )
    .option(
      "--pruner <name>",
      `which trials are stopped early: ${pruners.join(", ")}`,
      choice(pruners),
      "median",
    )
    .option("--timeout <seconds>", "begin no trial after so long", positiveNumber)
    .option("--out <folder>", "the study's folder; data/runs/tune-STUDY by default")
    .option("--json <file>", "also write the results to a file (OUT/results.json is written always)")
    .option("--no-figure", "draw no figure")
    .option("--no-confirm", "do not train the best again")
    .addOption(new Option("--trial").hideHelp())
    .addOption(new Option("--cells [log]").hideHelp())
    .addHelpText(
      "after",
      () =>
        `${example}\n\nSettings of training, beside those of npm run train -- --help:\n${settingsHelp(tuneTraining.pick({ seeds: true }), "training.")}\n\nSettings of confirm:\n${settingsHelp(confirmSettings, "confirm.")}`,
    )
    .action(async (options: Options) => {
      const tune = resolveTune(await readConfig(options.config));
      const study = options.study ?? tune.name;
      if (!/^[a-z0-9][a-z0-9-]*$/i.test(study))
        throw new InputError(`--study is "${study}"`, { expected: "letters, digits and dashes" });
      const folder = options.out ?? join("data", "runs", `tune-${study}`);
      if (options.trial === true) return serveTrials(tune, await studyDataset(tune.study));
      const onNotice = (notice: string): void => output.note(notice);
      const dataset = await studyDataset(tune.study, { onNotice });
      const data = prepareData(dataset, tune.base);
      const users = data.validation?.histories.size;
      if (users === undefined)
        throw new InputError(
          "no user of the validation rows can be evaluated: there is nothing to choose by",
          {
            file: dataset.origin,
          },
        );
      if (options.cells) {
        // As the process that asks has written it, wherever the trials lie.
        const { trials } = JSON.parse(await readFile(join(folder, "results.json"), "utf8")) as TuneResults;
        return serveCells((heard) => confirmCells({ ...requestOf(tune, trials), dataset, folder, ...heard }));
      }
      output.note(`data: ${dataset.label}`);
      const plan = planOf(tune, options, { study, folder, log: logFingerprint(dataset.interactions) });
      const report = await tried(plan, options, output);
      const about = { study, data: dataset.label, protocol: data.split.protocol, users };
      const first = resultsOf(report, tune, about);
      await writeJsonAtomically(join(folder, "results.json"), first);
      const request = requestOf(tune, report.trials);
      const confirmation =
        options.confirm && request.best.length > 0
          ? await confirm({
              ...{ ...request, dataset, folder, onNotice },
              ...inWorkers({ ...options, out: folder, command: "tune" }, output),
              onProgress: (label, done, total, detail) => output.progress(label, done, total, detail),
            })
          : undefined;
      const results = resultsOf(report, tune, about, confirmation);
      await written(results, tune, { folder, json: options.json, config: options.config });
      output.out(tuneText(results));
      if (options.figure) for (const line of await tuningFigures(results, folder)) output.note(line);
      output.note(
        `${join(folder, "best.yaml")} is for npm run -s train -- --config; ${join(folder, "results.json")} holds every number`,
      );
    });
}

/** Makes what trials are missing, and tells what there is. */
async function tried(plan: Plan, options: Options, output: Output): Promise<Report> {
  const before = await begin(pythonOf(), plan);
  const doneOf = (trials: readonly Trial[]): number => trials.filter(({ done }) => done).length;
  const had = doneOf(before.trials);
  if (had > 0) output.note(`${had} trials were made before`);
  if (had >= plan.trials) return before;
  const share = options.workers === "auto" ? fittingJobs() : options.workers;
  let done = had;
  let best = Math.max(
    Number.NEGATIVE_INFINITY,
    ...before.trials.map(({ value }) => value ?? Number.NEGATIVE_INFINITY),
  );
  const show = (detail: string): void => output.progress("trials", done, plan.trials, detail);
  show("");
  const onEvent = ({ trial, state, step, value, note }: WorkerEvent): void => {
    if (note !== undefined) output.note(note);
    if (state === "lost")
      output.note(`trial ${trial} was lost with its process; its settings are tried again`);
    if (state === "complete") best = Math.max(best, value!);
    if (state === "complete" || state === "pruned") done++;
    const so = best === Number.NEGATIVE_INFINITY ? "" : `best ${best.toFixed(4)}; `;
    show(`${so}trial ${trial} ${step === undefined ? state : `validation ${step}: ${value!.toFixed(4)}`}`);
  };
  const workers = Math.min(share, plan.trials - had);
  const { stopped } = await work(pythonOf(), plan, { workers, onEvent });
  const after = await reportOf(pythonOf(), plan);
  const now = doneOf(after.trials);
  if (stopped)
    throw new Error(
      `stopped with ${now} of ${plan.trials} trials; the same command goes on, and tries again what was running`,
    );
  if (ranked(after.trials).length === 0)
    throw new Error(
      `none of ${now} trials is complete: ${after.trials.find(({ about }) => about.pruned)?.about.pruned ?? "there was no time for one"}`,
    );
  return after;
}

function planOf(
  tune: TuneConfig,
  options: Options,
  { study, folder, log }: { readonly study: string; readonly folder: string; readonly log: string },
): Plan {
  const {
    search,
    base,
    study: { seeds },
  } = tune;
  const { seed: _, ...settings } = base;
  const each =
    base.steps === null || base.evaluateEvery === null ? 10 : Math.ceil(base.steps / base.evaluateEvery);
  return {
    study,
    storage: options.storage ?? null,
    folder: resolve(folder),
    ...{ sampler: options.sampler, pruner: options.pruner, seed: tune.seed, trials: options.trials },
    timeout: options.timeout ?? null,
    rungs: each * seeds.length,
    space: spaceOf(search, choiceName),
    defaults: triedBy(base, search) ?? null,
    key: fingerprint([log, { settings, search, seeds }], 12),
    about: `${tune.entry.name} over ${search.map(({ name }) => name).join(", ")}`,
    command: [
      ...[process.execPath, resolve(__dirname, "../setup/run.js"), "tune"],
      ...["--config", resolve(options.config), "--trial"],
    ],
  };
}

function requestOf(tune: TuneConfig, trials: readonly Trial[]): Pick<ConfirmRequest, "tune" | "best"> {
  return { tune, best: candidates(trials, tune.confirm.best) };
}

async function written(
  results: TuneResults,
  tune: TuneConfig,
  { folder, json, config }: { readonly folder: string; readonly json?: string; readonly config: string },
): Promise<void> {
  await writeJsonAtomically(join(folder, "results.json"), results);
  if (json !== undefined) await writeJsonAtomically(json, results);
  await writeAtomically(join(folder, "table.txt"), tuneText(results, Number.POSITIVE_INFINITY));
  const found = foundFile(results, tune, [stampOf(results)]);
  if (found !== undefined) await writeAtomically(join(folder, "best.yaml"), found);
  const comparison = comparisonFile(results, tune, await readConfig(config));
  if (comparison !== undefined) await writeAtomically(join(folder, "experiment.yaml"), comparison);
}

function pythonOf(): string {
  const { inVenv } = require("../setup/places.js") as { inVenv(program: string): string };
  return inVenv("python");
}

if (require.main === module) exitWith(runCommand("tune", describeTune, process.argv.slice(2)));
