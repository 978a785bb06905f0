import { type LoggedRounds, loggedRounds } from "../bandit/loggedRounds";
import { type LoggedSlates, loggedSlates } from "./slateRounds";

/** Where the rows of a log belong. */
export interface SlatePlaces {
  /** [n] whose slate a row is part of, from 0; numbers may be left out. */
  readonly slates: Int32Array;
  /** [n] from 0 in every slate, or from 1 in every slate. */
  readonly positions: Int32Array;
}

/**
 * Slates of rows in any order.
 *
 * @returns the slates, by their numbers, and which row each slot was
 * @throws when a position is missing or there twice: what is above a slot must be known.
 * @example slatesOfRows(rows, { slates: Int32Array.of(1, 0, 1), positions: Int32Array.of(2, 1, 1) }).order // [1, 2, 0]
 */
export function slatesOfRows(
  rows: LoggedRounds,
  { slates, positions }: SlatePlaces,
): { readonly slates: LoggedSlates; readonly order: Int32Array } {
  const { size } = rows;
  if (slates.length !== size || positions.length !== size)
    throw new Error(
      `slatesOfRows requires slates and positions of ${size} rows, got ${slates.length} and ${positions.length}`,
    );
  const order = Int32Array.from({ length: size }, (_, i) => i).sort(
    (a, b) => slates[a] - slates[b] || positions[a] - positions[b] || a - b,
  );
  const first = positions.reduce((least, position) => Math.min(least, position), Number.POSITIVE_INFINITY);
  if (first !== 0 && first !== 1)
    throw new Error(`slatesOfRows requires positions from 0 or from 1, got ${first}`);
  const starts: number[] = [];
  order.forEach((row, i) => {
    if (i === 0 || slates[row] !== slates[order[i - 1]]) starts.push(i);
    const expected = first + i - starts[starts.length - 1];
    if (positions[row] !== expected)
      throw new Error(
        `slatesOfRows requires each position once: ${expected} in slate ${slates[row]}, got ${positions[row]} in row ${row + 1}`,
      );
  });
  const taken = (column: Float64Array): Float64Array => Float64Array.from(order, (row) => column[row]);
  const { model, users, unsupported } = rows;
  const slots = loggedRounds({
    rewards: taken(rows.rewards),
    propensities: taken(rows.propensities),
    targetProbabilities: taken(rows.targetProbabilities),
    provenance: rows.provenance,
    ...(model && { model: { logged: taken(model.logged), expected: taken(model.expected) } }),
    ...(users && { users: Int32Array.from(order, (row) => users[row]) }),
    ...(unsupported && { unsupported: taken(unsupported) }),
  });
  return { slates: loggedSlates(slots, Int32Array.from([...starts, size])), order };
}
