import type { OpenRun } from "../runs/openRun";
import { policyServer } from "./engine/policyServer";
import type { SlateRequest } from "./engine/slateRequest";
import type { ReaderHistories } from "./readerHistories";
import type { AskedService } from "./readers";
import type { ServedSlate, ServingLog } from "./servingLog";

/** For tests: what a service does, without HTTP and processes. Users go to the arms in turn of their last digit. */
export function loggedService(
  arms: Readonly<Record<string, OpenRun>>,
  {
    log,
    histories,
    rules = {},
  }: {
    readonly log: ServingLog;
    readonly histories: ReaderHistories;
    readonly rules?: Partial<SlateRequest>;
  },
): AskedService {
  const servers = Object.entries(arms).map(([name, run]) => {
    return { name, server: policyServer(run), ids: run.dataset.catalog.ids };
  });
  let draw = 0;
  return {
    async recommend({ user_id: userId, items, k }) {
      const { name, server, ids } = servers[(userId.codePointAt(userId.length - 1) ?? 0) % servers.length];
      const taken = [...histories.historyOf(userId)];
      const grown = taken.length;
      const given = items.length > 0 ? { items } : {};
      // One by one, as each is asked: a real service answers many at once.
      const [answer] = server.answer([{ userId, ...given, taken, k, draw: draw++, ...rules }]);
      if (!("rows" in answer)) throw new Error(JSON.stringify(answer));
      const slate: ServedSlate = {
        ...{ slateId: log.newSlateId(), time: 1_700_000_000_000 + draw, userId, grown, policy: name },
        ...(items.length > 0 && { given: items }),
        items: answer.rows.map((row) => ids[row]),
        ...{ probabilities: answer.probabilities, rules: { ...rules, k } },
      };
      log.append(slate);
      return { slate_id: slate.slateId, recommendations: slate.items.map((item_id) => ({ item_id })) };
    },
    async feedback({ slate_id: slateId, item_id: itemId, reward, kind }) {
      const slate = await log.slateOf(slateId);
      if (!slate?.items.includes(itemId)) throw new Error(`${itemId} was not shown in ${slateId}`);
      const feedback = { slateId, itemId, reward, kind, time: 1_700_000_000_000 + draw };
      await log.addFeedback(feedback);
      histories.note(slate, feedback);
    },
  };
}
