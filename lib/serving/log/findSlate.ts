import { type FileHandle, open } from "node:fs/promises";
import type { ServedSlate } from "../servingLog";
import { logFileNumbers, logFileOf } from "./logFiles";
import { entryOf, slateStart } from "./logLines";
import type { SlatePlace } from "./slateIds";

/**
 * How far behind its id's place a slate's line may stand: what other requests write while one is answered. A longer search
 * would be for a slate that was lost with a service that was killed.
 */
export const searchReach = 32 << 20;

/** Most lines stand in the first piece. */
const pieces = { first: 1 << 15, further: 1 << 20 };

/**
 * The slate of an id, from the files of its log.
 *
 * @param place what the id says, see `slateIds`
 */
export async function findSlate(
  folder: string,
  slateId: string,
  place: SlatePlace,
): Promise<ServedSlate | undefined> {
  const wanted = Buffer.from(slateStart(slateId));
  let left = searchReach;
  for (const number of await logFileNumbers(folder)) {
    if (number < place.file || left <= 0) continue;
    const handle = await open(logFileOf(folder, number), "r");
    try {
      const from = number === place.file ? place.offset : 0;
      const found = await lineFrom(handle, { wanted, from, most: left });
      if (found.line !== undefined) {
        const entry = entryOf(found.line);
        if (typeof entry === "object" && entry.type === "slate") return entry.slate;
      }
      left -= found.read;
    } finally {
      await handle.close();
    }
  }
  return undefined;
}

/** The first line of a file that begins so. */
async function lineFrom(
  handle: FileHandle,
  { wanted, from, most }: { readonly wanted: Buffer; readonly from: number; readonly most: number },
): Promise<{ readonly line?: string; readonly read: number }> {
  let kept: Buffer = Buffer.alloc(0);
  let read = 0;
  for (let size = pieces.first; read < most; size = pieces.further) {
    const { buffer, bytesRead } = await handle.read(Buffer.allocUnsafe(size), 0, size, from + read);
    if (bytesRead === 0) break;
    read += bytesRead;
    kept = Buffer.concat([kept, buffer.subarray(0, bytesRead)]);
    const start = kept.indexOf(wanted);
    const end = start < 0 ? -1 : kept.indexOf(10, start);
    if (end >= 0) return { line: kept.toString("utf8", start, end), read };
    // A line may reach into the next piece, or its beginning may.
    kept = kept.subarray(start >= 0 ? start : Math.max(0, kept.length - wanted.length));
  }
  return { read };
}
