import type { Histories } from "../../data/histories";
import { unavailableItems } from "../../data/unavailableItems";
import { type Random, random } from "../../math/random";
import { drawSlate, rowCosine, type SlateRules, slatePlaceProbabilities } from "../../policies/drawnSlate";
import type { ServedDistribution } from "../../policies/itemPolicy";
import { exclusionMask } from "../../retrieval/itemIndex";
import type { OpenRun } from "../../runs/openRun";
import { bestAllowed, servedDistribution, servedSearch } from "../../runs/servedDistribution";
import { type PopularList, popularList } from "./popularLists";
import { candidateReader } from "./requestCandidates";
import { historyReader, type ReaderHistory } from "./requestHistories";
import { maskLists, ruleReader } from "./requestRules";
import { scoreOthers } from "./scoreOthers";
import {
  type AnsweredSlate,
  type Because,
  RefusedRequest,
  type SlateAnswer,
  type SlateRequest,
} from "./slateRequest";

/** A run that answers requests, many at once: one encoding of all histories and one search. */
export interface PolicyServer {
  answer(requests: readonly SlateRequest[]): SlateAnswer[];
  /**
   * The probability of each place of GIVEN slates (item ids), given those above it, under this run's policy: what
   * off-policy evaluation needs of a logged request. 0 for items that the run does not have or would not show.
   *
   * @throws RefusedRequest when a request names what the run does not have
   */
  placeProbabilities(
    requests: readonly SlateRequest[],
    slates: readonly (readonly string[])[],
  ): Float64Array[];
}

/** A request that was read: whose it is, and the rows it may not get. */
interface ReadRequest {
  readonly request: SlateRequest;
  readonly reader: ReaderHistory;
  readonly withheld: Int32Array;
}

/** A policy's distributions for some requests, with what drawing from them needs. */
export interface Distributions {
  readonly served: ServedDistribution;
  readonly histories: Histories;
  /** [n × index.width] of some of the requests. */
  queries(requests: readonly number[]): Float32Array;
  /** Calls with the request's mask in place. */
  masked<T>(request: number, use: (excluded: Uint8Array) => T): T;
}

/** Makes a server of an opened run. @param options.queriesKept readers whose encoded history is remembered */
export function policyServer(run: OpenRun, { queriesKept = 20_000 } = {}): PolicyServer {
  const { catalog } = run.dataset;
  const unavailable = unavailableItems(catalog);
  const reader = historyReader(run);
  const rules = ruleReader(catalog);
  const known = candidateReader(run, reader.histories, { kept: queriesKept, unavailable });
  const cosine = run.unitItems && rowCosine(run.unitItems.vectors, run.unitItems.width);
  const similarity = cosine ?? (() => 0); // items without vectors are alike to none
  const lists = new Map<string, PopularList>();
  const popular = (name: "most-popular" | "recent-popularity"): PopularList => {
    const list = lists.get(name) ?? popularList(run, name, unavailable);
    lists.set(name, list);
    return list;
  };
  const read = (request: SlateRequest): ReadRequest => ({
    ...{ request, reader: reader.of(request), withheld: rules(request) },
  });
  const isDrawn = ({ request, reader: { length } }: ReadRequest): boolean =>
    request.popular !== true && length > 0 && (run.served !== undefined || run.scored !== undefined);
  const rulesOf = ({ variety = 0 }: SlateRequest, excluded: Uint8Array): SlateRules => ({
    ...{ variety, similarity, excluded },
  });

  /** The best of a list that is the same for everybody: what a request may get of it. */
  function fromPopular({ request, reader: whose, withheld }: ReadRequest): AnsweredSlate {
    const list = popular(request.popular === true ? "most-popular" : "recent-popularity");
    const out = new Set(withheld);
    if (!run.config.repeats && whose.length > 0)
      for (const row of reader.histories([whose]).items) out.add(row);
    const [rows, scores]: [number[], number[]] = [[], []];
    for (let place = 0; place < list.rows.length && rows.length < request.k; place++) {
      if (out.has(list.rows[place])) continue;
      rows.push(list.rows[place]);
      scores.push(list.scores[place]);
    }
    return { rows, scores, probabilities: rows.map(() => 1) };
  }

  /** Lists of a method that knows no probabilities, as they stand. */
  function fixed(some: readonly ReadRequest[]): AnsweredSlate[] {
    const histories = reader.histories(some.map((one) => one.reader));
    const withheld = maskLists(some.map((one) => one.withheld));
    const { repeats } = run.config;
    const k = Math.min(catalog.size, Math.max(...some.map(({ request }) => request.k)));
    const lists = bestAllowed(run.recommender, histories, k, { repeats, withheld, search: { unavailable } });
    return some.map(({ request }, i) => {
      const all = lists.items.subarray(i * lists.k, i * lists.k + Math.min(request.k, lists.k));
      const count = all.indexOf(-1) < 0 ? all.length : all.indexOf(-1);
      const scores = [...lists.scores.subarray(i * lists.k, i * lists.k + count)];
      return { rows: [...all.subarray(0, count)], scores, probabilities: scores.map(() => 1) };
    });
  }

  /** What the policy serves to requests of one number of candidates. */
  function distributions(some: readonly ReadRequest[], atLeast: number): Distributions {
    const histories = reader.histories(some.map((one) => one.reader));
    const withheld = maskLists(some.map((one) => one.withheld));
    const search = servedSearch(run, histories, { withheld, unavailable });
    const candidates = known?.candidates(some, Math.min(atLeast, catalog.size));
    const temperatures = some.map(({ request }) => request.temperature ?? 1);
    const options = { withheld, search, temperatures, ...(candidates && { candidates }) };
    const served = servedDistribution(run, histories, atLeast, options)!;
    const mask = exclusionMask(catalog.size, search);
    return {
      ...{ served, histories },
      queries: (requests) => known!.queries(requests.map((request) => some[request].reader)),
      masked(request, use) {
        mask.open(request);
        try {
          return use(mask.excluded);
        } finally {
          mask.close(request);
        }
      },
    };
  }

  function drawn(some: readonly ReadRequest[], atLeast: number): AnsweredSlate[] {
    const made = distributions(some, atLeast);
    const { served } = made;
    const slates = some.map(({ request }, i) =>
      made.masked(i, (excluded) => {
        const draw = { random: streamOf(request.draw), size: catalog.size };
        return drawSlate(served, i, request.k, { ...draw, ...rulesOf(request, excluded) });
      }),
    );
    const scores = slates.map(({ items }, i) => {
      const first = i * served.candidates.k;
      const candidates = served.candidates.items.subarray(first, first + served.candidates.k);
      return [...items].map((row) => {
        const place = candidates.indexOf(row);
        return place < 0 ? undefined : served.candidates.scores[first + place];
      });
    });
    scoreOthers(run, made, slates, scores);
    return slates.map(({ items, probabilities }, i) => ({
      rows: [...items],
      scores: scores[i] as number[],
      probabilities: [...probabilities],
    }));
  }

  function explained({ request, reader: whose }: ReadRequest, slate: AnsweredSlate): AnsweredSlate {
    if (request.explain !== true || cosine === undefined || whose.length === 0) return slate;
    const liked = reader.histories([whose]).items;
    return { ...slate, because: slate.rows.map((row) => nearestOf(row, liked, cosine)) };
  }

  /** Groups requests by the number of candidates of their policy, so that an answer does not depend on its neighbours. */
  const byCandidates = (some: readonly ReadRequest[]): Map<number, ReadRequest[]> => {
    const groups = new Map<number, ReadRequest[]>();
    for (const one of some) {
      const wanted = Math.max(one.request.k, run.config.policy.candidates);
      groups.set(wanted, [...(groups.get(wanted) ?? []), one]);
    }
    return groups;
  };

  return {
    answer(requests) {
      const answers = new Map<SlateRequest, SlateAnswer>();
      const all: ReadRequest[] = [];
      for (const request of requests)
        try {
          all.push(read(request));
        } catch (error) {
          if (!(error instanceof RefusedRequest)) throw error;
          answers.set(request, { refused: error.refusal });
        }
      const put = (some: readonly ReadRequest[], slates: readonly AnsweredSlate[]): void =>
        some.forEach((one, i) => void answers.set(one.request, explained(one, slates[i])));
      for (const [wanted, some] of byCandidates(all.filter(isDrawn))) put(some, drawn(some, wanted));
      const others = all.filter((one) => !isDrawn(one));
      const popularOnes = others.filter(
        ({ request, reader: { length } }) => request.popular === true || length === 0,
      );
      put(popularOnes, popularOnes.map(fromPopular));
      const rest = others.filter((one) => !popularOnes.includes(one));
      if (rest.length > 0) put(rest, fixed(rest));
      return requests.map((request) => answers.get(request)!);
    },
    placeProbabilities(requests, slates) {
      const all = requests.map(read);
      const found = new Map<ReadRequest, Float64Array>();
      const slateOf = (one: ReadRequest): Int32Array =>
        Int32Array.from(slates[all.indexOf(one)], (id) => catalog.rowOf(id));
      for (const [wanted, some] of byCandidates(all.filter(isDrawn))) {
        const made = distributions(some, wanted);
        some.forEach((one, i) => {
          const places = made.masked(i, (excluded) =>
            slatePlaceProbabilities(made.served, i, slateOf(one), rulesOf(one.request, excluded)),
          );
          found.set(one, places);
        });
      }
      for (const one of all.filter((each) => !isDrawn(each))) {
        const isPopular = one.request.popular === true || one.reader.length === 0;
        const list = isPopular ? fromPopular(one) : fixed([one])[0];
        found.set(
          one,
          Float64Array.from(slateOf(one), (row, place) => (list.rows[place] === row ? 1 : 0)),
        );
      }
      return all.map((one) => found.get(one)!);
    },
  };
}

function nearestOf(
  row: number,
  liked: Int32Array,
  cosine: (a: number, b: number) => number,
): Because | undefined {
  let best: Because | undefined;
  for (const each of liked) {
    const similarity = cosine(row, each);
    if (best === undefined || similarity > best.similarity) best = { row: each, similarity };
  }
  return best;
}

/** Numbers drawn before the first that counts: seeds next to each other begin alike. */
const warmUp = 16;

/** The stream of one slate. */
function streamOf(seed: number): Random {
  const stream = random(seed).fork("slate");
  for (let i = 0; i < warmUp; i++) stream.next();
  return stream;
}
