import { InputError } from "./inputError";
import { type NamedArrays, readArrays, writeArrays } from "./namedArrays";

/**
 * Arrays that are made once and then read from a file. One that is missing, was cut short (a full disk, a copy that was
 * stopped) or is not whole is made again.
 *
 * @example const { vectors } = await cachedArrays("data/cache/als-8415.arrays", async () => ({ vectors: make() }))
 */
export async function cachedArrays<A extends NamedArrays>(path: string, make: () => Promise<A>): Promise<A> {
  try {
    return (await readArrays(path)).arrays as A;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
  }
  const arrays = await make();
  await writeArrays(path, {}, arrays);
  return arrays;
}
