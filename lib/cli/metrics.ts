import type { Command } from "commander";
import { writeJsonAtomically } from "../data/writeAtomically";
import { metricNames } from "../metrics/metrics";
import { evaluateFiles } from "../metrics/recommendationFiles";
import { terminalTable } from "../metrics/terminalTable";
import { exitWith, runCommand } from "./frame";
import { cutoffs } from "./options";
import type { Output } from "./output";

interface Options {
  readonly truth: string;
  readonly recommendations: string;
  readonly k: number[];
  readonly json?: string;
}

/** `npm run metrics`: accuracy metrics for anyone's recommendations, from any system. */
export function describeMetrics(command: Command, output: Output): void {
  command
    .description("Accuracy metrics for anyone's recommendations, from any system.")
    .requiredOption("--truth <file>", "what was relevant: user_id,item_id[,relevance]")
    .requiredOption("--recommendations <file>", "ranked lists: user_id,item_id and rank, or score")
    .option("--k <lengths>", "list lengths to evaluate at", cutoffs, [5, 10, 20])
    .option("--json <file>", "also write the figures to a file")
    .action(async ({ truth, recommendations, k: ks, json }: Options) => {
      const { report, withoutList } = await evaluateFiles({ truth, recommendations, ks });
      if (json !== undefined) await writeJsonAtomically(json, report);
      output.note(
        `${report.users} users in the truth, ${withoutList} of them without recommendations (they count as zero)`,
      );
      const head = ["", ...ks.map((k) => `@${k}`)];
      const rows = metricNames.map((name) => [name, ...ks.map((k) => report.at[k][name].toFixed(4))]);
      output.out(`${terminalTable(head, rows)}\n`);
    });
}

if (require.main === module) exitWith(runCommand("metrics", describeMetrics, process.argv.slice(2)));
