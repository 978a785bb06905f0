import { historiesOf } from "../data/histories";
import { InputError } from "../data/inputError";
import { unavailableItems } from "../data/unavailableItems";
import type { LogColumns } from "../evaluation/offPolicy/files/readLog";
import type { TargetColumns } from "../evaluation/offPolicy/files/readRounds";
import { atRow } from "../evaluation/offPolicy/files/roundSums";
import { everyProbability } from "../policies/itemPolicy";
import type { OpenRun } from "./openRun";
import { servedDistribution } from "./servedDistribution";

/** Users whose policy is held at once. */
const atOnce = 256;

/**
 * A run's served policy as the target of off-policy evaluation: for each round of a log the probability with which the run
 * would serve what was done to that user, whose history is all the run knows of them. What a user had is never
 * served: its probability is 0.
 *
 * @throws InputError, with file and line, when the log has no users, names a user or an item that the run does not know, or the
 *   run serves a fixed list.
 */
export async function runTarget(run: OpenRun, log: LogColumns): Promise<TargetColumns> {
  const { interactions, catalog } = run.dataset;
  if (log.users === undefined)
    throw new InputError("has no column user_id", {
      file: log.file,
      expected: "with --target-run, whose round each is",
    });
  const userOf = new Map(interactions.userIds.map((id, row) => [id, row]));
  const itemOf = new Map(catalog.ids.map((id, row) => [id, row]));
  const rows = async (ids: readonly string[], known: ReadonlyMap<string, number>, what: string) => {
    const lost = ids.findIndex((id) => !known.has(id));
    if (lost >= 0)
      throw await atRow(log, lost, {
        what: `${what} ${JSON.stringify(ids[lost])} is not in the run's data`,
        expected: `one of its ${known.size.toLocaleString("en-US")}`,
      });
    return Int32Array.from(ids, (id) => known.get(id)!);
  };
  const [users, items] = [await rows(log.users, userOf, "user"), await rows(log.actions, itemOf, "item")];
  const shown = [...new Set(items)];
  const roundsOf = new Map<number, number[]>();
  users.forEach((user, round) => {
    const own = roundsOf.get(user);
    if (own === undefined) roundsOf.set(user, [round]);
    else own.push(round);
  });
  const all = Int32Array.from({ length: interactions.size }, (_, row) => row);
  const unavailable = unavailableItems(catalog);
  const [logged, unsupported] = [new Float64Array(users.length), new Float64Array(users.length)];
  const asked = [...roundsOf.keys()];
  const probabilities = new Float64Array(catalog.size);
  for (let start = 0; start < asked.length; start += atOnce) {
    const histories = historiesOf(interactions, all, {
      users: Int32Array.from(asked.slice(start, start + atOnce)),
    });
    const policy = servedDistribution(run, histories);
    if (policy === undefined)
      throw new InputError(`${run.summary.agent} serves a fixed list and knows no probabilities`, {
        file: run.folder,
        expected: "a run of an agent or of the next-item model",
      });
    const search = { exclude: histories, ...(unavailable && { unavailable }) };
    const spread = everyProbability(policy, catalog.size, search);
    for (let request = 0; request < histories.size; request++) {
      spread(request, probabilities);
      const known = shown.reduce((sum, item) => sum + probabilities[item]!, 0);
      for (const round of roundsOf.get(asked[start + request]!)!) {
        logged[round] = probabilities[items[round]!]!;
        unsupported[round] = Math.max(0, 1 - known);
      }
    }
  }
  return { logged, unsupported };
}
