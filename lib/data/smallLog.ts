import { compareIds } from "./ids";
import type { Interactions } from "./interactions";

/**
 * A log written down by hand: one [user row, item row, rating] a row, in time order (row order). For tests and
 * toy examples in notebooks.
 *
 * @example smallLog([[0, 2, 5], [1, 0, 3]]).itemIds // ["0", "1", "2"]
 */
export function smallLog(
  rows: readonly (readonly [user: number, item: number, rating: number])[],
  options: { readonly weightKind?: "rating" | "weight"; readonly items?: number } = {},
): Interactions {
  const count = (column: 0 | 1): number => rows.reduce((most, row) => Math.max(most, row[column] + 1), 0);
  const ids = (size: number): string[] =>
    Array.from({ length: size }, (_, id) => String(id)).sort(compareIds);
  return {
    size: rows.length,
    users: Int32Array.from(rows, (row) => row[0]),
    items: Int32Array.from(rows, (row) => row[1]),
    weights: Float32Array.from(rows, (row) => row[2]),
    times: Float64Array.from(rows, (_, row) => row),
    userIds: ids(count(0)),
    itemIds: ids(Math.max(count(1), options.items ?? 0)),
    order: "row order",
    weightKind: options.weightKind ?? "rating",
    extra: {},
  };
}
