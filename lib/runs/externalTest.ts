import { feedbackOf, isRelevantTo } from "../data/feedback";
import { historiesOf } from "../data/histories";
import { InputError } from "../data/inputError";
import { readDataset } from "../data/readInteractions";
import type { Task } from "../data/task";
import type { PreparedData } from "./preparedData";

/** A task made of somebody's own test file, and what of it could not be used. */
export interface ExternalTest {
  readonly task: Task;
  readonly unknownUsers: number;
  readonly unknownItems: number;
}

/**
 * Evaluates on a file of interactions that came after the run's log: histories are the users' whole rows in the
 * log, relevant is what the file says. Items outside the catalogue stay in the denominators (nobody can
 * recommend them); users whom the log does not know have no history and are not evaluated.
 *
 * @param relevantAt by default as `feedbackOf` says: 4 for stars, any positive weight for counts
 * @throws InputError on a bad file, or when nobody in it can be evaluated.
 */
export async function externalTest(
  file: string,
  data: PreparedData,
  relevantAt?: number,
): Promise<ExternalTest> {
  const { interactions: log, catalog } = data.dataset;
  const { interactions: later } = await readDataset({ interactions: file });
  // A file may hold few values: the scale is the log's, where both are of one kind.
  const scale = later.weightKind === log.weightKind ? log : later;
  const isRelevant = isRelevantTo(relevantAt === undefined ? feedbackOf(scale) : { relevantAt });
  const users = new Map(log.userIds.map((id, row) => [id, row]));
  const unknown = later.itemIds.filter((id) => catalog.rowOf(id) < 0);
  const outside = new Map(unknown.map((id, place) => [id, catalog.size + place]));
  const itemRow = later.itemIds.map((id) => (outside.has(id) ? outside.get(id)! : catalog.rowOf(id)));
  const relevant = new Map<number, Set<number>>();
  const strangers = new Set<number>();
  for (let row = 0; row < later.size; row++) {
    const user = users.get(later.userIds[later.users[row]]);
    if (user === undefined) strangers.add(later.users[row]);
    else if (isRelevant(later.weights[row])) {
      if (!relevant.has(user)) relevant.set(user, new Set());
      relevant.get(user)!.add(itemRow[later.items[row]]);
    }
  }
  const all = Int32Array.from({ length: log.size }, (_, row) => row);
  const whole = historiesOf(log, all, { users: Int32Array.from(relevant.keys()).sort() });
  const offsets = [0];
  const items: number[] = [];
  const evaluated: number[] = [];
  for (let h = 0; h < whole.size; h++) {
    const seen = new Set(whole.items.subarray(whole.offsets[h], whole.offsets[h + 1]));
    const left = [...relevant.get(whole.users[h])!]
      .filter((item) => data.repeats || !seen.has(item))
      .sort((a, b) => a - b);
    if (left.length === 0 || seen.size === 0) continue;
    items.push(...left);
    offsets.push(items.length);
    evaluated.push(whole.users[h]);
  }
  if (evaluated.length === 0)
    throw new InputError("nobody in it can be evaluated", {
      file,
      expected: "users of the run's log with relevant items that they had not seen",
    });
  return {
    task: {
      stage: "test",
      histories: historiesOf(log, all, { users: Int32Array.from(evaluated) }),
      relevantOffsets: Int32Array.from(offsets),
      relevantItems: Int32Array.from(items),
      relevantGains: new Float64Array(items.length).fill(1),
      ...(data.repeats && { repeats: true }),
    },
    unknownUsers: strangers.size,
    unknownItems: unknown.length,
  };
}
