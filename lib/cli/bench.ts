import { availableParallelism, cpus } from "node:os";
import type { Command } from "commander";
import { writeJsonAtomically } from "../data/writeAtomically";
import { terminalTable } from "../metrics/terminalTable";
import { type BenchCase, encodeStates, readMillion, retrieveMany, retrieveOne } from "./benchCases";
import { bootstrapMillion } from "./benchOffPolicy";
import { judgeUsers, trainDdpg, trainTd3 } from "./benchTraining";
import { exitWith, runCommand } from "./frame";
import type { BenchRow } from "./measure";
import type { Output } from "./output";

const cases: Readonly<Record<string, BenchCase>> = {
  "train.ddpg.cached": trainDdpg,
  "train.td3.cached": () => trainTd3("cached"),
  "train.td3.shared": () => trainTd3("shared"),
  "encode.gru": encodeStates,
  "retrieve.1": retrieveOne,
  "retrieve.512": retrieveMany,
  "read.1m": readMillion,
  evaluate: judgeUsers,
  "ope.bootstrap": bootstrapMillion,
};

/** `npm run bench`: the performance table, each figure beside what it is compared with. */
export function describeBench(command: Command, output: Output): void {
  command
    .description(
      "The performance table: medians of at least five repeats, each beside another figure of the same run. A ratio above 1 means faster.",
    )
    .argument("[names...]", `measure only these: ${Object.keys(cases).join(", ")}`)
    .option("--json <file>", "also write the figures to a file")
    .action(async (names: string[], { json }: { json?: string }) => {
      const unknown = names.find((name) => cases[name] === undefined);
      if (unknown !== undefined)
        command.error(`unknown measurement "${unknown}", expected one of ${Object.keys(cases).join(", ")}`, {
          exitCode: 2,
        });
      const wanted = names.length > 0 ? names : Object.keys(cases);
      const rows: BenchRow[] = [];
      for (const [done, name] of wanted.entries()) {
        output.progress("bench", done, wanted.length, name);
        rows.push(await cases[name]());
      }
      output.progress("bench", wanted.length, wanted.length);
      const machine = machineName();
      if (json !== undefined) await writeJsonAtomically(json, { machine, rows });
      output.out(`${machine}\n\n`);
      const figures = rows.map((row) => [
        row.name,
        `${rounded(row.value)} ${row.unit}`,
        row.comparedWith,
        row.ratio.toFixed(2),
      ]);
      output.out(`${terminalTable(["", "offshelf", "compared with", "times as fast"], figures)}\n`);
    });
}

function machineName(): string {
  const [cpu] = cpus();
  return `${cpu?.model.trim() ?? process.arch}, ${availableParallelism()} cores, Node ${process.versions.node}`;
}

/** Three significant figures. */
function rounded(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}

if (require.main === module) exitWith(runCommand("bench", describeBench, process.argv.slice(2)));
