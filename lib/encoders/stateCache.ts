import { join } from "node:path";
import type { Histories } from "../data/histories";
import { takeHistories } from "../data/histories";
import type { Encoder } from "./encoder";
import { gigabytes, requireRoom, rowFile } from "./stateFile";

/** The states of every place in some histories, computed once. */
export interface StateCache {
  /** S */
  readonly stateSize: number;
  /** Number of entries. */
  readonly size: number;
  readonly bytes: number;
  /** [size × S], row e after entry e of the histories; absent where there is too much to hold, and a file has them. */
  readonly states?: Float32Array;
  /** [n × S], the states after some entries; zeros for entry -1, "before anything". */
  after(entries: ArrayLike<number>): Float32Array;
  /** Closes the file, where there is one. */
  dispose(): void;
}

export interface StateCacheOptions {
  /** A table in memory may take this many bytes; 2 GiB by default (4 million entries of 128 numbers). */
  readonly maximumBytes?: number;
  /** Where the file lies if there is more; data/cache by default. */
  readonly folder?: string;
  /** Histories encoded before progress is told. */
  readonly chunk?: number;
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void;
}

/** Bytes that a table of states may take in memory. */
export const statesInMemory = 2 ** 31;

/** States made at once: 512 MB of 128 numbers. */
const entriesAtOnce = 2 ** 20;

/**
 * Runs a frozen encoder once over every place of every history and keeps the states in single precision, 4·S bytes an
 * entry (512 at S = 128): in one table in memory, or beyond `maximumBytes` in a file, with the same bytes. Of the ways
 * to keep within memory this was the fastest: 512 states for an update take 1 ms from a file, 67 ms if they are
 * computed anew from their histories; half precision would hold only twice as much.
 *
 * @throws InputError when there is too little room on the disk, with both numbers and what to do.
 * @example stateCache(encoder, histories).after([-1]) // S zeros
 */
export function stateCache(
  encoder: Encoder,
  histories: Histories,
  options: StateCacheOptions = {},
): StateCache {
  const { maximumBytes = statesInMemory, folder = usualFolder, onProgress } = options;
  const { stateSize } = encoder;
  const size = histories.items.length;
  const bytes = 4 * size * stateSize;
  const file = bytes > maximumBytes ? rowFile(size, stateSize, folder) : undefined;
  const states = file === undefined ? new Float32Array(size * stateSize) : undefined;
  for (const [start, end] of chunks(histories, options.chunk ?? 2048)) {
    const indices = Int32Array.from({ length: end - start }, (_, i) => start + i);
    const some = encoder.encodePositions(takeHistories(histories, indices));
    states?.set(some, histories.offsets[start] * stateSize);
    file?.write(histories.offsets[start], some);
    onProgress?.({ done: end, total: histories.size });
  }
  const copyRow = (entry: number, into: Float32Array, at: number): void =>
    states === undefined
      ? file?.read(entry, into, at)
      : into.set(states.subarray(entry * stateSize, (entry + 1) * stateSize), at);
  return {
    stateSize,
    size,
    bytes,
    ...(states && { states }),
    after(entries) {
      const result = new Float32Array(entries.length * stateSize);
      for (let i = 0; i < entries.length; i++) {
        const entry = entries[i];
        if (!(entry >= -1 && entry < size))
          throw new Error(`stateCache.after requires entries in -1 .. ${size - 1}, got ${entry}`);
        if (entry >= 0) copyRow(entry, result, i * stateSize);
      }
      return result;
    },
    dispose: () => file?.close(),
  };
}

/** On the disk of the project: the system's temporary folder is often memory. */
const usualFolder = join("data", "cache");

/** @throws InputError when there is no room for the file of so many states. */
export function requireRoomFor(entries: number, stateSize: number): void {
  requireRoom(entries, stateSize, usualFolder);
}

/** Where the states of a log will be, when that is not a plain table in memory; undefined when it is. */
export function statesPlace(
  entries: number,
  stateSize: number,
  maximumBytes = statesInMemory,
): string | undefined {
  const bytes = 4 * entries * stateSize;
  if (bytes <= maximumBytes) return undefined;
  return `the states of ${entries.toLocaleString("en-US")} entries (${gigabytes(bytes)}) are kept in a file in ${usualFolder} while this runs, not in memory`;
}

/** Stretches of histories, at most so many and of so many entries together, but at least one. */
function* chunks(histories: Histories, most: number): Generator<readonly [start: number, end: number]> {
  for (let start = 0; start < histories.size; ) {
    let end = start + 1;
    while (
      end < histories.size &&
      end - start < most &&
      histories.offsets[end + 1] - histories.offsets[start] <= entriesAtOnce
    )
      end++;
    yield [start, end];
    start = end;
  }
}
