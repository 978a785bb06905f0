import { existsSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import type { Command } from "commander";
import { writeJsonAtomically } from "../data/writeAtomically";
import { terminalTable } from "../metrics/terminalTable";
import { compareRuns, type RunComparison } from "../runs/compareRuns";
import { type ListedRun, listRuns } from "../runs/listRuns";
import { runFiles } from "../runs/runFolder";
import { runNames } from "../runs/runNames";
import { decimals, signedText } from "../runs/signedText";
import { exitWith, runCommand } from "./frame";
import type { Output } from "./output";

const home = join("data", "runs");

/** `npm run runs`: what runs there are, or two of them side by side. */
export function describeRuns(command: Command, output: Output): void {
  command
    .description(
      "Lists run folders with what each came to, the last changed first; of exactly two run folders, the settings that differ and their figures side by side.",
    )
    .argument("[folder...]", `run folders, or folders that hold some; ${home} without any`)
    .option("--json <file>", "also write it to a file")
    .action(async (folders: readonly string[], { json }: { readonly json?: string }) => {
      if (folders.length === 2 && folders.every(isRun)) {
        const comparison = await compareRuns([folders[0], folders[1]]);
        if (json !== undefined) await writeJsonAtomically(json, comparison);
        output.out(comparisonText(comparison));
        return;
      }
      if (folders.length === 0 && !existsSync(home)) {
        if (json !== undefined) await writeJsonAtomically(json, []);
        output.note(`there are no runs in ${home} yet: npm run train makes one`);
        return;
      }
      const runs = await listRuns(folders.length === 0 ? [home] : folders);
      if (json !== undefined) await writeJsonAtomically(json, runs);
      output.out(runsText(runs, Date.now()));
    });
}

function isRun(folder: string): boolean {
  return existsSync(join(folder, runFiles.config));
}

/** @param now milliseconds since 1970 */
export function runsText(runs: readonly ListedRun[], now: number): string {
  const damaged = runs.filter(({ state }) => state === "damaged");
  const above = commonFolder(runs.map(({ folder }) => folder));
  const nameOf = ({ folder }: ListedRun): string => relative(above, folder) || basename(folder);
  const lines = [
    `in ${above === "" ? "." : above}:`,
    "",
    terminalTable(
      ["run", "agent", "data", "seed", "state", "kept", "validation NDCG@10", "from step 0", "age", "size"],
      runs.map((run) => [
        nameOf(run),
        run.agent ?? "",
        shortened(run.data ?? ""),
        run.seed === undefined ? "" : String(run.seed),
        stateText(run),
        run.keptStep === undefined ? "" : String(run.keptStep),
        run.validation === undefined ? "" : decimals(run.validation.mean),
        run.fromStepZero === undefined ? "" : signedText(run.fromStepZero, decimals),
        ageText(now - run.changed),
        sizeText(run.bytes),
      ]),
    ),
    ...(damaged.length > 0 ? ["", ...damaged.map((run) => `  - ${nameOf(run)}: ${run.reason}`)] : []),
    "",
    `${runs.length} run${runs.length === 1 ? "" : "s"}, ${sizeText(runs.reduce((sum, { bytes }) => sum + bytes, 0))}; validation is where choices were made and flatters: npm run evaluate compares on test rows`,
  ];
  return `${lines.join("\n")}\n`;
}

/** The folder that all of some folders lie in. */
function commonFolder(folders: readonly string[]): string {
  let above = dirname(folders[0] ?? ".");
  while (above !== dirname(above) && !folders.every((folder) => folder.startsWith(`${above}/`)))
    above = dirname(above);
  return above;
}

function stateText({ state, step, steps, warnings }: ListedRun): string {
  if (state === "finished")
    return `finished${warnings > 0 ? `, ${warnings} warning${warnings === 1 ? "" : "s"}` : ""}`;
  if (state === "damaged") return "DAMAGED";
  const place = step === undefined ? "" : `, step ${step}${steps === undefined ? "" : ` of ${steps}`}`;
  return `${state}${place}`;
}

/** A label's first part names the data; a table has no room for its counts. */
function shortened(label: string): string {
  const [first] = label.split(/[,(]/);
  return first.length > 30 ? `${first.slice(0, 29)}…` : first.trim();
}

/** @example ageText(90_000) // "2 min" */
export function ageText(milliseconds: number): string {
  const minutes = milliseconds / 60_000;
  if (minutes < 1) return "now";
  if (minutes < 90) return `${Math.round(minutes)} min`;
  return minutes < 60 * 36 ? `${Math.round(minutes / 60)} h` : `${Math.round(minutes / 60 / 24)} d`;
}

/** @example sizeText(21_500_000) // "21.5 MB" */
export function sizeText(bytes: number): string {
  if (bytes < 1e6) return `${(bytes / 1e3).toFixed(0)} kB`;
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}

function comparisonText({ folders, settings, figures, unlike, command }: RunComparison): string {
  const names = runNames(folders);
  const shown = (value: unknown): string => (value === undefined ? "(has none)" : JSON.stringify(value));
  const lines = [
    terminalTable(
      ["", ...names],
      figures.map(({ name, values }) => [name, ...values]),
    ),
    "",
    settings.length === 0
      ? "the settings are the same"
      : terminalTable(
          ["settings that differ", ...names],
          settings.map(({ name, values }) => [name, ...values.map(shown)]),
        ),
    "",
    ...(unlike.length > 0
      ? [`not to be compared: ${unlike.join("; ")}`]
      : [
          "validation is where choices were made, and flatters; on test rows, beside the baselines:",
          `  ${command}`,
        ]),
  ];
  return `${lines.join("\n")}\n`;
}

if (require.main === module) exitWith(runCommand("runs", describeRuns, process.argv.slice(2)));
