import { existsSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { delimiter, join } from "node:path";
import type { SideCommand } from "./side";

/** Thread counts of the libraries on both sides; each reads its own. */
const counts = ["OMP_NUM_THREADS", "MKL_NUM_THREADS", "POLARS_MAX_THREADS"];
const tensorflow = ["TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS"];

/** What the peers start without: settings of ours, and those that make up for faults of older OpenBLAS than theirs. */
const notForPeers = ["OMP_WAIT_POLICY", "OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"];

/** The environment of our side: as many threads in everything as asked for, the rest as our commands set it. */
export function ourEnvironment(threads: number, from = process.env): NodeJS.ProcessEnv {
  return { ...from, ...all([...counts, ...tensorflow], threads) };
}

/** The environment of a peer, as somebody would start it who has never heard of offshelf. */
export function peerEnvironment(threads: number, from = process.env): NodeJS.ProcessEnv {
  const environment = { ...from, ...all([...counts, "OPENBLAS_NUM_THREADS"], threads) };
  for (const name of notForPeers) delete environment[name];
  return environment;
}

function all(names: readonly string[], threads: number): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, String(threads)]));
}

/**
 * The same program on the first cores that this process may use, as many as threads: so both sides share the same
 * cores, and what cannot be told its number of threads (JavaScript's collector, DuckDB) has no more of them either.
 * Unchanged where the system has no taskset.
 */
export function onCores(command: SideCommand, threads: number, cores = ownCores()): SideCommand {
  if (cores === undefined) return command;
  const some = cores.slice(0, threads).join(",");
  return { ...command, program: "taskset", args: ["-c", some, command.program, ...command.args] };
}

/** The cores this process may use; undefined where they cannot be chosen. */
export function ownCores(): number[] | undefined {
  const hasTaskset = (process.env.PATH ?? "")
    .split(delimiter)
    .some((folder) => existsSync(join(folder, "taskset")));
  if (!hasTaskset || !existsSync("/proc/self/status")) return undefined;
  const allowed = /^Cpus_allowed_list:\s*(\S+)$/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1];
  return allowed?.split(",").flatMap((range) => {
    const ends = range.split("-").map(Number);
    return Array.from({ length: ends[ends.length - 1] - ends[0] + 1 }, (_, i) => ends[0] + i);
  });
}

/** One thread, and two where there are two cores. */
export function defaultThreads(): number[] {
  return availableParallelism() >= 2 ? [1, 2] : [1];
}
