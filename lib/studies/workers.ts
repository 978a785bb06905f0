import { type ChildProcess, fork } from "node:child_process";
import { availableParallelism, freemem } from "node:os";
import { resolve } from "node:path";

/** One run of a study: a row under a seed. */
export interface StudyCell {
  readonly name: string;
  readonly seed: number;
}

/** What makes runs, one after another. */
export interface StudyWorker {
  /** @throws when this worker can make no more runs, or not this one. */
  make(cell: StudyCell): Promise<void>;
  end(): void;
}

export interface SharedWork {
  /** Called when a run is made, and how many seconds that took. */
  readonly onMade?: (cell: StudyCell, seconds: number) => void;
  /** Called when a run could not be made here; its worker makes no others. */
  readonly onFailed?: (cell: StudyCell, error: Error) => void;
}

/** Memory that one run with its log may take, in bytes. */
const perWorker = 2e9;

/** How many runs are made at once where nobody says: one for each core, as far as there is memory for them. */
export function fittingJobs(cores = availableParallelism(), memory = freemem()): number {
  return Math.max(1, Math.min(cores, Math.floor(memory / perWorker)));
}

/**
 * Hands runs to workers. Runs of one seed share a next-item model, which the first of them trains: a worker stays with
 * its seed, takes a seed that nobody has begun next, and only then helps with the one that has most left.
 */
export async function shareOut(
  cells: readonly StudyCell[],
  workers: readonly StudyWorker[],
  { onMade, onFailed }: SharedWork = {},
): Promise<void> {
  const queues = new Map<number, StudyCell[]>();
  for (const cell of cells) queues.set(cell.seed, [...(queues.get(cell.seed) ?? []), cell]);
  const begun = new Set<number>();
  const next = (seed: number | undefined): StudyCell | undefined => {
    const own = seed === undefined ? undefined : queues.get(seed)?.shift();
    if (own !== undefined) return own;
    const left = [...queues].filter(([, queue]) => queue.length > 0);
    const fresh = left.find(([each]) => !begun.has(each));
    const [, queue] = fresh ?? left.sort(([, a], [, b]) => b.length - a.length)[0] ?? [];
    return queue?.shift();
  };
  const work = async (worker: StudyWorker): Promise<void> => {
    let seed: number | undefined;
    for (let cell = next(seed); cell !== undefined; cell = next(seed)) {
      seed = cell.seed;
      begun.add(seed);
      const from = performance.now();
      try {
        await worker.make(cell);
        onMade?.(cell, (performance.now() - from) / 1000);
      } catch (error) {
        onFailed?.(cell, error as Error);
        break;
      }
    }
    worker.end();
  };
  await Promise.all(workers.map(work));
}

/** What a worker's process says. */
export type WorkerMessage =
  | { readonly made: true }
  | { readonly failed: string }
  | { readonly note: string }
  | { readonly progress: readonly [label: string, done: number, total: number] };

/** Numbers of threads, as variables of the environment, for one of so many processes that share the cores. */
export function threadsOf(share: number): Record<string, string> {
  const threads = String(Math.max(1, Math.floor(availableParallelism() / share)));
  return { TF_NUM_INTRAOP_THREADS: threads, TF_NUM_INTEROP_THREADS: "1", OMP_NUM_THREADS: threads };
}

/**
 * A worker in a process of its own: this project's command with these arguments, told one cell after another.
 *
 * @param share how many workers the cores are for; thread numbers that the caller has set stay
 */
export function workerProcess(
  args: readonly string[],
  { share, onNote, onProgress }: WorkerOptions,
): StudyWorker {
  const child: ChildProcess = fork(resolve(__dirname, "../setup/run.js"), [...args], {
    stdio: ["ignore", "ignore", "inherit", "ipc"],
    env: { ...threadsOf(share), ...process.env },
    execArgv: [],
  });
  let settle: { done(): void; failed(error: Error): void } | undefined;
  let ended: Error | undefined;
  child.on("message", (message: WorkerMessage) => {
    if ("note" in message) onNote?.(message.note);
    else if ("progress" in message) onProgress?.(...message.progress);
    else if ("made" in message) settle?.done();
    else if ("failed" in message) settle?.failed(new Error(message.failed));
  });
  const end = (error: Error): void => {
    ended ??= error;
    settle?.failed(ended);
  };
  child.on("error", end);
  child.on("exit", (code, signal) =>
    end(new Error(`its process ended (${signal ?? `status ${code}`}), perhaps for want of memory`)),
  );
  const stop = (): void => void child.kill();
  process.once("exit", stop);
  return {
    make: (cell) =>
      new Promise((done, failed) => {
        if (ended !== undefined) return failed(ended);
        settle = { done, failed };
        child.send(cell);
      }),
    end() {
      process.off("exit", stop);
      if (child.connected) child.disconnect();
    },
  };
}

export interface WorkerOptions {
  readonly share: number;
  readonly onNote?: (text: string) => void;
  readonly onProgress?: (label: string, done: number, total: number) => void;
}
