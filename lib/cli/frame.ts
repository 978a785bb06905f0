import { Command, CommanderError } from "commander";
import { InputError } from "../data/inputError";
import { Stopped, stopSignals } from "../runs/stopped";
import { type Output, processOutput } from "./output";
import { placePaths } from "./placePaths";

/** 0: done. 1: the run failed. 2: bad input or usage. 130 and 143: stopped by Ctrl-C or SIGTERM, and saved. */
export type ExitStatus = 0 | 1 | 2 | 130 | 143;

/** Adds the options and the action of one command to an empty `Command`. */
export type Describe = (command: Command, output: Output) => void;

/**
 * The same frame for every command: parses `argv` (without node and file), runs the action, turns whatever
 * is thrown into one line on stderr and an exit status. Stack traces appear only with OFFSHELF_DEBUG=1.
 *
 * @example await runCommand("metrics", describeMetrics, ["--help"]) // 0
 */
export async function runCommand(
  name: string,
  describe: Describe,
  argv: readonly string[],
  output: Output = processOutput(),
): Promise<ExitStatus> {
  const command = new Command(`npm run -s ${name} --`)
    .exitOverride()
    .allowExcessArguments(false)
    .showHelpAfterError(`(npm run -s ${name} -- --help shows every option)`)
    .configureOutput({
      writeOut: (text) => output.out(text),
      writeErr: (text) => output.note(text.trimEnd()),
    });
  try {
    describe(command, output);
    command.hook("preAction", (_, action) => placePaths(action));
    await command.parseAsync([...argv], { from: "user" });
    output.settle();
    return 0;
  } catch (error) {
    output.settle();
    return statusOf(error, output);
  }
}

function statusOf(error: unknown, output: Output): ExitStatus {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2; // commander has printed it
  const problem = error instanceof Error ? error : new Error(String(error));
  if (process.env.OFFSHELF_DEBUG === "1") output.note(problem.stack ?? problem.message);
  else output.note(problem.message);
  if (problem instanceof Stopped) return stopSignals[problem.signal];
  return problem instanceof InputError ? 2 : 1;
}

/** Ends the process with a command's status once its streams are empty. Called where a file is the main module. */
export function exitWith(status: Promise<ExitStatus>): void {
  for (const stream of [process.stdout, process.stderr])
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EPIPE") process.exit(0); // `| head` has read enough
      throw error;
    });
  status.then(
    (code) => {
      process.exitCode = code;
    },
    (error) => {
      console.error(error);
      process.exitCode = 1;
    },
  );
}
