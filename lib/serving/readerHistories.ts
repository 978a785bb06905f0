import { findSlate } from "./log/findSlate";
import { logFileNumbers, logKeyOf } from "./log/logFiles";
import { readServingLog } from "./log/readServingLog";
import { slateIds } from "./log/slateIds";
import type { Feedback, ServedSlate } from "./servingLog";

/** What users took of the slates that a service showed them, whether or not a run's data knows them. */
export interface ReaderHistories {
  /** Item ids in the order in which they were taken; its length is what a slate is logged with as `grown`. */
  historyOf(userId: string): readonly string[];
  /** Takes in feedback of kind "taken" on a slate of a user; other feedback changes nothing. One that is sent again counts once. */
  note(slate: Pick<ServedSlate, "slateId" | "userId">, feedback: Feedback): void;
}

/** Slates whose users are remembered while a log is read: feedback mostly comes soon. */
const remembered = 50_000;

/** Histories of users of whom nothing is known yet. */
export function growingHistories(): ReaderHistories {
  const taken = new Map<string, { readonly items: string[]; readonly slates: string[] }>();
  return {
    historyOf: (userId) => taken.get(userId)?.items ?? [],
    note({ slateId, userId }, { itemId, kind }) {
      if (kind !== "taken" || userId === undefined) return;
      const own = taken.get(userId) ?? { items: [], slates: [] };
      taken.set(userId, own);
      for (let at = own.items.length - 1; at >= 0; at--)
        if (own.slates[at] === slateId && own.items[at] === itemId) return;
      own.items.push(itemId);
      own.slates.push(slateId);
    },
  };
}

/**
 * The histories that a service's log tells, in the order of its feedback. The log is read as a stream; what is kept is what was
 * taken.
 *
 * @param folder a log's folder; none, or an empty one, gives empty histories
 * @example (await readerHistories("data/served")).historyOf("58") // ["12", "7"]
 */
export async function readerHistories(folder: string): Promise<ReaderHistories> {
  const histories = growingHistories();
  const key = await logKeyOf(folder, await logFileNumbers(folder));
  const ids = key === undefined ? undefined : slateIds(key);
  const userOf = new Map<string, string | undefined>();
  for await (const entry of readServingLog(folder)) {
    if (entry.type === "slate") {
      userOf.set(entry.slate.slateId, entry.slate.userId);
      if (userOf.size > remembered) userOf.delete(userOf.keys().next().value!);
      continue;
    }
    const { feedback } = entry;
    const { slateId, kind } = feedback;
    if (kind !== "taken") continue;
    if (userOf.has(slateId)) {
      const userId = userOf.get(slateId);
      histories.note({ slateId, ...(userId !== undefined && { userId }) }, feedback);
      continue;
    }
    const place = ids?.placeOf(slateId);
    const slate = place && (await findSlate(folder, slateId, place));
    if (slate !== undefined) histories.note(slate, feedback);
  }
  return histories;
}
