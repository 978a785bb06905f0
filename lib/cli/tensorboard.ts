import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { InputError } from "../data/inputError";
import { type Describe, exitWith, runCommand } from "./frame";
import { wholeNumber } from "./options";

const home = join("data", "runs");

interface Options {
  readonly logs: string;
  readonly port: number;
  readonly host: string;
}

/** What runs TensorBoard; tests give their own. */
export interface TensorboardPlace {
  /** The Python of its environment. */
  readonly python: string;
  /** What stands before its arguments. */
  readonly program: readonly string[];
}

/** `npm run tensorboard`: TensorBoard on the curves of run folders. */
export const describeTensorboard: Describe = (command) => describeAt(placeOfSetup(), command);

export function describeAt(place: TensorboardPlace, command: Command): void {
  command
    .description(
      "Starts TensorBoard on run folders: every curve of every run, updated while they train. Ctrl-C ends it. (npm run setup -- --tensorboard installs it.)",
    )
    .option("--logs <folder>", "run folders, at any depth", home)
    .option("--port <n>", "0: any free one", wholeNumber(0), 6006)
    .option("--host <address>", "whom it listens to; this machine alone unless told", "localhost")
    .action(async ({ logs, port, host }: Options) => {
      if (!existsSync(place.python))
        throw new Error(
          "TensorBoard is not installed here: run `npm run setup -- --tensorboard` once (45 MB, a minute)",
        );
      if (!existsSync(logs))
        throw new InputError("is not there", {
          file: logs,
          expected: "run folders: npm run train makes one",
        });
      await started(place, ["--logdir", logs, "--port", String(port), "--host", host]);
    });
}

/** Runs it on this terminal until it ends; Ctrl-C, which the terminal sends to both, ends it well. */
function started({ python, program }: TensorboardPlace, args: readonly string[]): Promise<void> {
  // What it says of its own imports is nothing to whoever reads curves.
  const env = { PYTHONWARNINGS: "ignore:pkg_resources is deprecated", ...process.env };
  const child = spawn(python, [...program, ...args], { stdio: "inherit", env });
  let stopped = false;
  const stop = (signal: NodeJS.Signals): void => {
    stopped = true;
    if (signal !== "SIGINT") child.kill(signal);
  };
  process.on("SIGINT", stop).on("SIGTERM", stop);
  return new Promise<void>((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", (code, signal) =>
      code === 0 || stopped
        ? resolve()
        : reject(new Error(`TensorBoard ended with ${signal ?? `status ${code}`}`)),
    );
  }).finally(() => {
    process.off("SIGINT", stop).off("SIGTERM", stop);
  });
}

function placeOfSetup(): TensorboardPlace {
  const { python } = require("../setup/tensorboard.js") as { readonly python: string };
  return { python, program: ["-m", "tensorboard.main"] };
}

if (require.main === module) exitWith(runCommand("tensorboard", describeTensorboard, process.argv.slice(2)));
