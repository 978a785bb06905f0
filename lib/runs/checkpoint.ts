import { mkdir, open, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { arrayOf, readArrays, writeArrays } from "../data/namedArrays";
import { makeFolder, writeFailure } from "../data/writeFailure";
import type { ValidatedStep } from "./keptStep";
import { type CheckpointNotes, writeManifest } from "./manifest";
import type { Curve } from "./runRecord";

/** A whole checkpoint on disk. */
export interface Checkpoint {
  /** Updates made when it was written. */
  readonly step: number;
  readonly folder: string;
}

const pattern = /^step-(\d{9})$/;

/**
 * Writes one checkpoint as a folder `step-NNNNNNNNN`: everything goes into a folder of another name first,
 * which is renamed when it is complete. A run killed at any moment therefore leaves whole checkpoints only,
 * and what it was writing is cleared away by the next one. One that cannot be written leaves those before it as they were.
 *
 * @param write fills the folder it is given
 * @param notes what the manifest says beside the files and their sums; without them there is no manifest
 */
export async function writeCheckpoint(
  root: string,
  step: number,
  write: (folder: string) => Promise<void>,
  notes?: CheckpointNotes,
): Promise<Checkpoint> {
  const name = `step-${String(step).padStart(9, "0")}`;
  const temporary = join(root, `.${name}`);
  const folder = join(root, name);
  try {
    await makeFolder(root);
    for (const left of await readdir(root))
      if (left.startsWith(".step-")) await rm(join(root, left), { recursive: true, force: true });
    await mkdir(temporary);
    await write(temporary);
    if (notes) await writeManifest(temporary, notes);
    await flush(temporary);
    await rm(folder, { recursive: true, force: true }); // an equal one, of the same step of the same run, or a damaged one
    await rename(temporary, folder);
    await flush(root);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true }).catch(() => {}); // gives its room back
    throw writeFailure(error, root);
  }
  return { step, folder };
}

/** The whole checkpoints of a run, by ascending step. */
export async function checkpoints(root: string): Promise<Checkpoint[]> {
  let names: string[];
  try {
    names = await readdir(root);
  } catch {
    return [];
  }
  return names
    .filter((name) => pattern.test(name))
    .map((name) => ({ step: Number(pattern.exec(name)![1]), folder: join(root, name) }))
    .sort((a, b) => a.step - b.step);
}

/** Removes every checkpoint but those of the given steps and the newest. */
export async function dropCheckpoints(root: string, keep: ReadonlySet<number>): Promise<void> {
  const all = await checkpoints(root);
  for (const { step, folder } of all.slice(0, -1))
    if (!keep.has(step)) await rm(folder, { recursive: true, force: true });
}

/** Asks the file system to make a folder's entries durable. Not every platform lets folders be opened. */
async function flush(folder: string): Promise<void> {
  try {
    const handle = await open(folder, "r");
    await handle.sync();
    await handle.close();
  } catch {
    // What can be done has been done: the rename itself stays atomic.
  }
}

/** What a run has to remember beside its agent to go on as if it had never stopped. */
export interface Progress {
  /** Updates made. The random streams follow from the seed and the step, so their places need no keeping. */
  readonly step: number;
  readonly curves: Readonly<Record<string, Curve>>;
  /** Every validation so far, step 0 first: what the step to keep is chosen by. */
  readonly validations: readonly ValidatedStep[];
}

type About = Pick<ValidatedStep, "step" | "learned" | "alarm">;

interface Header extends Pick<Progress, "step" | "curves"> {
  readonly validations: readonly About[];
}

const fileIn = (folder: string): string => join(folder, "progress.arrays");
const nameOf = (step: number): string => `step ${step}`;

/** Writes into a checkpoint's folder: steps and curves, and each user's NDCG at each validation, to the last bit. */
export async function writeProgress(folder: string, { step, curves, validations }: Progress): Promise<void> {
  const about = validations.map(({ step, learned, alarm }): About => ({ step, learned, alarm }));
  const header: Header = { step, curves, validations: about };
  const arrays = Object.fromEntries(validations.map(({ step, ndcg }) => [nameOf(step), ndcg]));
  await writeArrays(fileIn(folder), header, arrays);
}

/** @throws InputError when the file is missing or is not the one that was written. */
export async function readProgress(folder: string): Promise<Progress> {
  const { header, arrays } = await readArrays<Header>(fileIn(folder));
  const validations = header.validations.map((about) => ({
    ...about,
    ndcg: arrayOf(arrays, nameOf(about.step), Float64Array, fileIn(folder)),
  }));
  return { ...header, validations };
}
