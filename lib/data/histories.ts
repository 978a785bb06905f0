import type { Interactions } from "./interactions";

/**
 * Many histories, end to end: history h holds entries offsets[h] .. offsets[h + 1], oldest first.
 * `users[h]` says whose it is (a user row, or -1 for somebody not in the log).
 */
export interface Histories {
  readonly size: number;
  readonly users: Int32Array;
  /** [size + 1] */
  readonly offsets: Int32Array;
  /** [offsets[size]] item rows */
  readonly items: Int32Array;
  /** [offsets[size]] ratings or weights */
  readonly weights: Float32Array;
  /** [offsets[size]] row of each entry in the interactions it came from; -1 where it came from none. */
  readonly rows: Int32Array;
  /** The interactions that `rows` are rows of; absent where they come from none. */
  readonly log?: Interactions;
}

/**
 * Groups some rows of the log by user. Interactions are sorted by time, so ascending rows are in time order
 * and one counting sort keeps them so.
 *
 * `users` names the histories wanted, one each in that order (empty where the user has no row among `rows`);
 * by default all users who occur in `rows`, by ascending user row. Rows of other users are left out.
 *
 * @param rows rows of `interactions`, ascending.
 * @throws when rows do not ascend, or a user is named twice or does not exist.
 * @example historiesOf(interactions, split.train).size // users with at least one train row
 */
export function historiesOf(
  interactions: Interactions,
  rows: Int32Array,
  options: { readonly users?: Int32Array } = {},
): Histories {
  const userCount = interactions.userIds.length;
  const counts = new Int32Array(userCount);
  let before = -1;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i];
    if (row <= before || row >= interactions.size)
      throw new Error(`historiesOf requires ascending rows below ${interactions.size}, got ${row}`);
    before = row;
    counts[interactions.users[row]]++;
  }
  const users = options.users ?? presentUsers(counts);
  const place = new Int32Array(userCount).fill(-1);
  const offsets = new Int32Array(users.length + 1);
  users.forEach((user, h) => {
    if (!(user >= 0 && user < userCount))
      throw new Error(`historiesOf requires user rows in 0 .. ${userCount - 1}, got ${user}`);
    if (place[user] !== -1) throw new Error(`historiesOf requires each user once, got ${user} twice`);
    place[user] = h;
    offsets[h + 1] = offsets[h] + counts[user];
  });

  const next = offsets.slice();
  const size = offsets[users.length];
  const histories = {
    size: users.length,
    users: Int32Array.from(users),
    offsets,
    items: new Int32Array(size),
    weights: new Float32Array(size),
    rows: new Int32Array(size),
    log: interactions,
  };
  // Millions of rows pass here: plain loops, not callbacks.
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i];
    const h = place[interactions.users[row]];
    if (h === -1) continue;
    const entry = next[h]++;
    histories.items[entry] = interactions.items[row];
    histories.weights[entry] = interactions.weights[row];
    histories.rows[entry] = row;
  }
  return histories;
}

function presentUsers(counts: Int32Array): Int32Array {
  let size = 0;
  for (const count of counts) if (count > 0) size++;
  const users = new Int32Array(size);
  let next = 0;
  for (let user = 0; user < counts.length; user++) if (counts[user] > 0) users[next++] = user;
  return users;
}

/**
 * Histories of any users, whole, as they are asked for: the rows of each user are found once (4 bytes a row of the log), and
 * nothing else is held. For those who ask for millions of users a few at a time.
 *
 * @returns gives one history for each user row, in that order; a user may come twice
 * @example userHistories(interactions)(Int32Array.of(7, 3)).users // Int32Array [7, 3]
 */
export function userHistories(interactions: Interactions): (users: Int32Array) => Histories {
  const { size, users: userOf, userIds } = interactions;
  const starts = new Int32Array(userIds.length + 1);
  for (let row = 0; row < size; row++) starts[userOf[row] + 1]++;
  for (let user = 0; user < userIds.length; user++) starts[user + 1] += starts[user];
  const next = starts.slice();
  const rowsOf = new Int32Array(size);
  for (let row = 0; row < size; row++) rowsOf[next[userOf[row]]++] = row;
  return (users) => {
    const offsets = new Int32Array(users.length + 1);
    users.forEach((user, h) => {
      if (!(user >= 0 && user < userIds.length))
        throw new Error(`userHistories requires user rows in 0 .. ${userIds.length - 1}, got ${user}`);
      offsets[h + 1] = offsets[h] + starts[user + 1] - starts[user];
    });
    const rows = new Int32Array(offsets[users.length]);
    users.forEach((user, h) => {
      rows.set(rowsOf.subarray(starts[user], starts[user + 1]), offsets[h]);
    });
    return {
      ...{ size: users.length, users: Int32Array.from(users), offsets },
      items: rows.map((row) => interactions.items[row]),
      weights: Float32Array.from(rows, (row) => interactions.weights[row]),
      ...{ rows, log: interactions },
    };
  };
}

/**
 * One history for each list of item rows, written down by hand: for people who are not in the log, for toys and tests.
 *
 * @param options.users whose they are; -1, nobody in the log, by default
 * @param options.weights of each entry, in lists like the items, or one for all; 1 by default
 * @throws when weights or users do not fit the lists.
 * @example historiesOfLists([[3, 1], [2]]).offsets // Int32Array [0, 2, 3]
 * @example historiesOfLists([[3, 1], [2]], { weights: [[5, 4], [1]] }).weights // Float32Array [5, 4, 1]
 */
export function historiesOfLists(
  lists: readonly (readonly number[])[],
  options: {
    readonly users?: ArrayLike<number>;
    readonly weights?: number | readonly (readonly number[])[];
  } = {},
): Histories {
  const { weights = 1, users = new Int32Array(lists.length).fill(-1) } = options;
  const items = Int32Array.from(lists.flat());
  const offsets = new Int32Array(lists.length + 1);
  lists.forEach((list, h) => {
    offsets[h + 1] = offsets[h] + list.length;
    if (typeof weights !== "number" && weights[h]?.length !== list.length)
      throw new Error(
        `historiesOfLists requires ${list.length} weights in list ${h}, got ${weights[h]?.length ?? 0}`,
      );
  });
  if (users.length !== lists.length)
    throw new Error(`historiesOfLists requires ${lists.length} users, got ${users.length}`);
  return {
    size: lists.length,
    users: Int32Array.from(users),
    offsets,
    items,
    weights:
      typeof weights === "number"
        ? new Float32Array(items.length).fill(weights)
        : Float32Array.from(weights.flat()),
    rows: new Int32Array(items.length).fill(-1),
  };
}

/**
 * Some of the histories, in the order asked for (an index may come twice).
 *
 * @example takeHistories(histories, [2, 0]).users // the users of histories 2 and 0
 */
export function takeHistories(histories: Histories, indices: ArrayLike<number>): Histories {
  const starts = new Int32Array(indices.length);
  const ends = new Int32Array(indices.length);
  const users = new Int32Array(indices.length);
  for (let i = 0; i < indices.length; i++) {
    const h = indices[i];
    if (!(h >= 0 && h < histories.size))
      throw new Error(`takeHistories requires indices in 0 .. ${histories.size - 1}, got ${h}`);
    starts[i] = histories.offsets[h];
    ends[i] = histories.offsets[h + 1];
    users[i] = histories.users[h];
  }
  return pieces(histories, users, starts, ends);
}

/**
 * The last `n` entries of each history (all of it where it is shorter).
 *
 * @throws when n is not a whole number of at least 0.
 * @example lastOf(histories, 10) // what an encoder with a window of ten reads
 */
export function lastOf(histories: Histories, n: number): Histories {
  if (!(Number.isInteger(n) && n >= 0))
    throw new Error(`lastOf requires a whole number of at least 0, got ${n}`);
  const ends = histories.offsets.subarray(1);
  const starts = ends.map((end, h) => Math.max(histories.offsets[h], end - n));
  return pieces(histories, histories.users.slice(), starts, ends);
}

/** New histories whose h-th is the stretch starts[h] .. ends[h] of the given one's entries. */
function pieces(from: Histories, users: Int32Array, starts: Int32Array, ends: Int32Array): Histories {
  const size = users.length;
  const offsets = new Int32Array(size + 1);
  for (let h = 0; h < size; h++) offsets[h + 1] = offsets[h] + ends[h] - starts[h];
  const items = new Int32Array(offsets[size]);
  const weights = new Float32Array(items.length);
  const rows = new Int32Array(items.length);
  for (let h = 0; h < size; h++) {
    const [start, end, at] = [starts[h], ends[h], offsets[h]];
    items.set(from.items.subarray(start, end), at);
    weights.set(from.weights.subarray(start, end), at);
    rows.set(from.rows.subarray(start, end), at);
  }
  return { size, users, offsets, items, weights, rows, ...(from.log && { log: from.log }) };
}
