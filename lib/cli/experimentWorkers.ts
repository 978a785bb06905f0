import { once } from "node:events";
import { resolve } from "node:path";
import type { ExecuteOptions } from "../studies/execute";
import {
  fittingJobs,
  type StudyCell,
  type StudyWorker,
  shareOut,
  type WorkerMessage,
  workerProcess,
} from "../studies/workers";
import { wholeNumber } from "./options";
import type { Output } from "./output";

export interface WorkerOptions {
  readonly config: string;
  readonly out: string;
  readonly set?: readonly string[];
  readonly workers: number | "auto";
  /** Which command the workers are; experiment by default. */
  readonly command?: string;
}

/** Reads --workers: a whole number of at least 1, or "auto". */
export function workerCount(text: string): number | "auto" {
  return text === "auto" ? text : wholeNumber(1)(text);
}

/**
 * How a study's runs are made in processes beside this one: the same command, as workers.
 *
 * @param log which of a file's logs, where it has several
 */
export function inWorkers(
  { config, out, set = [], workers, command = "experiment" }: WorkerOptions,
  output: Output,
  log?: string,
): Pick<ExecuteOptions, "jobs" | "elsewhere"> {
  const most = workers === "auto" ? fittingJobs() : workers;
  if (most === 1) return {};
  const args = [command, "--config", resolve(config), "--out", resolve(out), "--no-figure"];
  const all = [...args, ...set.flatMap((each) => ["--set", each]), "--cells", ...(log ? [log] : [])];
  return {
    jobs: most,
    async elsewhere(cells, onMade) {
      const share = Math.min(most, cells.length);
      const now = new Map<number, string>();
      let made = 0;
      const show = (): void =>
        output.progress(`runs, ${share} at once`, made, cells.length, [...now.values()].join("; "));
      const workerOf = (number: number): StudyWorker => {
        const worker = workerProcess(all, {
          share,
          onNote: (text) => output.note(text),
          onProgress(label, done, total) {
            now.set(number, `${label} ${Math.floor((100 * done) / Math.max(1, total))}%`);
            show();
          },
        });
        return {
          ...worker,
          end() {
            now.delete(number);
            worker.end();
          },
        };
      };
      show();
      await shareOut(
        cells,
        Array.from({ length: share }, (_, i) => workerOf(i)),
        {
          onMade(cell, seconds) {
            made++;
            onMade(cell, seconds);
            show();
          },
          onFailed: ({ name, seed }, error) =>
            output.note(`${name}, seed ${seed}: ${error.message}; it is made here afterwards`),
        },
      );
    },
  };
}

/**
 * Makes the runs that the process which started this one names, until it lets go. Where it is gone (ended by a signal)
 * while a run is made, this process ends with it: what the run has saved is gone on with later.
 *
 * @param maker given whom to tell, makes one run
 */
export async function serveCells(
  maker: (heard: Pick<ExecuteOptions, "onNotice" | "onProgress">) => (cell: StudyCell) => Promise<void>,
): Promise<void> {
  const say = (message: WorkerMessage): void => void process.send?.(message);
  const make = maker({
    onNotice: (note) => say({ note }),
    onProgress: (label, done, total) => say({ progress: [label, done, total] }),
  });
  let making = false;
  process.on("message", (cell: StudyCell) => {
    making = true;
    make(cell)
      .then(
        () => say({ made: true }),
        (error: Error) => say({ failed: error.message }),
      )
      .finally(() => {
        making = false;
      });
  });
  await once(process, "disconnect");
  if (making) process.exit(1);
}
