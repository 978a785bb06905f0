import type { Interactions } from "./interactions";

const wholeNumber = /^(0|[1-9][0-9]*)$/;

/**
 * The order of ids everywhere: whole numbers (without leading zeros) by value, before all others; the rest by
 * code unit. Rows are numbered in this order, so "ties are broken by id" means "the smaller row wins".
 *
 * @example ["b", "10", "9", "a"].sort(compareIds) // ["9", "10", "a", "b"]
 */
export function compareIds(a: string, b: string): number {
  const [aWhole, bWhole] = [wholeNumber.test(a), wholeNumber.test(b)];
  if (aWhole !== bWhole) return aWhole ? -1 : 1;
  // Without leading zeros the longer of two whole numbers is the larger, however many digits they have.
  if (aWhole && a.length !== b.length) return a.length - b.length;
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Ids in order, each once, and the row of each. */
export interface IdRows {
  readonly ids: readonly string[];
  /** Row of an id, or -1. */
  rowOf(id: string): number;
}

/**
 * Sorts ids and numbers them.
 *
 * @throws when an id comes twice.
 * @example idRows(["10", "9"]).rowOf("10") // 1
 */
export function idRows(ids: readonly string[]): IdRows {
  const sorted = [...ids].sort(compareIds);
  const rows = new Map<string, number>();
  for (let row = 0; row < sorted.length; row++) rows.set(sorted[row], row);
  if (rows.size !== sorted.length) throw new Error("idRows requires distinct ids, got one twice");
  return { ids: sorted, rowOf: (id) => rows.get(id) ?? -1 };
}

/** Words that stand for no id: people would become one user, and things one item. */
export const noId = /^(nan|null|none|undefined|na|n\/a|unknown|anonymous|\\n|-|-1)$/i;

/** Which ids look like none, in words. */
export function missingIds({ size, users, items, userIds, itemIds }: Interactions): string[] {
  const notices: string[] = [];
  for (const [rows, ids, of] of [
    [users, userIds, "user"],
    [items, itemIds, "item"],
  ] as const)
    for (const [row, id] of ids.entries()) {
      if (!noId.test(id)) continue;
      let count = 0;
      for (let i = 0; i < size; i++) if (rows[i] === row) count++;
      const share = Math.round((100 * count) / size);
      notices.push(
        `${of} "${id}" looks like a missing id; it is kept as one ${of} with ${count.toLocaleString("en-US")} rows (${share}%)`,
      );
    }
  return notices;
}
