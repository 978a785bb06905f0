import { createHash } from "node:crypto";
import type { Interactions } from "../data/interactions";

/** What tells one log from another, whatever it is called: 16 hexadecimal digits of its columns, ids and some words. */
export function logKey(log: Interactions, words = ""): string {
  const { users, items, weights, times, userIds, itemIds } = log;
  const hash = createHash("sha256").update(JSON.stringify([words, userIds, itemIds]));
  for (const column of [users, items, weights, times])
    hash.update(new Uint8Array(column.buffer, column.byteOffset, column.byteLength));
  return hash.digest("hex").slice(0, 16);
}
