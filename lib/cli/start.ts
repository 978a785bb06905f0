import { mkdirSync, watch } from "node:fs";
import { rm } from "node:fs/promises";
import { basename, join, relative, resolve } from "node:path";
import type { Command } from "commander";
import { datasetNames } from "../data/datasets";
import { bestAvailableDataset } from "../data/openDataset";
import { terminalTable } from "../metrics/terminalTable";
import { type Results, readResults, resultsFile } from "../studies/resultsFile";
import { bookContents, whatIsComing } from "./bookContents";
import { exitWith, runCommand } from "./frame";
import { notebookEnvironment } from "./notebooks";
import type { Output } from "./output";
import { type NotebookResult, notebookFiles, runNotebooks } from "./runNotebooks";
import { writeSummary } from "./summaryPage";

const root = resolve(__dirname, "..", "..");

interface Options {
  readonly dataset?: string;
  readonly full?: boolean;
}

/** `npm start`, after set-up: every notebook once, on the best data there is, and what came of it. */
export function describeStart(command: Command, output: Output): void {
  command
    .description("Runs the notebooks in order on real data and shows what came of it.")
    .option(
      "--dataset <name>",
      `one of ${datasetNames.join(", ")}, or a file of your own; by default the best there is`,
    )
    .option("--full", "all readers of the dataset, and training at full length (hours)")
    .action(async ({ dataset: wanted, full = false }: Options) => {
      const begun = process.hrtime.bigint();
      const dataset = await bestAvailableDataset({
        root,
        full,
        ...(wanted === undefined ? {} : { wanted }),
        onNotice: (notice) => output.note(notice),
      });
      const latest = join(root, "figures", "latest");
      await rm(resultsFile(latest), { force: true }); // a table of an earlier run must not pass for this one's
      const files = notebookFiles();
      const env = notebookEnvironment({
        fast: !full,
        full,
        dataset: wanted !== undefined && dataset.name === basename(wanted) ? wanted : dataset.name,
      });
      const names = files.map((file) => basename(file, ".ipynb"));
      output.note(whatIsComing(names, bookContents(), full ? "full" : "short"));
      output.note(`what is done so far: ${shownPath(join(latest, "index.html"))}`);
      const finished: string[] = [];
      const unwatch = nameFirstPicture(latest, (picture) => {
        const seconds = Number(process.hrtime.bigint() - begun) / 1e9;
        output.note(`first figure after ${seconds.toFixed(0)} s: ${shownPath(picture)}`);
      });
      const results = await runNotebooks(files, output, {
        out: latest,
        env,
        onResult({ name }) {
          finished.push(name);
          return writeSummary(latest, finished);
        },
        ...(full ? { timeout: 6 * 3600 } : {}),
      });
      unwatch();
      output.settle();
      const table = await readResults(resultsFile(latest));
      if (table !== undefined) output.out(`${tableOf(table)}\n`);
      output.out(closingWords(results, latest, Number(process.hrtime.bigint() - begun) / 1e9));
      const failed = results.filter(({ passed }) => !passed);
      if (failed.length > 0)
        throw new Error(
          `${failed.length} of ${results.length} notebooks failed: ${failed.map(({ name }) => name).join(", ")}`,
        );
    });
}

/** The result table as the notebooks left it. */
export function tableOf({ dataset, users, k, fast, rows }: Results): string {
  const head = [
    "method",
    `NDCG@${k}`,
    "95%",
    `Recall@${k}`,
    `HR@${k}`,
    `MRR@${k}`,
    `coverage@${k}`,
    "reference",
  ];
  const lines = rows.map((row) => [
    row.name,
    row.ndcg.toFixed(4),
    `${row.lower.toFixed(4)} to ${row.upper.toFixed(4)}`,
    ...[row.recall, row.hitRate, row.mrr, row.coverage].map((value) => value.toFixed(4)),
    row.reference === undefined ? "" : row.reference.toFixed(4),
  ]);
  const stamp = `${dataset}; ${users.toLocaleString("en-US")} test users${fast ? "; short training" : ""}`;
  return `\n${stamp}\n\n${terminalTable(head, lines)}\n\nreference: NDCG@${k} of the same method in another implementation\n`;
}

const shownPath = (path: string): string => relative(process.cwd(), path) || path;

/** Tells once when the first picture of a run is there. @returns what ends the waiting */
function nameFirstPicture(folder: string, tell: (path: string) => void): () => void {
  mkdirSync(folder, { recursive: true });
  const watcher = watch(folder, (_, file) => {
    if (file === null || !/^[^.][^/]*\.png$/.test(file)) return;
    watcher.close();
    tell(join(folder, file));
  });
  watcher.unref();
  watcher.on("error", () => watcher.close()); // a folder that cannot be watched stops nothing
  return () => watcher.close();
}

function closingWords(results: readonly NotebookResult[], latest: string, seconds: number): string {
  const passed = results.filter((result) => result.passed).length;
  const time = `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
  return [
    `${passed} of ${results.length} notebooks passed in ${time}`,
    `every figure, page and result: ${shownPath(join(latest, "index.html"))}`,
    "next: npm run lab        (opens the notebooks in JupyterLab; change a cell and run it)",
    "      npm run train -- --help",
    "",
  ].join("\n");
}

if (require.main === module) exitWith(runCommand("start", describeStart, process.argv.slice(2)));
