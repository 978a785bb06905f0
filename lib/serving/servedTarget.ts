import { InputError } from "../data/inputError";
import type { LogColumns } from "../offPolicy/files/readLog";
import type { TargetColumns } from "../offPolicy/files/readRounds";
import type { OpenRun } from "../runs/openRun";
import { type PolicyServer, policyServer } from "./engine/policyServer";
import { RefusedRequest, type SlateRequest } from "./engine/slateRequest";
import { readServingLog } from "./log/readServingLog";
import { growingHistories } from "./readerHistories";
import type { ServedSlate } from "./servingLog";

/** Requests that are answered at once. */
const atOnce = 256;

/**
 * What a run would have answered to the requests of a service's log, for off-policy evaluation: the probability of each
 * place given those above it, by the same code that serves. A request is made again as it was: the run's data of the user
 * or the items given, what the user had taken by then (`grown`), and the rules asked for. Only the draw is left out, and that
 * a request may have named another policy.
 *
 * What the run puts on items that the log never shows is not told.
 *
 * @param folder the log's
 * @param log its rows as `writeJoinedLog` wrote them
 * @throws InputError when the run cannot answer a request, such as of an item it does not have
 */
export async function servedTarget(run: OpenRun, folder: string, log: LogColumns): Promise<TargetColumns> {
  const server = policyServer(run);
  const logged = new Float64Array(log.rounds.length);
  let waiting: Asked[] = [];
  let row = 0;
  const answer = (): void => {
    const found = probabilitiesOf(server, waiting, { run, folder });
    for (const [i, { at }] of waiting.entries()) logged.set(found[i], at);
    waiting = [];
  };
  for await (const asked of requestsIn(folder)) {
    const { slate } = asked;
    // Rows may be those of some slates only, and a service that runs adds more.
    if (slate.items.length === 0 || log.slates?.[row] !== slate.slateId) continue;
    waiting.push({ ...asked, at: row });
    row += slate.items.length;
    if (waiting.length === atOnce) answer();
  }
  answer();
  if (row !== logged.length)
    throw new InputError(`has ${logged.length} rows, and the slates of ${folder} explain ${row} of them`, {
      file: log.file,
      expected: "rows of this log, in its order",
    });
  return { logged };
}

interface Asked {
  readonly slate: ServedSlate;
  readonly request: SlateRequest;
  /** The first row of the slate. */
  readonly at: number;
}

/** The requests of a log, with what each user had taken by then. */
async function* requestsIn(folder: string): AsyncGenerator<Omit<Asked, "at">> {
  const histories = growingHistories();
  const userOf = new Map<string, string>();
  for await (const entry of readServingLog(folder)) {
    if (entry.type === "feedback") {
      const userId = userOf.get(entry.feedback.slateId);
      if (userId !== undefined) histories.note({ slateId: entry.feedback.slateId, userId }, entry.feedback);
      continue;
    }
    const { slate } = entry;
    const { userId, grown } = slate;
    if (userId !== undefined) userOf.set(slate.slateId, userId);
    const taken = userId === undefined ? [] : histories.historyOf(userId);
    yield { slate, request: requestOf(slate, taken.slice(0, grown ?? taken.length)) };
  }
}

/** A slate's request as the engine takes it. */
function requestOf(
  { userId, given, items, rules = {} }: ServedSlate,
  taken: readonly string[],
): SlateRequest {
  const { exclude, only, where, temperature, variety, k } = rules as Partial<SlateRequest>;
  return {
    ...(userId !== undefined && { userId }),
    ...(given !== undefined && { items: given }),
    ...(taken.length > 0 && { taken }),
    ...(exclude !== undefined && { exclude }),
    ...(only !== undefined && { only }),
    ...(where !== undefined && { where }),
    ...(temperature !== undefined && { temperature }),
    ...(variety !== undefined && { variety }),
    ...{ k: k ?? items.length, draw: 0 },
  };
}

function probabilitiesOf(
  server: PolicyServer,
  asked: readonly Asked[],
  { run, folder }: { readonly run: OpenRun; readonly folder: string },
): Float64Array[] {
  const slates = asked.map(({ slate }) => slate.items);
  try {
    return server.placeProbabilities(
      asked.map(({ request }) => request),
      slates,
    );
  } catch (error) {
    if (!(error instanceof RefusedRequest)) throw error;
    // Which one it was: each alone.
    for (const { slate, request } of asked)
      try {
        server.placeProbabilities([request], [slate.items]);
      } catch (own) {
        if (!(own instanceof RefusedRequest)) throw own;
        throw new InputError(
          `${run.folder} cannot answer the request of slate ${slate.slateId}: ${own.message}`,
          {
            file: folder,
            expected: "a run whose data has the users and items of the log",
          },
        );
      }
    throw error;
  }
}
