import { compareIds } from "./ids";
import type { Interactions } from "./interactions";

/**
 * For tests: a log written down by hand, one [user row, item row, rating] a row, oldest first. Users and items are those
 * that occur and those up to a number that is told.
 *
 * @param options.order "row order" unless told; times of "timestamp" are a day apart
 * @example smallLog([[0, 2, 5], [1, 0, 3]]).itemIds // ["0", "1", "2"]
 */
export function smallLog(
  rows: readonly (readonly [user: number, item: number, rating: number])[],
  options: {
    readonly users?: number;
    readonly items?: number;
    readonly order?: Interactions["order"];
    readonly weightKind?: Interactions["weightKind"];
  } = {},
): Interactions {
  const { users = 0, items = 0, order = "row order", weightKind = "rating" } = options;
  const count = (column: 0 | 1): number => rows.reduce((most, row) => Math.max(most, row[column] + 1), 0);
  const ids = (size: number): string[] =>
    Array.from({ length: size }, (_, id) => String(id)).sort(compareIds);
  return {
    size: rows.length,
    users: Int32Array.from(rows, (row) => row[0]),
    items: Int32Array.from(rows, (row) => row[1]),
    weights: Float32Array.from(rows, (row) => row[2]),
    times: Float64Array.from(rows, (_, row) => (order === "timestamp" ? row * 86400 : row)),
    userIds: ids(Math.max(count(0), users)),
    itemIds: ids(Math.max(count(1), items)),
    order,
    weightKind,
    extra: {},
  };
}

/** All rows of a log. */
export function allRows({ size }: Interactions): Int32Array {
  return Int32Array.from({ length: size }, (_, row) => row);
}

/** The log as ids again, in its order. */
export function plain(log: Interactions): unknown[][] {
  return Array.from({ length: log.size }, (_, row) => [
    log.userIds[log.users[row]],
    log.itemIds[log.items[row]],
    log.times[row],
    log.weights[row],
  ]);
}
