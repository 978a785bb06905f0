import { randomUUID } from "node:crypto";
import { rmSync } from "node:fs";
import { open, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { atEnd } from "./atEnd";
import { makeFolder, writeFailure } from "./writeFailure";

/**
 * Writes a file so that a reader sees either the old or the new one, never half of it: into a temporary name
 * in the same folder (a rename is atomic only within one file system), flushed to disk, then renamed.
 * Missing folders are made. Nothing is left behind when writing fails.
 *
 * @param options.goesAtEnd Ctrl-C in the middle leaves nothing half written behind, for files that take minutes. Not where
 *   somebody saves in spite of Ctrl-C.
 * @param content text (UTF-8), bytes, or chunks of either (for files too large for one string).
 * @throws an error that names the folder where there is no room or no permission (`writeFailure`), else what the file system throws.
 * @example await writeAtomically("data/runs/a/config.json", `${JSON.stringify(config)}\n`)
 */
export async function writeAtomically(
  path: string,
  content: string | Uint8Array | Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>,
  { goesAtEnd = false }: { readonly goesAtEnd?: boolean } = {},
): Promise<void> {
  const folder = dirname(path);
  await makeFolder(folder);
  const temporary = join(folder, `.${basename(path)}.${randomUUID()}.tmp`);
  const forget = goesAtEnd ? atEnd(() => rmSync(temporary, { force: true })) : undefined;
  try {
    const file = await open(temporary, "wx");
    try {
      if (typeof content === "string" || content instanceof Uint8Array) await file.writeFile(content);
      else for await (const chunk of content) await file.writeFile(chunk);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw writeFailure(error, folder);
  } finally {
    forget?.();
  }
}

/**
 * Writes a value as indented JSON with a final newline.
 *
 * @throws when the value holds a number that JSON cannot say (NaN, an infinity), which would turn into null.
 */
export async function writeJsonAtomically(path: string, value: unknown): Promise<void> {
  const text = JSON.stringify(
    value,
    (key, entry) => {
      if (typeof entry === "number" && !Number.isFinite(entry))
        throw new Error(`writeJsonAtomically requires finite numbers, got ${entry} at "${key}"`);
      return entry;
    },
    2,
  );
  await writeAtomically(path, `${text}\n`);
}
