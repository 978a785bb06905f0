import { basename, join } from "node:path";
import { type Command, Option } from "commander";
import { writeAtomically, writeJsonAtomically } from "../data/writeAtomically";
import { terminalTable } from "../metrics/terminalTable";
import { readConfig } from "../settings/readConfig";
import type { RunConfig } from "../settings/runConfig";
import { resolveLogs, resolveStudy, type StudyLog } from "../settings/studyConfig";
import { dataSettings, studyTraining } from "../settings/studySettings";
import { isWorldStudy } from "../settings/worldStudy";
import { carryOver, carryOverNotes, carryOverPage, carryOverTable } from "../studies/carryOver";
import { runStudy, studyCells } from "../studies/runStudy";
import { studyDataset } from "../studies/studyDataset";
import { studyPlot } from "../studies/studyPlot";
import { studyPage, studyText } from "../studies/text";
import { drawn } from "./experimentFigure";
import { inWorkers, serveCells, workerCount } from "./experimentWorkers";
import { inWorlds } from "./experimentWorlds";
import { exitWith, runCommand } from "./frame";
import { collect, settingsHelp } from "./options";
import type { Output } from "./output";

interface Options {
  readonly config: string;
  readonly out?: string;
  readonly set?: string[];
  readonly json?: string;
  readonly figure: boolean;
  readonly workers: number | "auto";
  /** This process makes the runs that another one names, of this log where there are several. */
  readonly cells?: boolean | string;
}

const example = `
An experiment's file:
  data:
    dataset: ml-100k          # or interactions: FILE and items: FILE, or world: satiation, policy: epsilon-greedy
    protocol: leave-one-out   # temporal by default, with testRatio and validationRatio .1
  training:
    seeds: 5                  # or a list of them
    steps: 3000               # or episodes; any setting of npm run train may stand here or under a model
    k: [5, 10, 20]
  models:
    - type: ddpg              # a name of npm run train -- --help
    - name: DDPG, short sight
      type: ddpg
      params: { discount: 0.5 }
  controls: true              # each actor-critic also without its critic, and greedy reward

With "logs", a list of such data each with a name, the first model is compared on every one of them with the best
baseline there (carry-over.yaml). With "worlds", agents learn from logs of simulated readers and are judged by what they
truly earn (when-rl-helps.yaml). More in lib/studies/examples.`;

/** \`npm run experiment\`: several models trained under several seeds, in one table. */
export function describeExperiment(command: Command, output: Output): void {
  command
    .description(
      "Trains every model of a file under every seed and compares them, beside every baseline, on the test rows. What was cut short continues where it was.",
    )
    .requiredOption("--config <file>", "the experiment, in YAML")
    .option("--out <folder>", "runs and results; data/runs/experiment-NAME by default")
    .option(
      "--set <key=value>",
      "one setting of data, training or controls, dotted; may be repeated",
      collect,
    )
    .option("--json <file>", "also write the results to a file (OUT/results.json is written always)")
    .option("--no-figure", "draw no figure")
    .option(
      "--workers <n>",
      "runs made at once, each with its share of the cores; auto: one for each core where there is memory",
      workerCount,
      "auto" as const,
    )
    .addOption(new Option("--cells [log]").hideHelp())
    .addHelpText(
      "after",
      () =>
        `${example}\n\nSettings of data:\n${settingsHelp(dataSettings, "data.")}\n\nSettings of training, beside those of npm run train -- --help:\n${settingsHelp(studyTraining.pick({ seeds: true, k: true, episodes: true }), "training.")}`,
    )
    .action(async (options: Options) => {
      const file = await readConfig(options.config);
      if (isWorldStudy(file)) return inWorlds(file, options, output);
      const logs = resolveLogs(file, options.set);
      if (logs !== undefined) return overLogs(logs, options, output);
      const study = resolveStudy(file, options.set);
      const folder = options.out ?? join("data", "runs", `experiment-${study.name}`);
      const onNotice = (notice: string): void => output.note(notice);
      const dataset = await studyDataset(study, { onNotice });
      const request = { study, dataset, folder };
      if (options.cells) return serveCells((heard) => studyCells({ ...request, ...heard }));
      output.note(`data: ${dataset.label}`);
      const { runs, table } = await runStudy({
        ...request,
        ...inWorkers({ ...options, out: folder }, output),
        onNotice,
        onProgress: (label, done, total, detail) => output.progress(label, done, total, detail),
      });
      const named = (name: string): string => `${name}${table.refit ? "-refit" : ""}`; // never over one another
      await writeJsonAtomically(join(folder, `${named("results")}.json`), table);
      if (options.json !== undefined) await writeJsonAtomically(options.json, table);
      const page = join(folder, `${named("table")}.md`);
      await writeAtomically(page, studyPage(table));
      output.out(studyText(table));
      if (options.figure) {
        const figure = studyPlot(table, `Experiment ${table.name}`);
        output.note(await drawn(figure, folder, named("ranking")));
      }
      output.note(`${page} holds this page, ${named("results")}.json its numbers`);
      if (runs.failed.length > 0)
        throw new Error(`${runs.failed.length} of the runs diverged; the table is without them`);
    });
}

/** The first model on several logs, each against the best baseline there. */
async function overLogs(logs: readonly StudyLog[], options: Options, output: Output): Promise<void> {
  const name = basename(options.config).replace(/\.[^.]*$/, "");
  const folder = options.out ?? join("data", "runs", `experiment-${name}`);
  const onNotice = (notice: string): void => output.note(notice);
  const made = [];
  for (const { label, study } of logs) {
    if (options.cells && options.cells !== label) continue;
    const dataset = await studyDataset(study, { onNotice });
    const home = join(folder, study.name);
    if (options.cells) return serveCells((heard) => studyCells({ study, dataset, folder: home, ...heard }));
    output.note(`${label}: ${dataset.label}`);
    const onProgress = (what: string, done: number, total: number, detail: string): void =>
      output.progress(`${label}: ${what}`, done, total, detail);
    const jobs = inWorkers({ ...options, out: folder }, output, label);
    const outcome = await runStudy({ study, dataset, folder: home, ...jobs, onNotice, onProgress });
    await writeJsonAtomically(join(home, "results.json"), outcome.table);
    made.push({ label, runs: outcome.runs });
  }
  // What starts as the first model does is no rival to it.
  const [first, ...others] = logs[0].study.models;
  const own = others.filter(({ config }) => startsAlike(config, first.config)).map((model) => model.name);
  const table = await carryOver(made, { k: 10, own });
  await writeJsonAtomically(join(folder, "results.json"), table);
  if (options.json !== undefined) await writeJsonAtomically(options.json, table);
  await writeAtomically(join(folder, "table.md"), carryOverPage(table));
  const { head, lines } = carryOverTable(table);
  output.out(`${terminalTable(head, lines)}\n\n${carryOverNotes(table).join("\n")}\n`);
}

function startsAlike(a: RunConfig, b: RunConfig): boolean {
  const start = ({ nextItem, popularity, companion }: RunConfig) => ({ nextItem, popularity, companion });
  return JSON.stringify(start(a)) === JSON.stringify(start(b));
}

if (require.main === module) exitWith(runCommand("experiment", describeExperiment, process.argv.slice(2)));
