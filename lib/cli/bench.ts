import { writeFile } from "node:fs/promises";
import { availableParallelism, cpus } from "node:os";
import { type Command, InvalidArgumentError, Option } from "commander";
import { writeJsonAtomically } from "../data/writeAtomically";
import { terminalTable } from "../metrics/terminalTable";
import { type BenchCase, encodeStates, readMillion, retrieveMany, retrieveOne } from "./benchCases";
import { bootstrapMillion } from "./benchOffPolicy";
import { benchPeers, peerCases } from "./benchPeers";
import { serveRequests } from "./benchServe";
import { judgeUsers, trainAgent } from "./benchTraining";
import { worldCases } from "./benchWorlds";
import { exitWith, runCommand } from "./frame";
import type { BenchRow } from "./measure";
import { wholeNumber } from "./options";
import type { Output } from "./output";
import { runOurSide } from "./peers/ourSides";
import { peerMarkdown, peerTable, rounded } from "./peers/peerTable";
import { defaultThreads } from "./peers/threads";

const cases: Readonly<Record<string, BenchCase>> = {
  "train.ddpg.cached": () => trainAgent("ddpg.cached"),
  "train.td3.cached": () => trainAgent("td3.cached"),
  "train.td3.shared": () => trainAgent("td3.shared"),
  "encode.gru": encodeStates,
  "retrieve.1": retrieveOne,
  "retrieve.512": retrieveMany,
  "read.1m": readMillion,
  evaluate: judgeUsers,
  "ope.bootstrap": bootstrapMillion,
  serve: serveRequests,
  ...worldCases,
};

/** `npm run bench`: the performance table, each figure beside what it is compared with. */
export function describeBench(command: Command, output: Output): void {
  command
    .description(
      "The performance table: medians of at least five repeats, each beside another figure of the same run. A ratio above 1 means faster.",
    )
    .argument("[names...]", `measure only these: ${Object.keys(cases).join(", ")}`)
    .option("--json <file>", "also write the figures to a file")
    .option(
      "--peers",
      `beside PyTorch, faiss-cpu, Polars and Open Bandit Pipeline instead, in turn on the same cores (npm run setup -- --peers); names: ${peerCases.map(({ name }) => name).join(", ")}`,
    )
    .option("--threads <list>", "with --peers: threads a side, such as 1,2", threadCounts)
    .option("--blocks <n>", "with --peers: measured blocks a side", wholeNumber(1), 9)
    .option("--markdown <file>", "with --peers: also write the table as Markdown")
    .addOption(new Option("--side <name>").hideHelp()) // one half of a case of --peers, which starts it
    .addOption(new Option("--folder <folder>").hideHelp())
    .action(async (names: string[], options: BenchOptions) => {
      if (options.side !== undefined) return runOurSide(options.side, options.folder ?? "");
      const known = options.peers ? peerCases.map(({ name }) => name) : Object.keys(cases);
      const unknown = names.find((name) => !known.includes(name));
      if (unknown !== undefined)
        command.error(`unknown measurement "${unknown}", expected one of ${known.join(", ")}`, {
          exitCode: 2,
        });
      const wanted = names.length > 0 ? names : known;
      return (options.peers ? besidePeers : alone)(wanted, options, output);
    });
}

interface BenchOptions {
  readonly json?: string;
  readonly peers?: boolean;
  readonly threads?: readonly number[];
  readonly blocks: number;
  readonly markdown?: string;
  readonly side?: string;
  readonly folder?: string;
}

/** Each figure beside another of this process. */
async function alone(wanted: readonly string[], { json }: BenchOptions, output: Output): Promise<void> {
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
}

/** Each figure beside a peer's, both in processes of their own. */
async function besidePeers(wanted: readonly string[], options: BenchOptions, output: Output): Promise<void> {
  const { json, markdown, blocks, threads = defaultThreads() } = options;
  const chosen = peerCases.filter(({ name }) => wanted.includes(name));
  const { rows, failures } = await benchPeers(chosen, {
    ...{ blocks, threads },
    note: output.note,
    progress: (done, total, detail) => output.progress("bench", done, total, detail),
  });
  const machine = machineName();
  if (json !== undefined) await writeJsonAtomically(json, { machine, rows });
  if (markdown !== undefined) await writeFile(markdown, peerMarkdown(rows));
  output.out(`${machine}\n\n${peerTable(rows)}\n`);
  if (failures > 0) throw new Error(`${failures} of the measurements failed`);
}

/** `threadCounts("1,2")` is `[1, 2]`. */
function threadCounts(text: string): number[] {
  const counts = text.split(",").map(wholeNumber(1));
  if (Math.max(...counts) > availableParallelism())
    throw new InvalidArgumentError(`expected at most the ${availableParallelism()} cores of this machine.`);
  return counts;
}

function machineName(): string {
  const [cpu] = cpus();
  return `${cpu?.model.trim() ?? process.arch}, ${availableParallelism()} cores, Node ${process.versions.node}`;
}

if (require.main === module) exitWith(runCommand("bench", describeBench, process.argv.slice(2)));
