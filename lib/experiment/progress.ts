import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { writeJsonAtomically } from "../data/writeAtomically";
import type { Curve } from "./runRecord";

/** What a run has to remember beside its agent to go on as if it had never stopped. */
export interface ProgressFile {
  /** Updates made. The random streams follow from the seed and the step, so their places need no keeping. */
  readonly step: number;
  /** The best step so far and its validation NDCG; -1 before the first look. */
  readonly chosenStep: number;
  readonly chosenNdcg: number;
  readonly curves: Readonly<Record<string, Curve>>;
}

const name = "progress.json";

/** Writes into a checkpoint's folder. */
export function writeProgress(folder: string, progress: ProgressFile): Promise<void> {
  return writeJsonAtomically(join(folder, name), progress);
}

export async function readProgress(folder: string): Promise<ProgressFile> {
  return JSON.parse(await readFile(join(folder, name), "utf8")) as ProgressFile;
}
