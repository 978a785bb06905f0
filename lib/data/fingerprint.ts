import { createHash } from "node:crypto";
import type { Interactions } from "./interactions";

/** What a fingerprint may be taken of: numbers in columns, or anything that JSON can say. */
export type Printed = ArrayBufferView | string | number | boolean | null | undefined | object;

/**
 * The start of the SHA-256 of some values, in hexadecimal digits: one name for the same data and settings, whatever the
 * order in which keys were written. Columns count with their length, so that two of them cannot swap numbers.
 *
 * @param digits 16 by default: enough for names of files that never meet more than some millions of others
 * @example fingerprint([{ b: 1, a: 2 }]) === fingerprint([{ a: 2, b: 1 }]) // true
 */
export function fingerprint(values: readonly Printed[], digits = 16): string {
  const hash = createHash("sha256");
  for (const value of values)
    if (ArrayBuffer.isView(value))
      hash
        .update(`${value.byteLength}:`)
        .update(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
    else hash.update(`${JSON.stringify(value, inOrder) ?? "undefined"}\n`);
  return hash.digest("hex").slice(0, digits);
}

/** JSON.stringify's replacer that sorts the keys of plain objects. */
function inOrder(_key: string, value: unknown): unknown {
  return value !== null && typeof value === "object" && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value;
}

/** What tells one log from another, whatever it is called: its columns and ids, and what stands beside them. */
export function logFingerprint(log: Interactions, ...beside: readonly Printed[]): string {
  const { users, items, weights, times, userIds, itemIds } = log;
  return fingerprint([beside, userIds, itemIds, users, items, weights, times]);
}
