import type { Histories } from "../data/histories";
import { takeHistories } from "../data/histories";
import type { Encoder } from "./encoder";

/** The states of every place in some histories, computed once. */
export interface StateCache {
  /** S */
  readonly stateSize: number;
  /** Number of entries. */
  readonly size: number;
  /** [size × S], the state after each entry; row e belongs to entry e of the histories. */
  readonly states: Float32Array;
  readonly bytes: number;
  /** [n × S], the states after some entries; zeros for entry -1, "before anything". */
  after(entries: ArrayLike<number>): Float32Array;
}

export interface StateCacheOptions {
  /** The table may take this many bytes; 1 GiB by default (2 million entries of 128 numbers). */
  readonly maximumBytes?: number;
  /** Histories encoded before progress is told. */
  readonly chunk?: number;
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void;
}

/**
 * Runs a frozen encoder once over every place of every history and keeps the states in one table of single
 * precision: 4·S bytes an entry (512 at S = 128).
 *
 * @throws when the table would take more than `maximumBytes`, with both numbers and what to do.
 * @example stateCache(encoder, histories).after([-1]) // S zeros
 */
export function stateCache(
  encoder: Encoder,
  histories: Histories,
  options: StateCacheOptions = {},
): StateCache {
  const { maximumBytes = 2 ** 30, chunk = 2048, onProgress } = options;
  const { stateSize } = encoder;
  const size = histories.items.length;
  const bytes = 4 * size * stateSize;
  if (bytes > maximumBytes)
    throw new Error(
      `stateCache requires at most ${megabytes(maximumBytes)} (maximumBytes), got ${megabytes(bytes)} for ${size} entries ` +
        `of ${stateSize} numbers; raise maximumBytes, take fewer users, or keep the last entries of each (lastOf)`,
    );
  const states = new Float32Array(size * stateSize);
  for (let start = 0; start < histories.size; start += chunk) {
    const end = Math.min(histories.size, start + chunk);
    const indices = Int32Array.from({ length: end - start }, (_, i) => start + i);
    states.set(
      encoder.encodePositions(takeHistories(histories, indices)),
      histories.offsets[start] * stateSize,
    );
    onProgress?.({ done: end, total: histories.size });
  }
  return {
    stateSize,
    size,
    states,
    bytes,
    after(entries) {
      const result = new Float32Array(entries.length * stateSize);
      for (let i = 0; i < entries.length; i++) {
        const entry = entries[i];
        if (!(entry >= -1 && entry < size))
          throw new Error(`stateCache.after requires entries in -1 .. ${size - 1}, got ${entry}`);
        if (entry >= 0)
          result.set(states.subarray(entry * stateSize, (entry + 1) * stateSize), i * stateSize);
      }
      return result;
    },
  };
}

function megabytes(bytes: number): string {
  return `${Math.ceil(bytes / 2 ** 20)} MB`;
}
