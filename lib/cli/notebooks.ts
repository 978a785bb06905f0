import { existsSync, readFileSync } from "node:fs";
import { basename, join, relative, resolve } from "node:path";
import type { Command } from "commander";
import { writeAtomically, writeJsonAtomically } from "../data/writeAtomically";
import { bookFile, withMinutes } from "./bookContents";
import { drawDiagrams } from "./drawDiagrams";
import { reportExercises } from "./exerciseReport";
import { exitWith, runCommand } from "./frame";
import { wholeNumber } from "./options";
import type { Output } from "./output";
import { type NotebookResult, notebookFiles, runNotebooks } from "./runNotebooks";
import { saveNotebooks } from "./saveNotebooks";
import { writeSummary } from "./summaryPage";

const root = resolve(__dirname, "..", "..");
const nameOf = (file: string): string => basename(file, ".ipynb");

interface Options {
  readonly save?: boolean;
  readonly exercises?: boolean;
  readonly minutes?: boolean;
  readonly fast: boolean;
  readonly dataset?: string;
  readonly full?: boolean;
  readonly timeout?: number;
  readonly json?: string;
}

/** Environment by which the notebooks of a run learn how they are to run. */
export function notebookEnvironment(options: {
  fast: boolean;
  dataset?: string;
  full?: boolean;
}): Record<string, string> {
  return {
    OFFSHELF_FAST: options.fast ? "1" : "0",
    ...(options.dataset === undefined
      ? {}
      : { OFFSHELF_DATASET: existsSync(options.dataset) ? resolve(options.dataset) : options.dataset }),
    ...(options.full === true ? { OFFSHELF_FULL: "1" } : {}),
  };
}

/** `npm run notebooks`: runs notebooks from start to end, each in a fresh kernel. */
export function describeNotebooks(command: Command, output: Output): void {
  command
    .description(
      "Runs notebooks in order; executed copies, pages and figures go to figures/latest/ (ignored by git).",
    )
    .argument("[names...]", "notebooks by number or by the beginning of their name; all by default")
    .option("--save", "rewrite the committed notebooks and pictures, if all passed")
    .option(
      "--exercises",
      'make the edits of "Try this" and say which promises hold (--save: keep their times)',
    )
    .option("--no-fast", "train at full length")
    .option(
      "--dataset <name or file>",
      "goodbooks, ml-100k, synthetic or a file of your own; by default the best there is",
    )
    .option("--full", "all readers of the dataset")
    .option("--minutes", "write how long each took into notebooks/README.md (on a quiet machine)")
    .option(
      "--timeout <seconds>",
      "how long one cell may take (default: 600, with --no-fast 3600)",
      wholeNumber(1),
    )
    .option("--json <file>", "also write how each notebook ended to a file")
    .action(async (names: string[], options: Options) => {
      const files = notebookFiles(names);
      if (files.length === 0) throw new Error("notebooks requires notebooks in notebooks/, got none");
      const env = notebookEnvironment(options);
      if (options.exercises === true) {
        const found = await reportExercises(files, output, { env, save: options.save === true });
        const broken = found.filter(({ holds }) => !holds);
        output.out(`${found.length - broken.length} of ${found.length} promises hold\n`);
        if (broken.length > 0) throw new Error(`Broken: ${broken.map(({ name }) => name).join("; ")}`);
        return;
      }
      const latest = join(root, "figures", "latest");
      const results = await runNotebooks(files, output, {
        timeout: options.timeout ?? (options.fast ? 600 : 3600),
        env,
        onResult: () => writeSummary(latest, notebookFiles().map(nameOf)),
      });
      if (options.minutes === true) {
        const page = withMinutes(readFileSync(bookFile, "utf8"), results, options.fast ? "short" : "full");
        await writeAtomically(bookFile, page);
      }
      if (options.json !== undefined) await writeJsonAtomically(options.json, { notebooks: results });
      output.out(`${summary(results)}\n`);
      if (results.some((result) => !result.passed))
        throw new Error("Nothing is saved: not all notebooks passed.");
      if (options.save === true) {
        const extra = await drawDiagrams(latest);
        const folders = { latest, figures: join(root, "figures"), notebooks: join(root, "notebooks") };
        const written = await saveNotebooks(files.map(nameOf), folders, {
          extra: [extra],
          all: notebookFiles().map(nameOf),
        });
        output.note(`saved ${written.map((path) => relative(root, path)).join(", ")}`);
      } else output.note(`figures and pages: ${relative(process.cwd(), join(latest, "index.html"))}`);
    });
}

/** One line a notebook: how it ended and how long it took. */
export function summary(results: readonly NotebookResult[]): string {
  const width = Math.max(...results.map(({ name }) => name.length));
  return results
    .map(
      ({ name, passed, seconds }) =>
        `${name.padEnd(width)}  ${passed ? "passed" : "FAILED"}  ${seconds.toFixed(1)} s`,
    )
    .join("\n");
}

if (require.main === module) exitWith(runCommand("notebooks", describeNotebooks, process.argv.slice(2)));
