import { type ChildProcess, fork } from "node:child_process";
import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import { InputError } from "../../data/inputError";
import type { EngineAnswer, EngineInfo, EngineMessage } from "./engineMessages";
import type { SlateRequest } from "./slateRequest";

/** Starts an engine's process. */
export type StartEngine = () => ChildProcess;

/** One engine process that has opened its run. */
export interface EngineChild {
  readonly info: EngineInfo;
  readonly pid: number;
  /** @throws when the process ends before it has answered */
  answer(requests: readonly SlateRequest[]): Promise<readonly EngineAnswer[]>;
  /** Resolves when the process has ended, with why. */
  readonly ended: Promise<string>;
  /** Lets it go: it ends by itself. */
  end(): void;
  kill(): void;
}

/** This project's serve command as an engine for one run folder. One core is left to the service itself. */
export function engineOf(folder: string): StartEngine {
  const threads = String(Math.max(1, availableParallelism() - 1));
  return () =>
    fork(resolve(__dirname, "../../setup/run.js"), ["serve", "--engine", folder], {
      serialization: "advanced",
      stdio: ["ignore", "ignore", "inherit", "ipc"],
      env: {
        TF_NUM_INTRAOP_THREADS: threads,
        TF_NUM_INTEROP_THREADS: "1",
        OMP_NUM_THREADS: threads,
        ...process.env,
      },
      execArgv: [],
    });
}

/**
 * Starts an engine's process and waits until it has opened its run.
 *
 * @throws InputError when the run cannot be opened, an Error when the process ends on the way
 */
export function startEngine(start: StartEngine): Promise<EngineChild> {
  return new Promise((done, failed) => {
    const child = start();
    const waiting = new Map<
      number,
      { done(answers: readonly EngineAnswer[]): void; failed(error: Error): void }
    >();
    let next = 0;
    let why: string | undefined;
    const ended = new Promise<string>((gone) => {
      const end = (reason: string): void => {
        if (why !== undefined) return;
        why = reason;
        for (const { failed: fail } of waiting.values()) fail(new Error(reason));
        waiting.clear();
        failed(new Error(reason));
        gone(reason);
      };
      child.on("error", ({ message }) => end(message));
      child.on("exit", (code, signal) => end(`the engine's process ended (${signal ?? `status ${code}`})`));
    });
    child.on("message", (message: EngineMessage) => {
      if ("batch" in message) {
        waiting.get(message.batch)?.done(message.answers);
        waiting.delete(message.batch);
      } else if ("failed" in message) {
        failed(message.input ? new InputError(message.failed) : new Error(message.failed));
        child.kill("SIGKILL");
      } else
        done({
          info: message.ready,
          pid: child.pid!,
          ended,
          answer(requests) {
            const batch = next++;
            return new Promise((answered, lost) => {
              if (why !== undefined) return lost(new Error(why));
              waiting.set(batch, { done: answered, failed: lost });
              child.send({ batch, requests }, (error) => {
                if (error === null || !waiting.delete(batch)) return;
                lost(error);
              });
            });
          },
          end() {
            if (child.connected) child.disconnect();
          },
          kill: () => void child.kill("SIGKILL"),
        });
    });
  });
}
