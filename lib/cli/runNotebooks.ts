import { spawn } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { InputError } from "../data/inputError";
import { plotlyFile } from "../figures/page";
import type { Output } from "./output";

const root = resolve(__dirname, "..", "..");

/** The kernel that set-up registers in .venv. */
const kernel = { name: "offshelf", title: "offshelf (TypeScript)" };

/** How one notebook ended. */
export interface NotebookResult {
  readonly name: string;
  readonly passed: boolean;
  readonly seconds: number;
  /** Size of the executed notebook; absent when it failed. */
  readonly bytes?: number;
  /** What failed, where and why; absent when it passed. */
  readonly failure?: { readonly cell: number; readonly kind: string; readonly error: string };
}

export interface NotebookRun {
  /** Folder for executed notebooks, pages and figures; figures/latest of the project by default. */
  readonly out?: string;
  /** Seconds a cell may take. */
  readonly timeout?: number;
  /** Further environment of the kernels (OFFSHELF_FAST, OFFSHELF_DATASET, OFFSHELF_FULL ...). */
  readonly env?: Readonly<Record<string, string>>;
  /** Hears how each notebook ended before the next begins to be reported. */
  readonly onResult?: (result: NotebookResult) => Promise<unknown>;
}

/** The notebooks of a folder in their order, or those whose names begin with one of `names`. */
export function notebookFiles(
  names: readonly string[] = [],
  { folder = join(root, "notebooks") } = {},
): string[] {
  const all = existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith(".ipynb")) : [];
  all.sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
  if (names.length === 0) return all.map((file) => join(folder, file));
  const wanted = names.map((name) => basename(name, ".ipynb"));
  for (const name of wanted)
    if (!all.some((file) => matches(file, name)))
      throw new InputError(`no notebook is called ${name}`, { expected: `one of ${all.join(", ")}` });
  return all.filter((file) => wanted.some((name) => matches(file, name))).map((file) => join(folder, file));
}

/** "5" and "05" mean 05-ddpg; so do "05-ddpg" and any longer beginning. */
const matches = (file: string, name: string): boolean =>
  /^\d+$/.test(name) ? Number.parseInt(file, 10) === Number(name) : file.startsWith(name);

type Event =
  | { event: "notebook"; name: string; number: number; count: number }
  | { event: "cell"; name: string; cell: number; cells: number }
  | { event: "passed"; name: string; seconds: number; bytes: number }
  | { event: "failed"; name: string; seconds: number; cell: number; kind: string; error: string };

/**
 * Runs notebooks one after another, each in a fresh kernel, and reports progress. A throw, a type error, a
 * promise rejected behind a cell's back and a cell over its time all fail the notebook; the next one still runs.
 *
 * @throws when the runner itself cannot start (set-up has not been run).
 */
export async function runNotebooks(
  files: readonly string[],
  output: Output,
  { out = join(root, "figures", "latest"), timeout = 600, env = {}, onResult }: NotebookRun = {},
): Promise<NotebookResult[]> {
  const python = join(root, ".venv", "bin", "python");
  if (!existsSync(python))
    throw new Error("runNotebooks requires the Python environment: run `npm start` once");
  const flags = ["--root", root, "--out", out, "--plotly", join(root, plotlyFile), "--timeout", `${timeout}`];
  const child = spawn(
    python,
    [
      join(__dirname, "runNotebooks.py"),
      ...flags,
      "--kernel",
      kernel.name,
      "--title",
      kernel.title,
      ...files,
    ],
    {
      cwd: root,
      env: {
        ...process.env,
        ...env,
        OFFSHELF_FIGURES: out,
        PYTHONWARNINGS: "ignore",
      },
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  let complaints = "";
  child.stderr.on("data", (data) => {
    complaints = (complaints + data).slice(-4000);
  });
  const ended = new Promise<number | null>((settle, fail) => {
    child.on("error", fail);
    child.on("close", settle);
  });
  const results: NotebookResult[] = [];
  let place = "";
  for await (const line of createInterface({ input: child.stdout })) {
    const event = JSON.parse(line) as Event;
    if (event.event === "notebook") place = `notebook ${event.number}/${event.count} ${event.name}`;
    else if (event.event === "cell") output.progress(place, event.cell - 1, event.cells);
    else {
      const result = resultOf(event);
      results.push(result);
      output.note(`${place}: ${sentence(result)}`);
      await onResult?.(result);
    }
  }
  const code = await ended;
  if (results.length < files.length)
    throw new Error(complaints.trim() || `the notebook runner ended with status ${code}`);
  return results;
}

function resultOf(event: Extract<Event, { event: "passed" | "failed" }>): NotebookResult {
  const { name, seconds } = event;
  if (event.event === "passed") return { name, passed: true, seconds, bytes: event.bytes };
  return {
    name,
    passed: false,
    seconds,
    failure: { cell: event.cell, kind: event.kind, error: event.error },
  };
}

function sentence({ seconds, failure, bytes }: NotebookResult): string {
  if (failure === undefined) return `passed in ${seconds} s (${Math.round((bytes ?? 0) / 1024)} KB)`;
  const error = failure.error.replace(/\n/g, "\n    ");
  return `FAILED in cell ${failure.cell} by ${failure.kind} after ${seconds} s\n    ${error}`;
}
