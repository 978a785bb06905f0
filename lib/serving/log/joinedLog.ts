import { writeAtomically } from "../../data/writeAtomically";
import type { ServedSlate } from "../servingLog";
import { readServingLog } from "./readServingLog";

/** A slate with what came of it. */
export interface JoinedSlate {
  readonly slate: ServedSlate;
  /** Whose it is: of a request without a user nobody else's. */
  readonly user: string;
  /** How many slates the user had in the log before it. */
  readonly step: number;
  /** Of each place: what was last said of taking it, 0 where nothing was. */
  readonly rewards: readonly number[];
}

/** What was read. */
export interface JoinedCounts {
  readonly slates: number;
  readonly rows: number;
  /** Places that were taken. */
  readonly taken: number;
}

/**
 * The slates of a log with the rewards of their places, joined by slate and item. A place earns what the last feedback of kind
 * "taken" says of it (a client that was not answered sends it again), 0 without any; feedback of kind "seen" earns nothing.
 * Feedback is held in memory, some 250 bytes each; slates pass through.
 *
 * @param onNotice told of lines and feedback that are passed over
 */
export async function* joinedSlates(
  folder: string,
  { onNotice = () => {} }: { readonly onNotice?: (notice: string) => void } = {},
): AsyncGenerator<JoinedSlate> {
  const taken = new Map<string, Map<string, number>>();
  for await (const entry of readServingLog(folder, { onNotice })) {
    if (entry.type !== "feedback" || entry.feedback.kind !== "taken") continue;
    const { slateId, itemId, reward } = entry.feedback;
    const own = taken.get(slateId);
    if (own === undefined) taken.set(slateId, new Map([[itemId, reward]]));
    else own.set(itemId, reward);
  }
  const steps = new Map<string, number>();
  let strange = 0;
  for await (const entry of readServingLog(folder)) {
    if (entry.type !== "slate") continue;
    const { slate } = entry;
    const { slateId, userId, items } = slate;
    const step = userId === undefined ? 0 : (steps.get(userId) ?? 0);
    if (userId !== undefined) steps.set(userId, step + 1);
    const own = taken.get(slateId);
    taken.delete(slateId);
    for (const itemId of own?.keys() ?? []) if (!items.includes(itemId)) strange++;
    const user = userId ?? `reader of ${slateId}`;
    yield { slate, user, step, rewards: items.map((itemId) => own?.get(itemId) ?? 0) };
  }
  if (strange > 0)
    onNotice(
      `${folder}: ${strange} feedbacks are of items that their slates did not show, and are passed over`,
    );
  if (taken.size > 0)
    onNotice(`${folder}: feedback on ${taken.size} slates that are not in the log is passed over`);
}

/** The columns of a service's log as `ope` reads it. */
export const joinedHead = "round_id,action,reward,propensity,user_id,step,slate_id,position,timestamp,policy";

/**
 * Writes a log as the file that `ope` reads, a row a place, atomically.
 *
 * @param file where it goes
 * @param arms slates of these policies alone; steps are counted over all
 */
export async function writeJoinedLog(
  folder: string,
  file: string,
  {
    onNotice,
    arms,
  }: { readonly onNotice?: (notice: string) => void; readonly arms?: ReadonlySet<string> } = {},
): Promise<JoinedCounts> {
  const counts = { slates: 0, rows: 0, taken: 0 };
  async function* pieces(): AsyncGenerator<string> {
    let text = `${joinedHead}\n`;
    for await (const joined of joinedSlates(folder, { ...(onNotice && { onNotice }) })) {
      if (arms !== undefined && !arms.has(joined.slate.policy)) continue;
      counts.slates++;
      counts.rows += joined.rewards.length;
      for (const reward of joined.rewards) if (reward !== 0) counts.taken++;
      text += rowsOf(joined);
      if (text.length < 1 << 20) continue;
      yield text;
      text = "";
    }
    yield text;
  }
  await writeAtomically(file, pieces());
  return counts;
}

function rowsOf({ slate, user, step, rewards }: JoinedSlate): string {
  const { slateId, items, probabilities, time, policy } = slate;
  let text = "";
  for (const [at, item] of items.entries()) {
    const place = at + 1;
    text += `${slateId}/${place},${quoted(item)},${rewards[at]},${probabilities[at]},${quoted(user)},${step},${slateId},${place},${time / 1000},${quoted(policy)}\n`;
  }
  return text;
}

/** Ids of anyone's data hold commas, and blanks at their ends. */
function quoted(text: string): string {
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
}
