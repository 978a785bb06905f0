import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { InputError } from "../data/inputError";
import { readArrays } from "../data/namedArrays";
import { writeJsonAtomically } from "../data/writeAtomically";
import { type CodeVersion, codeVersion } from "./codeVersion";

/** The file of a checkpoint that says what the others are. */
export const manifestFile = "manifest.json";

/** What stands in a checkpoint's manifest beside its parts. */
export interface CheckpointNotes {
  readonly step: number;
  /** Every random stream follows from the seed and a name: these are the next ones that are drawn from. */
  readonly generators: { readonly seed: number; readonly next: string };
  /** Where replay goes on, and how it draws. Priorities are a part of their own. */
  readonly replay: { readonly kind: string; readonly cursor: number; readonly batchSize: number };
}

/** Whether a checkpoint has one. A run none of whose checkpoints has one was made by a version that wrote none. */
export const hasManifest = ({ folder }: { readonly folder: string }): boolean =>
  existsSync(join(folder, manifestFile));

interface Part {
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
}

export interface Manifest extends CheckpointNotes {
  readonly format: 1;
  readonly versions: CodeVersion;
  /** Every file of the checkpoint but this one. Networks, their targets and the optimisers' moments are in agent.arrays. */
  readonly parts: readonly Part[];
}

/** Writes down every file that stands in a checkpoint's folder. Called when all of them are written. */
export async function writeManifest(folder: string, notes: CheckpointNotes): Promise<void> {
  const manifest: Manifest = { format: 1, ...notes, versions: codeVersion(), parts: await partsOf(folder) };
  await writeJsonAtomically(join(folder, manifestFile), manifest);
}

async function partsOf(folder: string): Promise<Part[]> {
  const names = (await readdir(folder, { recursive: true })).sort();
  const parts: Part[] = [];
  for (const name of names) {
    const path = join(folder, name);
    if (name !== manifestFile && (await stat(path)).isFile())
      parts.push({ name, ...printOf(await readFile(path)) });
  }
  return parts;
}

function printOf(bytes: Uint8Array): Omit<Part, "name"> {
  return { bytes: bytes.length, sha256: createHash("sha256").update(bytes).digest("hex") };
}

/**
 * Refuses a checkpoint that is not the one that was written, naming the file, what is wrong with it and what can be done.
 *
 * @param options.isOld it comes from a version that wrote no manifests: its arrays are checked by their own sums
 * @throws InputError
 */
export async function checkCheckpoint(
  folder: string,
  { isOld = false }: { readonly isOld?: boolean } = {},
): Promise<void> {
  const path = join(folder, manifestFile);
  if (isOld) {
    for (const name of await readdir(folder))
      if (name.endsWith(".arrays")) await readArrays(join(folder, name));
    return;
  }
  const { parts } = await readManifest(path);
  for (const { name, bytes, sha256 } of parts) {
    const file = join(folder, name);
    if (!existsSync(file)) throw damaged(file, "is missing");
    const found = printOf(await readFile(file));
    if (found.bytes !== bytes) throw damaged(file, `has ${found.bytes} bytes instead of ${bytes}`);
    if (found.sha256 !== sha256) throw damaged(file, "holds other bytes than were written");
  }
}

async function readManifest(path: string): Promise<Manifest> {
  if (!existsSync(path)) throw damaged(path, "is missing");
  try {
    const manifest = JSON.parse(await readFile(path, "utf8")) as Manifest;
    if (manifest.format === 1 && Array.isArray(manifest.parts)) return manifest;
  } catch {
    // not even JSON
  }
  throw damaged(path, "is not a manifest of format 1");
}

function damaged(file: string, what: string): InputError {
  return new InputError(what, {
    file,
    expected:
      "the file that was written: bring it back from a copy, or let npm run train -- --resume go on without it",
  });
}
