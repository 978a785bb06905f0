import { type Histories, historiesOf } from "../../data/histories";
import type { OpenRun } from "../../runs/openRun";
import { rowsOf } from "./requestRules";
import { RefusedRequest, type SlateRequest } from "./slateRequest";

/** What is known of whoever asks. */
export interface ReaderHistory {
  /** Row of the user in the run's log; -1 for somebody new. */
  readonly user: number;
  /** Item rows beyond the log's: those given, then those taken of earlier slates. */
  readonly further: readonly number[];
  /** The same for the same history. */
  readonly key: string;
  /** Entries in all. */
  readonly length: number;
}

/** Reads whose history a request asks for, and puts many of them together. */
export interface HistoryReader {
  /** @throws RefusedRequest for a user or an item that nobody knows, and for items beside a history that is there. */
  of(request: SlateRequest): ReaderHistory;
  /** The histories as an encoder reads them; further entries weigh as much as the log's largest weight. */
  histories(readers: readonly ReaderHistory[]): Histories;
}

/**
 * Whoever asks is a user of the run's log, with what was taken of slates since; or somebody new, whose history is the
 * items given, if any, and what was taken since. An item that is in the history already is not added again, unless items
 * may come again.
 */
export function historyReader({ dataset: { interactions, catalog, label }, config }: OpenRun): HistoryReader {
  const every = Int32Array.from({ length: interactions.size }, (_, row) => row);
  const log = historiesOf(interactions, every);
  const rowOfUser = new Map(interactions.userIds.map((id, row) => [id, row]));
  const placeOf = new Int32Array(interactions.userIds.length).fill(-1);
  for (let h = 0; h < log.size; h++) placeOf[log.users[h]] = h;
  const likedWeight = interactions.weights.reduce((most, weight) => Math.max(most, weight), 0);
  const own = (user: number): Int32Array => {
    const h = user < 0 ? -1 : placeOf[user];
    return h < 0 ? new Int32Array(0) : log.items.subarray(log.offsets[h], log.offsets[h + 1]);
  };
  return {
    of({ userId, items, taken = [] }) {
      const user = userId === undefined ? -1 : (rowOfUser.get(userId) ?? -1);
      if (user >= 0 && items !== undefined)
        throw new RefusedRequest(
          400,
          "items",
          `user "${userId}" is in ${label} and has a history: expected user_id alone, or items for somebody new`,
        );
      if (userId !== undefined && user < 0 && items === undefined && taken.length === 0)
        throw new RefusedRequest(
          404,
          "user_id",
          `there is no user "${userId.slice(0, 100)}" in ${label}, and no items are given`,
        );
      const given = rowsOf(catalog, items ?? [], "items");
      const since = taken.map((id) => catalog.rowOf(id)).filter((row) => row >= 0);
      const all = [...given, ...since];
      const seen = all.length > 0 && !config.repeats ? new Set(own(user)) : new Set<number>();
      const further = config.repeats ? all : [...new Set(all)].filter((row) => !seen.has(row));
      const key = `${user}:${further.join()}`;
      return { user, further, key, length: own(user).length + further.length };
    },
    histories(readers) {
      const offsets = new Int32Array(readers.length + 1);
      readers.forEach(({ length }, i) => {
        offsets[i + 1] = offsets[i] + length;
      });
      const size = offsets[readers.length];
      const items = new Int32Array(size);
      const weights = new Float32Array(size).fill(likedWeight);
      const rows = new Int32Array(size).fill(-1);
      readers.forEach(({ user, further }, i) => {
        let at = offsets[i];
        const h = user < 0 ? -1 : placeOf[user];
        if (h >= 0) {
          const [start, end] = [log.offsets[h], log.offsets[h + 1]];
          items.set(log.items.subarray(start, end), at);
          weights.set(log.weights.subarray(start, end), at);
          rows.set(log.rows.subarray(start, end), at);
          at += end - start;
        }
        items.set(further, at);
      });
      const users = Int32Array.from(readers, ({ user }) => user);
      return { size: readers.length, users, offsets, items, weights, rows, log: interactions };
    },
  };
}
