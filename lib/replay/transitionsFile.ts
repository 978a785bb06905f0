import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { writeAtomically, writeJsonAtomically } from "../data/writeAtomically";
import type { Transitions } from "./transitions";

const kinds = {
  stateTable: Float32Array,
  actionTable: Float32Array,
  stateRows: Int32Array,
  nextStateRows: Int32Array,
  itemRows: Int32Array,
  rewards: Float32Array,
  terminals: Uint8Array,
  returns: Float32Array,
  seenItems: Int32Array,
  seenWeights: Float32Array,
  seenStarts: Int32Array,
  seenEnds: Int32Array,
} as const;
type ColumnName = keyof typeof kinds;
type Columns = Partial<Record<ColumnName, Float32Array | Int32Array | Uint8Array>>;

/** The text half: sizes, and a hash of each column there is. */
interface TransitionsFile {
  readonly size: number;
  readonly stateSize: number;
  readonly actionSize: number;
  readonly sha256: Partial<Record<ColumnName, string>>;
}

/** Writes transitions into a folder: one binary file a column, and transitions.json last. */
export async function saveTransitions(folder: string, transitions: Transitions): Promise<void> {
  const { size, stateSize, actionSize, seen, ...rest } = transitions;
  const columns: Columns = seen
    ? {
        ...rest,
        seenItems: seen.items,
        seenWeights: seen.weights,
        seenStarts: seen.starts,
        seenEnds: seen.ends,
      }
    : rest;
  const sha256: Partial<Record<ColumnName, string>> = {};
  for (const [name, values] of Object.entries(columns) as [ColumnName, Float32Array][]) {
    const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
    sha256[name] = createHash("sha256").update(bytes).digest("hex");
    await writeAtomically(join(folder, `${name}.bin`), bytes);
  }
  const about: TransitionsFile = { size, stateSize, actionSize, sha256 };
  await writeJsonAtomically(join(folder, "transitions.json"), about);
}

/**
 * Transitions that a buffer's `save` wrote.
 * @throws when a file is missing or is not the one that was written.
 */
export async function readTransitions(folder: string): Promise<Transitions> {
  const text = await readFile(join(folder, "transitions.json"), "utf8");
  const { sha256, ...sizes } = JSON.parse(text) as TransitionsFile;
  const read: Columns = {};
  for (const name of Object.keys(sha256) as ColumnName[]) {
    const bytes = new Uint8Array(await readFile(join(folder, `${name}.bin`)));
    if (createHash("sha256").update(bytes).digest("hex") !== sha256[name])
      throw new Error(
        `readTransitions requires the ${name}.bin that was written, got other bytes in ${folder}`,
      );
    read[name] = new kinds[name](bytes.buffer);
  }
  const { seenItems: items, seenWeights: weights, seenStarts: starts, seenEnds: ends, ...columns } = read;
  return {
    ...sizes,
    ...columns,
    ...(items ? { seen: { items, weights, starts, ends } } : {}),
  } as Transitions;
}
