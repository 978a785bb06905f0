import { historiesOf } from "../data/histories";
import { InputError } from "../data/inputError";
import { unavailableItems } from "../data/unavailableItems";
import type { LogColumns } from "../offPolicy/files/readLog";
import type { TargetColumns } from "../offPolicy/files/readRounds";
import { atRow } from "../offPolicy/files/roundSums";
import { everyProbability } from "../policies/itemPolicy";
import { leftOut } from "../retrieval/recommender";
import type { OpenRun } from "./openRun";
import { beginnings, roundMoments } from "./roundMoments";
import { servedDistribution } from "./servedDistribution";

/** Requests whose policy is held at once. */
const atOnce = 256;

/**
 * A run's served policy as the target of off-policy evaluation: for each round of a log the probability with which the run
 * would have served what was done to that user then, whose history is what the run's data knows of them from before
 * the round (`roundMoments`). What a user had seen by then is never served (unless the run's settings let it come again):
 * its probability is 0. Where rows are places of slates, each is that of its item once those above it are
 * gone. The run itself, its vectors and biases, has learned from all its train rows all the same.
 *
 * @throws InputError, with file and line, when the log has no users, names a user or an item that the run does not know, or the
 *   run serves a fixed list.
 */
export async function runTarget(run: OpenRun, log: LogColumns): Promise<Required<TargetColumns>> {
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
  const moments = roundMoments(interactions, { ...log, users, items });
  const roundsOf = new Map<string, number[]>(); // rounds of one user at one moment are one request
  users.forEach((user, round) => {
    const request = `${user} ${moments[round]}`;
    const same = roundsOf.get(request);
    if (same === undefined) roundsOf.set(request, [round]);
    else same.push(round);
  });
  const all = Int32Array.from({ length: interactions.size }, (_, row) => row);
  const unavailable = unavailableItems(catalog);
  const [logged, unsupported] = [new Float64Array(users.length), new Float64Array(users.length)];
  const requests = [...roundsOf.values()].sort(([a], [b]) => users[a] - users[b] || a - b);
  const probabilities = new Float64Array(catalog.size);
  for (let start = 0; start < requests.length; start += atOnce) {
    const part = requests.slice(start, start + atOnce);
    const present = [...new Set(part.map(([round]) => users[round]))];
    const place = new Map(present.map((user, h) => [user, h]));
    const histories = beginnings(
      historiesOf(interactions, all, { users: Int32Array.from(present) }),
      part.map(([round]) => ({ history: place.get(users[round])!, before: moments[round] })),
    );
    const policy = servedDistribution(run, histories);
    if (policy === undefined)
      throw new InputError(`${run.summary.agent} serves a fixed list and knows no probabilities`, {
        file: run.folder,
        expected: "a run of an agent or of the next-item model",
      });
    const search = leftOut(histories, { unavailable, repeats: run.config.repeats });
    const spread = everyProbability(policy, catalog.size, search);
    for (const [request, rounds] of part.entries()) {
      spread(request, probabilities);
      const known = shown.reduce((sum, item) => sum + probabilities[item], 0);
      for (const round of rounds) {
        logged[round] = probabilities[items[round]];
        unsupported[round] = Math.max(0, 1 - known);
      }
    }
  }
  if (log.slates && log.positions) placeByPlace(logged, log.slates, log.positions);
  return { logged, unsupported };
}

/** Turns probabilities of single items into those of places given the places above them, drawn without replacement. */
function placeByPlace(logged: Float64Array, slates: readonly string[], positions: ArrayLike<number>): void {
  const order = [...logged.keys()].sort((a, b) => positions[a] - positions[b]);
  const left = new Map<string, number>();
  for (const row of order) {
    const mass = left.get(slates[row]) ?? 1;
    left.set(slates[row], Math.max(0, mass - logged[row]));
    logged[row] = mass > 0 ? Math.min(1, logged[row] / mass) : 0;
  }
}
