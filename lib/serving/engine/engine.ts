import { type EngineChild, type StartEngine, startEngine } from "./engineChild";
import type { EngineAnswer, EngineInfo } from "./engineMessages";
import type { SlateRequest } from "./slateRequest";

export interface EngineOptions {
  /** Requests answered together at most. */
  readonly maximumBatch?: number;
  /** Requests waiting at most: beyond them a request is turned away at once. */
  readonly maximumQueue?: number;
  /** Milliseconds that a batch may take before the process counts as hung and is replaced. */
  readonly batchLimit?: number;
  /** Milliseconds before the first attempt to replace a process; doubles with each that fails, up to 30 s. */
  readonly restartAfter?: number;
  readonly onNotice?: (text: string) => void;
  readonly onBatch?: (size: number, seconds: number) => void;
  readonly onRestart?: () => void;
}

/** Nobody can answer now; a client may try again. */
export class EngineUnavailable extends Error {
  /** Seconds. */
  readonly retryAfter: number;

  constructor(why: string, retryAfter = 1) {
    super(why);
    this.name = "EngineUnavailable";
    this.retryAfter = retryAfter;
  }
}

/** An answer with the run it came from: rows are rows of that catalogue. */
export interface EngineReply {
  readonly answer: EngineAnswer;
  readonly info: EngineInfo;
}

/** A run behind a process of its own, which is replaced when it dies. */
export interface Engine {
  /** Of the process that answers now, or of the last one. */
  info(): EngineInfo;
  isReady(): boolean;
  queued(): number;
  /** The process's id, to look at; undefined while there is none. */
  pid(): number | undefined;
  /** @throws EngineUnavailable when the queue is full, there is no process, or it dies before it has answered */
  ask(request: SlateRequest): Promise<EngineReply>;
  /**
   * Opens the run anew in a new process, which takes over between two batches: no answer is of two runs.
   *
   * @throws when the run cannot be opened; the old process goes on then
   */
  reload(): Promise<void>;
  /** Resolves when the processes have ended. What still waits is turned away. */
  close(): Promise<void>;
}

interface Waiting {
  readonly request: SlateRequest;
  done(reply: EngineReply): void;
  failed(error: Error): void;
}

const longestPause = 30_000;

/**
 * Starts an engine. Requests that arrive while a batch is being answered wait and go out together in the next one, as
 * soon as the process is free: under load many requests share one encoding and one search, without load nobody waits.
 *
 * @throws InputError when the run cannot be opened
 */
export async function engine(start: StartEngine, options: EngineOptions = {}): Promise<Engine> {
  const { maximumBatch = 64, maximumQueue = 1000, batchLimit = 20_000, restartAfter = 100 } = options;
  const { onNotice, onBatch, onRestart } = options;
  let child: EngineChild | undefined;
  let next: EngineChild | undefined; // takes over when the present batch is answered
  let info: EngineInfo;
  let queue: Waiting[] = [];
  let busy = false;
  let closed = false;
  let timer: NodeJS.Timeout | undefined;
  const processes = new Set<EngineChild>();

  const turnAway = (waiting: readonly Waiting[], why: string): void => {
    for (const { failed } of waiting) failed(new EngineUnavailable(why));
  };

  function watch(made: EngineChild): EngineChild {
    processes.add(made);
    void made.ended.then((why) => {
      processes.delete(made);
      if (next === made) next = undefined;
      if (child !== made) return;
      child = undefined;
      turnAway(queue.splice(0), why);
      if (closed) return;
      onNotice?.(`${why}; it is replaced`);
      if (next !== undefined) takeOver();
      else replace(restartAfter);
    });
    return made;
  }

  function replace(pause: number): void {
    timer = setTimeout(async () => {
      try {
        const made = watch(await startEngine(start));
        if (closed || child !== undefined) return made.end();
        child = made;
        info = made.info;
        onRestart?.();
        send();
      } catch (error) {
        onNotice?.(`the run cannot be opened: ${(error as Error).message}`);
        if (!closed && child === undefined) replace(Math.min(longestPause, 2 * pause));
      }
    }, pause);
  }

  function takeOver(): void {
    if (next === undefined || busy) return;
    const old = child;
    child = next;
    next = undefined;
    info = child.info;
    old?.end();
    send();
  }

  function send(): void {
    if (busy || child === undefined || queue.length === 0) return;
    const answering = child;
    const batch = queue.splice(0, maximumBatch);
    busy = true;
    const from = performance.now();
    const hung = setTimeout(() => answering.kill(), batchLimit);
    // What waits goes out before these answers do: the process works while the service writes them.
    const free = (): void => {
      clearTimeout(hung);
      busy = false;
      takeOver();
      send();
    };
    answering.answer(batch.map(({ request }) => request)).then(
      (answers) => {
        onBatch?.(batch.length, (performance.now() - from) / 1000);
        free();
        batch.forEach(({ done }, i) => void done({ answer: answers[i], info: answering.info }));
      },
      (error: Error) => {
        free();
        turnAway(batch, error.message);
      },
    );
  }

  child = watch(await startEngine(start));
  info = child.info;
  return {
    info: () => info,
    isReady: () => child !== undefined,
    queued: () => queue.length,
    pid: () => child?.pid,
    ask: (request) =>
      new Promise((done, failed) => {
        if (closed) return failed(new EngineUnavailable("the service ends"));
        if (child === undefined) return failed(new EngineUnavailable("the engine is being replaced"));
        if (queue.length >= maximumQueue) return failed(new EngineUnavailable("too many requests wait"));
        queue.push({ request, done, failed });
        // After the requests that have arrived with this one.
        if (!busy && queue.length === 1) setImmediate(send);
      }),
    async reload() {
      const made = watch(await startEngine(start));
      if (closed) return made.end();
      next?.end();
      next = made;
      takeOver();
    },
    async close() {
      closed = true;
      clearTimeout(timer);
      turnAway(queue, "the service ends");
      queue = [];
      const all = [...processes];
      for (const each of all) each.end();
      await Promise.all(
        all.map((each) => {
          const late = setTimeout(() => each.kill(), 5000);
          return each.ended.finally(() => clearTimeout(late));
        }),
      );
    },
  };
}
