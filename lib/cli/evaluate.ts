import { basename, dirname } from "node:path";
import type { Command } from "commander";
import { InputError } from "../data/inputError";
import { writeJsonAtomically } from "../data/writeAtomically";
import { save } from "../figures/save";
import type { Interval } from "../math/bootstrap";
import { terminalTable } from "../metrics/terminalTable";
import { readRunConfig } from "../runs/runFolder";
import { evaluateRuns } from "../studies/evaluateRuns";
import { flatTable } from "../studies/flatTable";
import { type ReplayComparison, replayRuns } from "../studies/replays";
import { studyPlot } from "../studies/studyPlot";
import type { StudyTable } from "../studies/table";
import { studyText } from "../studies/text";
import { exitWith, runCommand } from "./frame";
import { cutoffs, finiteNumber, wholeNumber } from "./options";
import type { Output } from "./output";

interface Options {
  readonly run: string[];
  readonly k: number[];
  readonly test?: string;
  readonly relevantAt?: number;
  readonly refit?: boolean;
  readonly protocol?: string;
  readonly controls: boolean;
  readonly testUsers?: number;
  readonly json?: string;
  readonly figure?: string;
}

/** `npm run evaluate`: runs beside the compulsory baselines, on the test rows. */
export function describeEvaluate(command: Command, output: Output): void {
  command
    .description(
      "Ranking metrics of runs, with intervals, beside the compulsory baselines, on the test rows.",
    )
    .requiredOption("--run <folder...>", "one run folder or several of the same data")
    .option("--k <lengths>", "list lengths", cutoffs, [5, 10, 20])
    .option("--test <file>", "evaluate on these interactions instead of the log's last rows")
    .option("--relevant-at <x>", "rows count as relevant from this weight", finiteNumber)
    .option(
      "--refit",
      "fit again on train and validation rows first, with the settings chosen without (stamped)",
    )
    .option(
      "--protocol <name>",
      "temporal or leave-one-out: must be the one the run was trained under; or, stamped and only to compare with published numbers, ncf-99neg (1 + 99 sampled candidates, for leave-one-out runs) or drr-rerank (the order of what was rated, for temporal runs)",
    )
    .option(
      "--test-users <n>",
      "evaluate so many test users, drawn at random; of very many, some (which is said) unless told",
      wholeNumber(1),
    )
    .option("--no-controls", "leave out imitation alone and greedy reward, which are trained when missing")
    .option("--json <file>", "also write the figures to a file")
    .option("--figure <file.png>", "also draw them (small letters, digits and dashes)")
    .action(async (options: Options) => {
      await requireProtocol(options);
      const { run, k, test, relevantAt, refit, controls } = options;
      if (options.protocol === "drr-rerank") {
        const steps = k.includes(10) ? 10 : k[0];
        const onProgress = output.progress.bind(output);
        const replayed = await replayRuns({ folders: run, onProgress }, { steps });
        if (options.json !== undefined) await writeJsonAtomically(options.json, replayed);
        output.out(replayText(replayed));
        return;
      }
      const table = await evaluateRuns({
        folders: run,
        ks: k,
        controls,
        sampled: options.protocol === "ncf-99neg",
        ...(test === undefined ? {} : { test }),
        ...(relevantAt === undefined ? {} : { relevantAt }),
        ...(refit === undefined ? {} : { refit }),
        ...(options.testUsers === undefined ? {} : { testUsers: options.testUsers }),
        onProgress: (label, done, total, detail) => output.progress(label, done, total, detail),
        onNotice: (notice) => output.note(notice),
      });
      if (options.json !== undefined) await writeJsonAtomically(options.json, flatTable(table));
      output.out(studyText(table));
      if (options.figure !== undefined) output.note(`figure: ${await draw(table, options.figure)}`);
    });
}

/** Which runs each protocol can evaluate: a model that was fitted under another one has seen what this one tests on. */
const fittedUnder: Readonly<Record<string, string>> = {
  temporal: "temporal",
  "leave-one-out": "leave-one-out",
  "ncf-99neg": "leave-one-out",
  "drr-rerank": "temporal",
};

async function requireProtocol({ protocol, run }: Options): Promise<void> {
  if (protocol === undefined) return;
  const wanted = fittedUnder[protocol];
  if (wanted === undefined)
    throw new InputError(`--protocol ${protocol}: is none`, {
      expected: Object.keys(fittedUnder).join(", "),
    });
  for (const folder of run) {
    const config = await readRunConfig(folder);
    if (config.protocol !== wanted)
      throw new InputError(
        `was trained under the ${config.protocol} protocol and has seen rows that ${protocol} tests on`,
        { file: folder, expected: `a run trained with --set protocol=${wanted}` },
      );
  }
}

function replayText({ data, users, steps, rows }: ReplayComparison): string {
  const stamp = `${data}; DRR-RERANK: ${users.toLocaleString("en-US")} users' own rated test items put in order, ${steps} steps; comparable with nothing else`;
  const shown = ({ mean, lower, upper }: Interval): string =>
    `${mean.toFixed(4)} (${lower.toFixed(4)} to ${upper.toFixed(4)})`;
  const lines = rows.map(({ name, precision, ndcg }) => [name, shown(precision), shown(ndcg)]);
  return [stamp, "", terminalTable(["method", `Precision@${steps}`, `NDCG@${steps}`], lines), ""].join("\n");
}

async function draw(table: StudyTable, file: string): Promise<string> {
  const name = basename(file, ".png");
  if (!/^[a-z0-9][a-z0-9-]*$/.test(name))
    throw new InputError("cannot be drawn under this name", {
      file,
      expected: "small letters, digits and dashes, then .png",
    });
  return save(studyPlot(table, "Runs beside the baselines"), name, { folder: dirname(file) });
}

if (require.main === module) exitWith(runCommand("evaluate", describeEvaluate, process.argv.slice(2)));
