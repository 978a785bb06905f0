import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Histories } from "../data/histories";
import { writeAtomically } from "../data/writeAtomically";

/** What a set of item vectors depends on. */
export interface VectorRecipe {
  /** Short name, part of the file's name: letters, digits and dashes. */
  readonly name: string;
  /** What they are learned from. */
  readonly histories: Histories;
  /** All settings, seed included. */
  readonly settings: object;
}

/**
 * Item vectors made once for everybody: read where the same rows and settings have given vectors before, else
 * made and kept. The file's name holds a hash of rows and settings, so that other data never gets them.
 *
 * @param folder where they are kept, `data/cache` by default
 * @example await cachedVectors({ name: "als", histories, settings: { seed } }, () => implicitAls(...).itemVectors)
 */
export async function cachedVectors(
  recipe: VectorRecipe,
  make: () => Float32Array | Promise<Float32Array>,
  { folder = join("data", "cache") }: { readonly folder?: string } = {},
): Promise<Float32Array> {
  if (!/^[a-z0-9-]+$/.test(recipe.name))
    throw new Error(
      `cachedVectors requires a name of small letters, digits and dashes, got "${recipe.name}"`,
    );
  const path = join(folder, `${recipe.name}-${keyOf(recipe)}.f32`);
  if (existsSync(path)) {
    const bytes = await readFile(path);
    return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
  }
  const vectors = await make();
  await writeAtomically(path, new Uint8Array(vectors.buffer, vectors.byteOffset, vectors.byteLength));
  return vectors;
}

function keyOf({ histories, settings }: VectorRecipe): string {
  const hash = createHash("sha256").update(JSON.stringify(settings));
  for (const column of [histories.offsets, histories.items, histories.weights])
    hash.update(new Uint8Array(column.buffer, column.byteOffset, column.byteLength));
  return hash.digest("hex").slice(0, 16);
}
