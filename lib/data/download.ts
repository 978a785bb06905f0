import { randomUUID } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream } from "node:stream/web";
import { isComplete, keepChecksums } from "./checksums";
import { unzip } from "./unzip";

/** No answer within this time means that the source cannot be reached. */
const answerMs = 8_000;
/** A whole file must have come within this time. */
const transferMs = 300_000;

/**
 * Downloads single files into a folder, which appears only when all are there; optional ones may be missing.
 *
 * @throws when one cannot be found; nothing is left then.
 */
export async function downloadFiles(
  source: { readonly base: string; readonly files: readonly string[]; readonly optional: readonly string[] },
  folder: string,
): Promise<void> {
  await fillFolder(folder, async (part) => {
    const got: string[] = [];
    for (const file of [...source.files, ...source.optional]) {
      try {
        await mkdir(dirname(join(part, file)), { recursive: true });
        await download(source.base + file, join(part, file));
        got.push(file);
      } catch (error) {
        if (!source.optional.includes(file)) throw error;
      }
    }
    return got;
  });
}

/** Downloads a zip archive and takes some of its files, without their folders. */
export async function downloadZip(
  source: { readonly url: string; readonly files: readonly string[] },
  folder: string,
): Promise<void> {
  await fillFolder(folder, async (part) => {
    const archive = join(part, "archive.zip");
    await download(source.url, archive);
    const files = await unzip(archive, source.files, { folder: part });
    await rm(archive);
    return files;
  });
}

/**
 * Fills a folder beside the wanted one and renames it when it is complete, so that a download that was cut off
 * never looks like data, and two downloads at once do not disturb each other.
 *
 * @param fill writes into the folder it is given and returns the names of its files
 */
export async function fillFolder(
  folder: string,
  fill: (part: string) => Promise<readonly string[]>,
): Promise<void> {
  const part = `${folder}.${randomUUID()}.part`;
  await mkdir(part, { recursive: true });
  try {
    const files = await fill(part);
    await keepChecksums(part, files);
    await rename(part, folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "ENOTEMPTY" && error.code !== "EEXIST") throw error;
      // Another process was quicker; anything else there is not ours to delete.
      if (!isComplete(folder)) throw new Error(`${folder} holds other files; move it away`);
    });
  } finally {
    await rm(part, { recursive: true, force: true });
  }
}

async function download(url: string, file: string): Promise<void> {
  const stop = new AbortController();
  let timer = setTimeout(() => stop.abort(new Error(`no answer in ${answerMs / 1000} s`)), answerMs);
  try {
    const response = await fetch(url, { signal: stop.signal });
    if (!response.ok || response.body === null) throw new Error(`${response.status} for ${url}`);
    clearTimeout(timer);
    timer = setTimeout(() => stop.abort(new Error(`not whole after ${transferMs / 1000} s`)), transferMs);
    await pipeline(Readable.fromWeb(response.body as ReadableStream), createWriteStream(file));
  } catch (error) {
    const { cause } = error as Error & { cause?: { code?: string } };
    throw cause?.code === undefined ? error : new Error(cause.code);
  } finally {
    clearTimeout(timer);
  }
}
