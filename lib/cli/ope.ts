import type { Command } from "commander";
import { writeJsonAtomically } from "../data/writeAtomically";
import { random } from "../math/random";
import { type IntervalMethod, intervalMethods } from "../math/statisticIntervals";
import { slopeSettings } from "../offPolicy/bandit/slopeSettings";
import { type EstimatedLog, estimatedLog } from "../offPolicy/files/estimatedLog";
import { evaluateLog } from "../offPolicy/files/evaluateLog";
import type { LogColumns } from "../offPolicy/files/readLog";
import { readRounds, type TargetColumns } from "../offPolicy/files/readRounds";
import { armsOf } from "../offPolicy/report/arms";
import { armsText, estimatedText, furtherText, reportText } from "../offPolicy/report/reportText";
import { openRun } from "../runs/openRun";
import { readRunConfig } from "../runs/runFolder";
import { runTarget } from "../runs/runTarget";
import { servedTarget } from "../serving/servedTarget";
import { exitWith, runCommand } from "./frame";
import { opeHelp, opeNotices } from "./opeNotices";
import { withRows } from "./opeServed";
import { choice, collect, numberAtLeast, positiveNumber, share, wholeNumber } from "./options";
import type { Output } from "./output";

interface Options {
  readonly log: string;
  readonly writeLog?: string;
  readonly arm?: string[];
  readonly target?: string;
  readonly targetRun?: string;
  readonly rewardModel?: string;
  readonly behaviour?: string;
  readonly clusters?: string;
  readonly states?: string;
  readonly estimatePropensities?: boolean;
  readonly context?: string;
  readonly discount: number;
  readonly slope?: boolean;
  readonly clip?: number;
  readonly tau: number;
  readonly lambda?: number;
  readonly interval: IntervalMethod;
  readonly resamples: number;
  readonly seed: number;
  readonly json?: string;
}

/** `npm run ope`: what a policy would have earned, from a log that another one made. */
export function describeOpe(command: Command, output: Output): void {
  command
    .description(
      "What a policy would have earned, from a log that another one made: every estimator with an interval, what the weights say of them, and a verdict.",
    )
    .requiredOption(
      "--log <file or folder>",
      "the folder of a service's log, or round_id,action,reward,propensity; optionally user_id (users are then resampled), user_id and step (adds sequential estimators; terminal: 1 where a user's trajectory ended by itself), slate_id and position (adds slate estimators), timestamp (what a --target-run knew by then), policy (adds what each arm earned)",
    )
    .option("--write-log <file>", "of a service's log: also write its rows, a place each, as such a file")
    .option("--arm <name>", "of a service's log: only slates of this policy; may be repeated", collect)
    .option(
      "--target <file>",
      "the policy: round_id,action,probability; without it the uniform one over the log's actions",
    )
    .option("--target-run <folder>", "a run's served policy instead, for the users of the log (user_id)")
    .option(
      "--reward-model <file>",
      "round_id,action,value: adds the direct method and the doubly robust estimators",
    )
    .option(
      "--behaviour <file>",
      "the log's own policy: round_id,action,probability; tells exactly what it never does",
    )
    .option(
      "--estimate-propensities",
      "fit them to the log, which has none: everything is then stamped ESTIMATED",
    )
    .option("--context <file>", "round_id and numeric columns: what the log's policy may have looked at")
    .option("--clusters <file>", "action,cluster: adds IPS over clusters of actions")
    .option(
      "--states <file>",
      "round_id and numeric columns, with user_id and step in the log: adds fitted Q evaluation and sequential doubly robust",
    )
    .option(
      "--clip <weight>",
      "the largest importance weight; everything is then given with and without",
      positiveNumber,
    )
    .option("--tau <weight>", "Switch-DR uses weights up to this", numberAtLeast(0), 2)
    .option(
      "--lambda <x>",
      "shrinkage of DRos (1 by default) and of the sub-Gaussian pair (.1)",
      numberAtLeast(0),
    )
    .option("--slope", "choose tau and lambda from the log itself by SLOPE")
    .option("--discount <number>", "of later steps in sequential estimators", share, 0.9)
    .option(
      "--interval <method>",
      `how intervals are made: ${intervalMethods.join(", ")}`,
      choice(intervalMethods),
      "percentile",
    )
    .option("--resamples <n>", "bootstrap resamples", wholeNumber(100), 1000)
    .option("--seed <number>", "seed of the bootstrap", wholeNumber(0), 1)
    .option("--json <file>", "also write the figures to a file")
    .addHelpText("after", opeHelp)
    .action(
      async ({ json, interval, lambda, seed, clip, tau, resamples, discount, slope, ...rest }: Options) => {
        const { estimatePropensities, context, targetRun, log: from, writeLog, arm, ...given } = rest;
        for (const other of ["target", "rewardModel", "behaviour", "clusters", "states"] as const)
          if (targetRun !== undefined && given[other] !== undefined)
            command.error(`error: --target-run does not go with ${flag(other)}`, { exitCode: 2 });
        if (estimatePropensities === true && given.behaviour !== undefined)
          command.error("error: --behaviour does not go with --estimate-propensities", { exitCode: 2 });
        if (context !== undefined && estimatePropensities !== true)
          command.error("error: --context goes with --estimate-propensities", { exitCode: 2 });

        if (lambda !== undefined && lambda > 1)
          output.note("--lambda above 1 has no meaning for the sub-Gaussian pair: it stays at 1 there");
        await withRows(
          { log: from, ...(writeLog !== undefined && { writeLog }), ...(arm && { arm }) },
          output,
          async (log, folder) => {
            let estimated: EstimatedLog | undefined;
            const files =
              targetRun === undefined
                ? { ...given, log }
                : { log, target: await servedBy(targetRun, folder) };
            const read = await readRounds(
              files,
              estimatePropensities === true
                ? async (log) => {
                    estimated = await estimatedLog(log, random(seed).fork("propensities"), { context });
                    return estimated.propensities;
                  }
                : undefined,
            );
            const chosen = slope ? slopeSettings(read.rounds) : undefined;
            if (chosen)
              output.note(
                `chosen by SLOPE: tau ${chosen.tau}, lambda of DRos ${chosen.shrinkage}, of the sub-Gaussian pair ${chosen.subGaussian}`,
              );
            const card = evaluateLog(read, random(seed), {
              ...{ clip, tau, resamples, discount, method: interval },
              target: files.target === undefined ? "uniform" : "given",
              ...(lambda !== undefined && { shrinkage: lambda, subGaussian: Math.min(lambda, 1) }),
              ...chosen,
            });
            const arms = armsOf(read.log);
            const sensitivity = estimated?.sensitivity(read.rounds);
            if (json !== undefined)
              await writeJsonAtomically(
                json,
                plain({
                  ...card,
                  ...(arms && { arms: arms.arms, armDifferences: arms.differences }),
                  ...(chosen && { chosen }),
                  ...(estimated && { propensityModel: { ...estimated.about, sensitivity } }),
                }),
              );
            const { slate, sequential, marginalised } = card;
            for (const notice of opeNotices(read, {
              ...rest,
              ...(folder !== undefined && { served: folder }),
            }))
              output.note(notice);
            if (arms) output.out(armsText(arms));
            output.out(reportText(card, read.log.users ? "users" : "slates"));
            if (estimated && sensitivity) output.out(estimatedText(estimated.about, sensitivity));
            if (slate)
              output.out(
                furtherText(
                  `${slate.units} whole slates (IIPS and SNIIPS: a slot by its own ratio, right where no slot depends on those above it)`,
                  slate,
                ),
              );
            if (sequential)
              output.out(
                furtherText(
                  `${sequential.units} users' trajectories of up to ${sequential.horizon} steps, discount ${sequential.discount}`,
                  sequential,
                ),
              );
            if (sequential?.fittedQ) {
              const { alarmShare, relativeLoss } = sequential.fittedQ;
              output.out(
                `fitted Q evaluation: squared error ${relativeLoss.toFixed(2)} of the rewards' variance; ${(100 * alarmShare).toFixed(1)}% of its values are beyond what any policy could earn (sdm's interval does not know of the fit's own error)`,
              );
            }
            if (marginalised) output.out(furtherText("clusters of actions", marginalised));
          },
        );
      },
    );
}

function flag(name: string): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** A run's policy; the run is opened when the log was found to be good. @param folder of the service's log that the rows are of */
async function servedBy(
  run: string,
  folder: string | undefined,
): Promise<(log: LogColumns) => Promise<TargetColumns>> {
  await readRunConfig(run);
  return async (log) => {
    const opened = await openRun(run);
    try {
      return folder === undefined ? await runTarget(opened, log) : await servedTarget(opened, folder, log);
    } finally {
      opened.dispose();
    }
  };
}

/** As JSON has it: null for what is no number (a ratio with nothing below it), and for no clip. */
function plain(card: object): unknown {
  return JSON.parse(JSON.stringify(card));
}

if (require.main === module) exitWith(runCommand("ope", describeOpe, process.argv.slice(2)));
