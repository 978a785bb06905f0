import { join } from "node:path";
import { writeAtomically, writeJsonAtomically } from "../data/writeAtomically";
import type { ConfigSource } from "../settings/readConfig";
import { resolveWorldStudy } from "../settings/worldStudy";
import { worldMap } from "../studies/worldMap";
import { runWorldStudy, worldStudyCells } from "../studies/worldStudy";
import { worldStudyPage, worldStudyText } from "../studies/worldStudyText";
import { drawn } from "./experimentFigure";
import { inWorkers, serveCells, type WorkerOptions } from "./experimentWorkers";
import type { Output } from "./output";

interface Options extends Omit<WorkerOptions, "out"> {
  readonly out?: string;
  readonly json?: string;
  readonly figure: boolean;
  readonly cells?: boolean | string;
}

/** `npm run experiment` where the file names worlds: every trial that is missing, the table and the map. */
export async function inWorlds(file: ConfigSource, options: Options, output: Output): Promise<void> {
  const study = resolveWorldStudy(file, options.set);
  const folder = options.out ?? join("data", "runs", `experiment-${study.name}`);
  const request = { study, folder };
  if (options.cells) return serveCells((heard) => worldStudyCells({ ...request, ...heard }));
  const table = await runWorldStudy({
    ...request,
    ...inWorkers({ ...options, out: folder }, output),
    onProgress: (label, done, total, detail) => output.progress(label, done, total, detail),
  });
  await writeJsonAtomically(join(folder, "results.json"), table);
  if (options.json !== undefined) await writeJsonAtomically(options.json, table);
  const page = join(folder, "table.md");
  await writeAtomically(page, worldStudyPage(table));
  output.out(worldStudyText(table));
  if (options.figure && table.seeds.length > 1) output.note(await drawn(worldMap(table), folder, "map"));
  output.note(`${page} holds this page, results.json its numbers`);
}
