import type { Command } from "commander";
import { writeJsonAtomically } from "../data/writeAtomically";
import { random } from "../math/random";
import type { LogColumns } from "../offPolicy/files/readLog";
import type { OpenRun } from "../runs/openRun";
import { servedTarget } from "../serving/servedTarget";
import { selectRuns } from "../studies/selectRuns";
import { selectText } from "../studies/selectText";
import { exitWith, runCommand } from "./frame";
import { withRows } from "./opeServed";
import { share, wholeNumber } from "./options";
import type { Output } from "./output";

interface Options {
  readonly run: string[];
  readonly log: string;
  readonly checkpoints?: boolean;
  readonly discount: number;
  readonly resamples: number;
  readonly seed: number;
  readonly json?: string;
}

/** `npm run select`: which of some runs to send to a test, from a log that none of them made. */
export function describeSelect(command: Command, output: Output): void {
  command
    .description(
      "Ranks what runs serve by what a log with known propensities says they would earn: one estimator for all, how sure the order is, and which one to send to a test.",
    )
    .requiredOption("--run <folder...>", "run folders of the log's users and items")
    .requiredOption(
      "--log <file or folder>",
      "as npm run ope takes it, the folder of a service's log too: round_id,action,reward,propensity and user_id; with step it is asked whether what is done changes what comes",
    )
    .option("--checkpoints", "every checkpoint that a run has kept is a policy of its own")
    .option(
      "--discount <number>",
      "of later steps, where values are of users' whole trajectories",
      share,
      0.9,
    )
    .option("--resamples <n>", "bootstrap resamples, of readers", wholeNumber(100), 1000)
    .option("--seed <number>", "seed of the bootstrap", wholeNumber(0), 1)
    .option("--json <file>", "also write the figures to a file")
    .action(async ({ run, log, checkpoints, discount, resamples, seed, json }: Options) => {
      const found = await withRows({ log }, output, (file, folder) =>
        selectRuns(
          {
            ...{ folders: run, log: file, checkpoints: checkpoints === true },
            ...(folder !== undefined && {
              targetOf: (opened: OpenRun, rows: LogColumns) => servedTarget(opened, folder, rows),
            }),
            onProgress: (label, done, total) => output.progress(label, done, total),
          },
          random(seed),
          { discount, resamples },
        ),
      );
      const choice = { ...found, log };
      if (json !== undefined) await writeJsonAtomically(json, choice);
      output.out(selectText(choice));
    });
}

if (require.main === module) exitWith(runCommand("select", describeSelect, process.argv.slice(2)));
