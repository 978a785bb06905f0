import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { createInterface } from "node:readline";

/** One of two that are measured against each other: a process that is ready and runs blocks of work when told to. */
export interface Side {
  /** As it calls itself, e.g. "PyTorch". */
  readonly name: string;
  readonly version: string;
  /** Numbers that both sides must agree on, so that they are known to do the same work. */
  readonly check: readonly number[];
  /** Runs `count` pieces of work; gives the milliseconds of one. */
  block(count: number): Promise<number>;
  /** Ends the process. */
  close(): void;
}

export interface SideCommand {
  /** What errors call it. */
  readonly label: string;
  readonly program: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
}

/**
 * Starts a side and waits until it is ready. It speaks in lines of JSON, as blocks.py says: first {"name", "version",
 * "check"}, then {"ms"} for each {"block": n} that it reads. Lines that are no JSON objects are passed over.
 *
 * @throws naming the side when it cannot be started or ends before it has answered.
 */
export async function startSide({ label, program, args, env = process.env }: SideCommand): Promise<Side> {
  const child = spawn(program, [...args], { env, stdio: ["pipe", "pipe", "pipe"] });
  const next = answersOf(child, label);
  const { name, version, check } = await next<Pick<Side, "name" | "version" | "check">>();
  return {
    name,
    version,
    check,
    async block(count) {
      child.stdin.write(`${JSON.stringify({ block: count })}\n`);
      return (await next<{ readonly ms: number }>()).ms;
    },
    close() {
      child.stdin.end();
      child.kill();
    },
  };
}

/** Waits for the process's next answer. */
function answersOf(child: ChildProcessWithoutNullStreams, label: string): <T>() => Promise<T> {
  const answers: string[] = [];
  let failure: Error | undefined;
  let wake = (): void => {};
  let said = "";
  const fail = (what: string): void => {
    const last = said.trimEnd().split("\n").at(-1);
    failure ??= new Error(`${label} ${what}${last ? `: ${last}` : ""}`);
    wake();
  };
  createInterface({ input: child.stdout }).on("line", (line) => {
    if (!line.startsWith("{")) return;
    answers.push(line);
    wake();
  });
  child.stderr.on("data", (data) => {
    said = (said + data).slice(-4000);
  });
  child.stdin.on("error", () => {}); // it has ended; "close" says how
  child.on("error", (error) => fail(`could not be started: ${error.message}`));
  child.on("close", (status, signal) => fail(`ended with ${signal ?? `status ${status}`}`));
  return async <T>() => {
    while (answers.length === 0 && failure === undefined)
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    const answer = answers.shift();
    if (answer === undefined) throw failure;
    return JSON.parse(answer) as T;
  };
}
