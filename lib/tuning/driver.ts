import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { InputError } from "../data/inputError";
import { writeJsonAtomically } from "../data/writeAtomically";
import type { SearchedSetting, Tried } from "../settings/searchSpace";
import { threadsOf } from "../studies/workers";

export const samplers = ["tpe", "random", "qmc", "cmaes"] as const;
export const pruners = ["median", "hyperband", "none"] as const;

/** What tune.py is told. */
export interface Plan {
  readonly study: string;
  /** A database's address; null for the journal in the folder. */
  readonly storage: string | null;
  readonly folder: string;
  readonly sampler: (typeof samplers)[number];
  readonly pruner: (typeof pruners)[number];
  readonly seed: number;
  /** Trials in all, those of earlier calls included. */
  readonly trials: number;
  /** Seconds after which no trial is begun. */
  readonly timeout: number | null;
  /** Validations on the way of a trial. */
  readonly rungs: number;
  readonly space: Readonly<Record<string, object>>;
  /** The first trial, where the search reaches it. */
  readonly defaults: Readonly<Record<string, Tried>> | null;
  /** What tells apart searches that may not share a study, and what this one is, in words. */
  readonly key: string;
  readonly about: string;
  /** The process that makes a trial. */
  readonly command: readonly string[];
  /** Seconds between signs of life in a database; Optuna takes a worker for dead after four times as long. */
  readonly heartbeat?: number;
}

/** One trial as the storage has it. */
export interface Trial {
  readonly number: number;
  readonly state: "complete" | "pruned" | "fail" | "running" | "waiting";
  /** Counts among those that were asked for. */
  readonly done: boolean;
  readonly value: number | null;
  readonly params: Readonly<Record<string, Tried>>;
  /** Validations on the way: [which, NDCG]. */
  readonly steps: readonly (readonly [number, number])[];
  /** Numbers of the trials that were lost before it with the same settings. */
  readonly retries: readonly number[];
  readonly seconds: number | null;
  readonly about: {
    readonly default?: boolean;
    readonly values?: readonly number[];
    readonly kept?: readonly number[];
    readonly pruned?: string;
  };
}

export interface Report {
  readonly trials: readonly Trial[];
  /** Shares of each setting in how far trials differ; null for too few trials. */
  readonly importances: Readonly<Record<string, number>> | null;
}

/** What a worker tells while it is at work. */
export interface WorkerEvent {
  readonly trial?: number;
  readonly state?: "running" | "complete" | "pruned" | "lost" | "failed";
  readonly step?: number;
  readonly value?: number;
  readonly error?: string;
  readonly input?: boolean;
  readonly note?: string;
}

const driver = join(__dirname, "tune.py");

/** A search's space as tune.py takes it. */
export function spaceOf(search: readonly SearchedSetting[], name: (choice: unknown) => Tried): Plan["space"] {
  return Object.fromEntries(
    search.map(({ name: key, space }) => [
      key,
      "choices" in space ? { choices: space.choices.map(name) } : space,
    ]),
  );
}

/**
 * Begins a study, or finds it as it is.
 *
 * @param python a Python with Optuna
 * @throws InputError when the study searches something else, or the storage cannot be used.
 */
export async function begin(python: string, plan: Plan): Promise<Report> {
  return asked(python, plan, "prepare");
}

/** A study as it is now. */
export async function reportOf(python: string, plan: Plan): Promise<Report> {
  return asked(python, plan, "report");
}

async function asked(python: string, plan: Plan, mode: "prepare" | "report"): Promise<Report> {
  const child = spawn(python, [driver, await planFile(plan), mode], {
    stdio: ["ignore", "pipe", "pipe"],
    env: environmentOf(plan),
  });
  const [out, err] = [textOf(child.stdout), textOf(child.stderr)];
  const [status] = (await once(child, "close")) as [number | null];
  const last = (await out).trim().split("\n").at(-1) ?? "";
  const said = (last.startsWith("{") ? JSON.parse(last) : {}) as Partial<Report> & Refusal;
  if (said.refused !== undefined)
    throw new InputError(said.refused, { ...(said.expected !== undefined && { expected: said.expected }) });
  if (status !== 0 || said.trials === undefined)
    throw new Error(`Optuna ended with status ${status}: ${(await err).trim().split("\n").at(-1)}`);
  return { trials: said.trials, importances: said.importances ?? null };
}

interface Refusal {
  readonly refused?: string;
  readonly expected?: string;
}

/** Each call writes it anew: a later one may ask for more trials. The address of a database may hold a password. */
async function planFile({ storage: _, ...plan }: Plan): Promise<string> {
  const file = join(plan.folder, "plan.json");
  await writeJsonAtomically(file, plan);
  return file;
}

function environmentOf({ storage }: Plan): NodeJS.ProcessEnv {
  return storage === null ? process.env : { ...process.env, OFFSHELF_STORAGE: storage };
}

async function textOf(stream: NodeJS.ReadableStream): Promise<string> {
  let text = "";
  for await (const chunk of stream) text += chunk;
  return text;
}

/** How a study's workers came to an end. */
export interface Worked {
  /** By Ctrl-C or a signal: their trials are tried again by the next call. */
  readonly stopped: boolean;
}

/**
 * Makes trials until there are as many as the plan says, in so many processes, each with its share of the cores. A
 * signal to this process ends them cleanly; when it is killed, they see that too.
 *
 * @throws Error or InputError with a trial's own words where none can be made.
 */
export async function work(
  python: string,
  plan: Plan,
  { workers, onEvent }: { readonly workers: number; readonly onEvent?: (event: WorkerEvent) => void },
): Promise<Worked> {
  const file = await planFile(plan);
  let stopped = false;
  const problems: Error[] = [];
  const children: ChildProcess[] = [];
  const end = (): void => {
    for (const { stdin } of children) stdin?.end();
  };
  const onSignal = (): void => {
    stopped = true;
    end();
  };
  const heard = (event: WorkerEvent): void => {
    onEvent?.(event);
    if (event.error === undefined) return;
    problems.push(event.input === true ? new InputError(event.error) : new Error(event.error));
    end();
  };
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const signal of signals) process.once(signal, onSignal);
  try {
    const ended = Array.from({ length: workers }, async () => {
      const child = spawn(python, [driver, file, "work"], {
        stdio: ["pipe", "pipe", "pipe"],
        env: { ...threadsOf(workers), ...environmentOf(plan) },
        detached: true, // the terminal's Ctrl-C is for this process, which then ends its workers
      });
      children.push(child);
      const err = textOf(child.stderr);
      child.stdin.on("error", () => {});
      createInterface({ input: child.stdout }).on("line", (line) => {
        if (line.startsWith("{")) heard(JSON.parse(line) as WorkerEvent);
      });
      const [status, signal] = (await once(child, "close")) as [number | null, string | null];
      const said = (await err).trim().split("\n").at(-1);
      return status === 0
        ? undefined
        : new Error(`a worker ended (${signal ?? `status ${status}`}): ${said}`);
    });
    const broken = (await Promise.all(ended)).flatMap((each) => each ?? []);
    // A worker that was killed is made up for by the others.
    if (broken.length === workers) problems.push(...broken);
    if (problems.length > 0) throw problems[0];
    return { stopped };
  } finally {
    for (const signal of signals) process.off(signal, onSignal);
  }
}
