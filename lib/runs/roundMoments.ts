import type { Histories } from "../data/histories";
import type { Interactions } from "../data/interactions";

/** Rounds of a log, by the rows that users and items have in a run's data. */
export interface DatedRounds {
  /** [rounds] */
  readonly users: Int32Array;
  readonly items: Int32Array;
  /** [rounds] epoch seconds, where the log has them. */
  readonly times?: Float64Array;
  /** [rounds] ascending with time within a user, where the log has them. */
  readonly steps?: ArrayLike<number>;
}

/**
 * When each round of a log took place in a run's data: the row before which everything came before the round.
 *
 * Where both have times it is the first row that is not earlier than the round. Else a round whose item its user has
 * in the data is that row (its first: afterwards nobody would have been served it), any other comes no later than
 * the next such round of its user by step; and where nothing tells, all rows came before.
 *
 * @returns [rounds] rows of `interactions`, its size where all came before
 */
export function roundMoments(
  interactions: Interactions,
  { users, items, times, steps }: DatedRounds,
): Int32Array {
  const { size } = interactions;
  if (times !== undefined && interactions.order === "timestamp")
    return Int32Array.from(times, (time) => firstNotBefore(interactions.times, time));
  const itemCount = interactions.itemIds.length;
  const key = (user: number, item: number): number => user * itemCount + item;
  const firstRows = new Map<number, number>();
  users.forEach((user, round) => {
    firstRows.set(key(user, items[round]), size);
  });
  for (let row = size - 1; row >= 0; row--) {
    const pair = key(interactions.users[row], interactions.items[row]);
    if (firstRows.has(pair)) firstRows.set(pair, row);
  }
  const moments = Int32Array.from(users, (user, round) => firstRows.get(key(user, items[round]))!);
  if (steps === undefined) return moments;
  const latest = new Map<number, number>();
  const backwards = [...users.keys()].sort((a, b) => steps[b] - steps[a]);
  for (const round of backwards) {
    moments[round] = Math.min(moments[round], latest.get(users[round]) ?? size);
    latest.set(users[round], moments[round]);
  }
  return moments;
}

/**
 * Beginnings of histories: those entries whose rows come before a row.
 *
 * @param wanted which history, and before which row; a history may come several times
 */
export function beginnings(
  { users, offsets, items, weights, rows, log }: Histories,
  wanted: readonly { readonly history: number; readonly before: number }[],
): Histories {
  const ends = wanted.map(({ history, before }) => {
    let end = offsets[history];
    while (end < offsets[history + 1] && rows[end] < before) end++;
    return end;
  });
  const ofEach = wanted.map(({ history }, i) => [offsets[history], ends[i]] as const);
  const made = new Int32Array(wanted.length + 1);
  for (const [i, [start, end]] of ofEach.entries()) made[i + 1] = made[i] + end - start;
  const total = made[wanted.length];
  const begun = {
    size: wanted.length,
    users: Int32Array.from(wanted, ({ history }) => users[history]),
    offsets: made,
    ...{ items: new Int32Array(total), weights: new Float32Array(total), rows: new Int32Array(total) },
    ...(log && { log }),
  };
  for (const [i, [start, end]] of ofEach.entries()) {
    begun.items.set(items.subarray(start, end), made[i]);
    begun.weights.set(weights.subarray(start, end), made[i]);
    begun.rows.set(rows.subarray(start, end), made[i]);
  }
  return begun;
}

/** The first place of ascending times that is not before a time. */
function firstNotBefore(times: Float64Array, time: number): number {
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle] < time) low = middle + 1;
    else high = middle;
  }
  return low;
}
