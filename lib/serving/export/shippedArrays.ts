import { InputError } from "../../data/inputError";
import type { NamedArrays } from "../../data/namedArrays";
import type { ShippedFile } from "./unpack";

export { arrayOf } from "../../data/arrayOf";

/**
 * Stands for data/namedArrays.ts in the reader's browser: the same names, but files are those that the page brought, so
 * that models and agents load by the code that loads them on the server.
 */

let files: ReadonlyMap<string, ShippedFile> = new Map();

/** Says what `readArrays` finds, by path without its ending. */
export function useFiles(shipped: ReadonlyMap<string, ShippedFile>): void {
  files = shipped;
}

/** What a file held when it was shipped; `next-item/next-item.arrays` and `agent/agent.arrays` by their folders. */
export async function readArrays<H = Record<string, unknown>>(
  path: string,
): Promise<{ readonly header: H; readonly arrays: NamedArrays }> {
  const file = files.get(path.replace(/\/.*$/, ""));
  if (file === undefined)
    throw new InputError("is not among the page's data", { file: path, expected: "one of the export" });
  return { header: file.header as H, arrays: file.arrays };
}

export async function writeArrays(path: string): Promise<void> {
  throw new Error(`${path} cannot be written: a page has no files`);
}
