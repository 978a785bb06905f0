import { basename, dirname } from "node:path";
import type { Command } from "commander";
import { InputError } from "../data/inputError";
import { writeJsonAtomically } from "../data/writeAtomically";
import { rankingPlot } from "../figures/rankingPlot";
import { save } from "../figures/save";
import type { Interval } from "../math/bootstrap";
import { terminalTable } from "../metrics/terminalTable";
import { readRunConfig } from "../runs/runFolder";
import { signedText } from "../runs/signedText";
import { compareReplays, type ReplayComparison } from "../studies/compareReplays";
import { compareRuns, type RunComparison } from "../studies/compareRuns";
import { exitWith, runCommand } from "./frame";
import { cutoffs, finiteNumber } from "./options";
import type { Output } from "./output";

interface Options {
  readonly run: string[];
  readonly k: number[];
  readonly test?: string;
  readonly relevantAt?: number;
  readonly refit?: boolean;
  readonly protocol?: string;
  readonly controls: boolean;
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
    .option("--test <file>", "judge by these interactions instead of the log's last rows")
    .option("--relevant-at <x>", "rows count as relevant from this weight", finiteNumber)
    .option(
      "--refit",
      "fit again on train and validation rows first, with the settings chosen without (stamped)",
    )
    .option(
      "--protocol <name>",
      "temporal or leave-one-out: must be the one the run was trained under; or, stamped and only to compare with published numbers, ncf-99neg (1 + 99 sampled candidates, for leave-one-out runs) or drr-rerank (the order of what was rated, for temporal runs)",
    )
    .option("--no-controls", "leave out imitation alone and greedy reward, which are trained when missing")
    .option("--json <file>", "also write the figures to a file")
    .option("--figure <file.png>", "also draw them (small letters, digits and dashes)")
    .action(async (options: Options) => {
      await requireProtocol(options);
      const { run, k, test, relevantAt, refit, controls } = options;
      if (options.protocol === "drr-rerank") {
        const steps = k.includes(10) ? 10 : k[0]!;
        const onProgress = output.progress.bind(output);
        const replayed = await compareReplays({ folders: run, onProgress }, { steps });
        if (options.json !== undefined) await writeJsonAtomically(options.json, replayed);
        output.out(replayText(replayed));
        return;
      }
      const comparison = await compareRuns({
        folders: run,
        ks: k,
        controls,
        sampled: options.protocol === "ncf-99neg",
        ...(test === undefined ? {} : { test }),
        ...(relevantAt === undefined ? {} : { relevantAt }),
        ...(refit === undefined ? {} : { refit }),
        onProgress: (label, done, total, detail) => output.progress(label, done, total, detail),
        onNotice: (notice) => output.note(notice),
      });
      if (options.json !== undefined) await writeJsonAtomically(options.json, toJson(comparison));
      output.out(toText(comparison));
      if (options.figure !== undefined) output.note(`figure: ${await draw(comparison, options.figure)}`);
    });
}

/** Which runs each protocol can judge: a model that was fitted under another one has seen what this one tests on. */
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

function stampOf({ protocol, order, refit, users, data, relevantAt, test }: RunComparison): string {
  const fitted = refit ? "REFITTED on train and validation rows" : "fitted on train rows";
  const by = order === "row order" ? ` by ${order}` : "";
  const rule = relevantAt === null ? "" : `, relevant from ${relevantAt}`;
  const judged = test === undefined ? "test users" : `users of ${basename(test)}`;
  const among =
    protocol === "ncf-99neg"
      ? "1 + 99 SAMPLED candidates (leave-one-out): not comparable with full rankings"
      : "full catalogue";
  return `${data}; ${protocol}${by}, ${fitted}; ${users.toLocaleString("en-US")} ${judged}${rule}, ${among}`;
}

function toText(comparison: RunComparison): string {
  const { k, rows, notices } = comparison;
  const head = [
    "method",
    `NDCG@${k}`,
    "95%",
    `Recall@${k}`,
    `HR@${k}`,
    `MRR@${k}`,
    `coverage@${k}`,
    "from step 0",
    "lists changed",
  ];
  const lines = rows.map(({ name, evaluation, stepZero }) => {
    const at = evaluation.at[k]!;
    const { lower, upper } = evaluation.intervals[k]!.ndcg;
    return [
      name,
      at.ndcg.toFixed(4),
      `${lower.toFixed(4)} to ${upper.toFixed(4)}`,
      ...[at.recall, at.hitRate, at.mrr, at.coverage].map((value) => value.toFixed(4)),
      stepZero === undefined ? "" : signedText(stepZero.difference, (value) => value.toFixed(4)),
      stepZero === undefined ? "" : `${Math.round(100 * stepZero.changedLists)}%`,
    ];
  });
  const verdicts = rows.flatMap(({ name, stepZero }) =>
    stepZero === undefined ? [] : [`${name}: ${stepZero.verdict}`],
  );
  return [stampOf(comparison), "", terminalTable(head, lines), "", ...verdicts, ...notices, ""].join("\n");
}

function toJson(comparison: RunComparison) {
  const { rows, ...rest } = comparison;
  return {
    ...rest,
    rows: rows.map(({ name, kind, evaluation, stepZero }) => ({
      name,
      kind,
      at: withoutNaN(evaluation.at),
      intervals: evaluation.intervals,
      stepZero: stepZero ?? null,
    })),
  };
}

/** Figures that could not be taken (diversity without item vectors) are left out of the file. */
function withoutNaN(
  at: RunComparison["rows"][number]["evaluation"]["at"],
): Record<string, Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(at).map(([k, figures]) => [
      k,
      Object.fromEntries(Object.entries(figures).filter(([, value]) => !Number.isNaN(value))),
    ]),
  );
}

async function draw(comparison: RunComparison, file: string): Promise<string> {
  const name = basename(file, ".png");
  if (!/^[a-z0-9][a-z0-9-]*$/.test(name))
    throw new InputError("cannot be drawn under this name", {
      file,
      expected: "small letters, digits and dashes, then .png",
    });
  const { k, rows } = comparison;
  const best = rows.find(({ kind }) => kind === "baseline");
  const figure = rankingPlot({
    title: "Runs beside the baselines",
    dataset: stampOf(comparison),
    metric: `NDCG@${k}`,
    rows: rows.map(({ name: method, kind, evaluation }) => {
      const { mean, lower, upper } = evaluation.intervals[k]!.ndcg;
      return { name: method, kind, mean, lower, upper };
    }),
    ...(best === undefined ? {} : { best: { value: best.evaluation.at[k]!.ndcg, name: best.name } }),
  });
  return save(figure, name, { folder: dirname(file) });
}

if (require.main === module) exitWith(runCommand("evaluate", describeEvaluate, process.argv.slice(2)));
