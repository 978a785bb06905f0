import type { Interactions } from "../data/interactions";

/**
 * A log written by hand, for tests: [user, item, weight] in row order, times a day apart.
 *
 * @example smallLog(2, 3, [[0, 2, 5], [1, 0, 4]]) // two users, three items, two rows
 */
export function smallLog(
  users: number,
  items: number,
  rows: readonly (readonly [user: number, item: number, weight: number])[],
  order: Interactions["order"] = "row order",
): Interactions {
  return {
    size: rows.length,
    users: Int32Array.from(rows, ([user]) => user),
    items: Int32Array.from(rows, ([, item]) => item),
    weights: Float32Array.from(rows, ([, , weight]) => weight),
    times: Float64Array.from(rows, (_, row) => (order === "timestamp" ? row * 86400 : row)),
    userIds: Array.from({ length: users }, (_, i) => `u${i}`),
    itemIds: Array.from({ length: items }, (_, i) => `i${i}`),
    order,
    weightKind: "rating",
    extra: {},
  };
}

/** All rows of a log. */
export function allRows(interactions: Interactions): Int32Array {
  return Int32Array.from({ length: interactions.size }, (_, row) => row);
}
