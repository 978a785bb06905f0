import type { Histories } from "../data/histories";
import type { Encoder } from "./encoder";

/**
 * An encoder that reads the last `window` entries alone, as if nothing came before them: what was learned from
 * stretches of that length is then asked about stretches of that length.
 *
 * @throws when the window is not a whole number from 1.
 * @example windowedEncoder(encoder, 20).encode(histories)
 */
export function windowedEncoder(encoder: Encoder, window: number): Encoder {
  if (!(Number.isSafeInteger(window) && window >= 1))
    throw new Error(`windowedEncoder requires a window from 1, got ${window}`);
  return {
    ...encoder,
    encode: (histories) => encoder.encode(stretchesOf(histories, lastEnds(histories), window)),
    // Every position is the end of a stretch of its own.
    encodePositions: (histories) => encoder.encode(stretchesOf(histories, everyEnd(histories), window)),
  };
}

/** Ends of stretches, and the history each of them is in. */
interface Ends {
  readonly ends: Int32Array;
  readonly owners: Int32Array;
}

function lastEnds({ size, offsets }: Histories): Ends {
  return { ends: offsets.slice(1, size + 1), owners: Int32Array.from({ length: size }, (_, h) => h) };
}

function everyEnd({ size, offsets, items }: Histories): Ends {
  const owners = new Int32Array(items.length);
  for (let h = 0; h < size; h++) owners.fill(h, offsets[h], offsets[h + 1]);
  return { ends: Int32Array.from(items, (_, e) => e + 1), owners };
}

/** The stretch of at most `window` entries up to each end, as a history of its own. */
function stretchesOf(histories: Histories, { ends, owners }: Ends, window: number): Histories {
  const starts = ends.map((end, i) => Math.max(histories.offsets[owners[i]], end - window));
  const offsets = new Int32Array(ends.length + 1);
  for (let i = 0; i < ends.length; i++) offsets[i + 1] = offsets[i] + ends[i] - starts[i];
  const entries = new Int32Array(offsets[ends.length]);
  for (let i = 0; i < ends.length; i++)
    for (let e = starts[i]; e < ends[i]; e++) entries[offsets[i] + e - starts[i]] = e;
  return {
    size: ends.length,
    users: owners.map((h) => histories.users[h]),
    offsets,
    items: entries.map((e) => histories.items[e]),
    weights: Float32Array.from(entries, (e) => histories.weights[e]),
    rows: entries.map((e) => histories.rows[e]),
    ...(histories.log && { log: histories.log }),
  };
}
