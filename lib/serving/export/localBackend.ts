import { servedDistribution } from "../../runs/servedDistribution";
import { itemColumns } from "../engine/itemColumns";
import { type PolicyServer, policyServer } from "../engine/policyServer";
import { historyReader } from "../engine/requestHistories";
import { maskLists, ruleReader } from "../engine/requestRules";
import { type AnsweredSlate, RefusedRequest, type SlateRequest } from "../engine/slateRequest";
import { type Answer, type Ask, mostPopular, type PageBackend, Problem } from "../page/protocol";
import { searchTitles } from "./searchTitles";
import type { ShippedPolicy, ShippedRun } from "./shippedRun";

/**
 * Answers the page inside the reader's browser: the service's own code over a run that the page brought along. Nothing
 * is sent, and nothing is kept.
 *
 * @param drawSeed gives seeds of draws that name none
 */
export function localBackend(shipped: ShippedRun, drawSeed: () => number): PageBackend {
  const { catalog, policies, about } = shipped;
  const servers = new Map<ShippedPolicy, PolicyServer>();
  const serverOf = (policy: ShippedPolicy): PolicyServer => {
    const server = servers.get(policy) ?? policyServer(policy.run, { queriesKept: 100 });
    servers.set(policy, server);
    return server;
  };
  let slates = 0;
  return {
    place: "browser",
    policies: async () =>
      policies.map(({ name, agent }, i) => ({ name, agent, share: i === 0 ? 1 : 0, dataset: about.dataset })),
    columns: async () => itemColumns(catalog),
    items: async (query, k) =>
      searchTitles(catalog, query, k).map((row) => ({
        ...Object.fromEntries(Object.entries(catalog.text).map(([name, cells]) => [name, cells[row]])),
        ...{ item_id: catalog.ids[row], title: catalog.titles[row] },
      })),
    async recommend(ask, { best = false } = {}) {
      const popular = ask.policy === mostPopular;
      const policy =
        popular || ask.policy === undefined ? policies[0] : policies.find(({ name }) => name === ask.policy);
      if (policy === undefined)
        throw new Problem(404, `there is no policy "${ask.policy}"`, { field: "policy" });
      const request = requestOf(ask, { popular, draw: ask.seed ?? drawSeed() });
      const slate = best && !popular ? bestFirst(policy, request) : answerOf(serverOf(policy), request);
      const fixed = popular ? mostPopular : policy.name;
      return shownSlate(slate, `browser-${++slates}`, fixed);
    },
  };

  function shownSlate(slate: AnsweredSlate, slateId: string, policy: string): Answer {
    return {
      ...{ slate_id: slateId, policy },
      recommendations: slate.rows.map((row, place) => {
        const because = slate.because?.[place];
        return {
          ...{ rank: place + 1, item_id: catalog.ids[row], title: catalog.titles[row] },
          ...{ score: slate.scores[place], probability: slate.probabilities[place] },
          ...(because && {
            because: {
              ...{ item_id: catalog.ids[because.row], title: catalog.titles[because.row] },
              similarity: because.similarity,
            },
          }),
        };
      }),
    };
  }

  /**
   * The best items in their order, each with its probability were one item drawn: what `npm run recommend` prints.
   * Methods that know no probabilities, and readers of whom nothing is known, are answered as ever.
   */
  function bestFirst(policy: ShippedPolicy, request: SlateRequest): AnsweredSlate {
    const { run } = policy;
    const drawn = answerOf(serverOf(policy), request); // and whatever is wrong has been refused
    if (run.served === undefined || (request.items?.length ?? 0) === 0) return drawn;
    const reader = historyReader(run);
    const histories = reader.histories([reader.of(request)]);
    const withheld = maskLists([ruleReader(catalog)(request)]);
    const { candidates, probabilities } = servedDistribution(run, histories, request.k, {
      ...(withheld && { withheld }),
      temperatures: [request.temperature ?? 1],
    })!;
    const rows = [...candidates.items.subarray(0, request.k)].filter((row) => row >= 0);
    const slate = {
      rows,
      scores: [...candidates.scores.subarray(0, rows.length)],
      probabilities: [...probabilities.subarray(0, rows.length)],
    };
    if (request.explain !== true || rows.length === 0) return slate;
    const only = rows.map((row) => catalog.ids[row]);
    const same = answerOf(serverOf(policy), { ...request, only, k: rows.length });
    return { ...slate, because: rows.map((row) => same.because?.[same.rows.indexOf(row)]) };
  }
}

function requestOf(ask: Ask, told: { readonly popular: boolean; readonly draw: number }): SlateRequest {
  const { items = [], k = 10, exclude, only, where, temperature, variety, explain } = ask;
  if (ask.user_id !== undefined)
    throw new Problem(404, "an exported page knows no readers of the log: pick some titles", {
      field: "user_id",
    });
  const given = { exclude, only, where, temperature, variety, explain };
  const said = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  return { ...said, items, k, draw: told.draw, popular: told.popular };
}

function answerOf(server: PolicyServer, request: SlateRequest): AnsweredSlate {
  try {
    const [answer] = server.answer([request]);
    if (!("refused" in answer)) return answer;
    throw new Problem(answer.refused.status, answer.refused.detail, { field: answer.refused.field });
  } catch (error) {
    if (error instanceof RefusedRequest)
      throw new Problem(error.refusal.status, error.refusal.detail, { field: error.refusal.field });
    throw error;
  }
}
