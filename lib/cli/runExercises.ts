import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { EditedCode, Exercise } from "./exercises";

const root = resolve(__dirname, "..", "..");

/** What a cell came to. */
export interface CellResult {
  readonly ok: boolean;
  /** The text of all that it showed: lines, tables, captions, errors. */
  readonly output: string;
  /** How long it took. */
  readonly seconds: number;
}

/** Runs cells one after another, as the kernel does. */
export interface CellRunner {
  run(source: string): Promise<CellResult>;
  /** Forgets every variable. */
  fresh(): void;
  close(): Promise<void>;
}

/**
 * A process that runs cells as the kernel does, types and all, without Jupyter and without drawing pictures.
 *
 * @param env further environment, such as OFFSHELF_FAST
 */
export async function cellRunner(env: Readonly<Record<string, string>> = {}): Promise<CellRunner> {
  const figures = mkdtempSync(join(tmpdir(), "offshelf-exercises-"));
  const child: ChildProcess = fork(join(root, "lib", "setup", "cells.js"), {
    cwd: root,
    execArgv: [],
    env: { ...process.env, ...env, OFFSHELF_FIGURES: figures },
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const gone = once(child, "exit");
  const answer = async (): Promise<unknown> => {
    const [message] = await Promise.race([
      once(child, "message"),
      gone.then(([code]) => {
        throw new Error(`the process that runs cells ended with status ${code}`);
      }),
    ]);
    return message;
  };
  await answer();
  return {
    run(source) {
      const result = answer();
      child.send({ source });
      return result as Promise<CellResult>;
    },
    fresh: () => void child.send({ fresh: true }),
    async close() {
      if (child.connected) child.disconnect();
      await gone;
      rmSync(figures, { recursive: true, force: true });
    },
  };
}

/** Whether an exercise keeps its promise. */
export interface Outcome {
  readonly holds: boolean;
  /** Why not, or what showed it. */
  readonly because: string;
  /** Seconds up to the cell that decided. */
  readonly seconds: number;
}

/**
 * Runs a notebook with one edit, cell by cell, as far as its promise needs: to the first cell by which the text below
 * the edit matches `expect`, or to the cell of claims where it must complain.
 */
export async function runExercise(
  { sources, edited }: EditedCode,
  { expect, unlike, trips = false }: Exercise,
  runner: Pick<CellRunner, "run" | "fresh">,
): Promise<Outcome> {
  runner.fresh();
  const wanted = expect === undefined ? undefined : new RegExp(expect);
  const unwanted = unlike === undefined ? undefined : new RegExp(unlike);
  let [printed, seconds] = ["", 0];
  const outcome = (holds: boolean, because: string): Outcome => ({ holds, because, seconds });
  for (const [i, source] of sources.entries()) {
    const result = await runner.run(source);
    seconds += result.seconds;
    if (i >= edited) printed += result.output;
    const shown = wanted?.exec(printed)?.[0];
    const wrong = unwanted?.exec(printed)?.[0];
    if (wrong !== undefined) return outcome(false, `it prints what it must not: ${wrong}`);
    if (!result.ok) {
      const error = lastLine(result.output);
      const claim = /Error: (no longer true: .*)/.exec(result.output)?.[1];
      if (!trips || claim === undefined) return outcome(false, `cell ${i + 1} fails: ${error}`);
      if (wanted !== undefined && shown === undefined)
        return outcome(false, `the claims complain (${claim}), but nothing below prints ${expect}`);
      return outcome(true, claim);
    }
    if (!trips && shown !== undefined) return outcome(true, shown);
  }
  return outcome(false, trips ? "the claims do not complain" : `nothing below prints ${expect}`);
}

const lastLine = (text: string): string =>
  text
    .trim()
    .split("\n")
    .find((line) => /Error|error|\d+:\d+ - /.test(line)) ?? text.trim().slice(-200);
