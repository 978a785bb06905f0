import type { Interactions } from "./interactions";

/**
 * Every nth user, by user row (0, n, 2n, ...), with their whole histories. Items keep their rows; users are
 * numbered anew in the same order.
 *
 * @throws when n is not a whole number of at least 1.
 * @example everyNthUser(interactions, 20).userIds.length // a twentieth of the users, rounded up
 */
export function everyNthUser(interactions: Interactions, n: number): Interactions {
  if (!(Number.isInteger(n) && n >= 1))
    throw new Error(`everyNthUser requires a whole number of at least 1, got ${n}`);
  let size = 0;
  for (const user of interactions.users) if (user % n === 0) size++;
  const rows = new Int32Array(size);
  let next = 0;
  for (let row = 0; row < interactions.size; row++)
    if (interactions.users[row]! % n === 0) rows[next++] = row;
  const extra: Record<string, Float32Array> = {};
  for (const [name, values] of Object.entries(interactions.extra))
    extra[name] = Float32Array.from(rows, (row) => values[row]!);
  return {
    ...interactions,
    size,
    users: rows.map((row) => interactions.users[row]! / n),
    items: rows.map((row) => interactions.items[row]!),
    weights: Float32Array.from(rows, (row) => interactions.weights[row]!),
    times: Float64Array.from(rows, (row) => interactions.times[row]!),
    userIds: interactions.userIds.filter((_, user) => user % n === 0),
    extra,
  };
}
