import { join } from "node:path";
import { cachedArrays } from "../data/cachedArrays";
import { fingerprint } from "../data/fingerprint";
import type { Histories } from "../data/histories";

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
  const { name, histories, settings } = recipe;
  const key = fingerprint([settings, histories.offsets, histories.items, histories.weights]);
  const { vectors } = await cachedArrays(join(folder, `${name}-${key}.arrays`), async () => ({
    vectors: await make(),
  }));
  return vectors;
}
