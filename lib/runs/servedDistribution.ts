import type { Histories } from "../data/histories";
import { unavailableItems } from "../data/unavailableItems";
import type { ServedDistribution } from "../policies/itemPolicy";
import { softmaxOverLists } from "../policies/softmaxOverLists";
import { emptyLists } from "../retrieval/bestOf";
import { availableTo, type SearchOptions } from "../retrieval/itemIndex";
import type { Lists } from "../retrieval/lists";
import { leftOut, type Recommender } from "../retrieval/recommender";
import type { OpenRun } from "./openRun";

export interface ServedOptions {
  /** Whether what was seen may be served again; as the run's settings say by default. */
  readonly repeats?: boolean;
  /** Further items that a request may not get, one list a request; they say nothing about its taste. */
  readonly withheld?: Histories;
  /** [n] factors on the run's temperature; 1 by default. */
  readonly temperatures?: ArrayLike<number>;
  /** What `servedSearch` gives, where it is known already; then `repeats` and `withheld` must be what it was made with. */
  readonly search?: SearchOptions;
  /** The run's candidates for the histories, where they are known already. */
  readonly candidates?: Lists;
}

/**
 * The policy that a run serves to some histories: a softmax over the nearest candidates, mixed with uniform exploration,
 * over what was not seen and is available. Nothing for methods that serve a fixed list and know no probabilities.
 *
 * @param atLeast the least number of candidates
 */
export function servedDistribution(
  run: OpenRun,
  histories: Histories,
  atLeast = 1,
  options: ServedOptions = {},
): ServedDistribution | undefined {
  const { served, scored, config, dataset } = run;
  const { repeats = config.repeats, withheld, temperatures } = options;
  const { exploration } = config.policy;
  const { size } = dataset.catalog;
  const search = options.search ?? servedSearch(run, histories, { repeats, withheld });
  const wanted = Math.max(atLeast, config.policy.candidates);
  const kept = Math.min(wanted, size);
  const candidates =
    options.candidates ??
    (served !== undefined
      ? served.index.search(served.queries(histories), kept, search)
      : scored && bestAllowed(scored.recommender, histories, kept, { repeats, withheld, search }));
  if (candidates === undefined) return undefined;
  const available = availableTo(size, histories.size, search);
  const own = (served ?? scored)!.temperature;
  const temperature =
    temperatures === undefined ? own : Float64Array.from(temperatures, (factor) => own * factor);
  return { candidates, ...softmaxOverLists(candidates, available, { temperature, exploration }), available };
}

/** What no request may get: what it has seen, unless it may come again, what is unavailable, and what is withheld. */
export function servedSearch(
  run: OpenRun,
  histories: Histories,
  {
    repeats = run.config.repeats,
    withheld,
    unavailable = unavailableItems(run.dataset.catalog),
  }: Pick<ServedOptions, "repeats" | "withheld"> & Pick<SearchOptions, "unavailable"> = {},
): SearchOptions {
  const hidden = withheld === undefined ? histories : repeats ? withheld : bothOf(histories, withheld);
  return leftOut(hidden, { unavailable, repeats: repeats && withheld === undefined });
}

/** The best lists of a method that has no queries: it ranks what is withheld, too, which is then left out. */
export function bestAllowed(
  recommender: Recommender,
  histories: Histories,
  k: number,
  {
    search: { unavailable },
    repeats,
    withheld,
  }: Pick<ServedOptions, "repeats" | "withheld"> & { readonly search: SearchOptions },
): Lists {
  let most = 0;
  for (let h = 0; h < (withheld?.size ?? 0); h++)
    most = Math.max(most, withheld!.offsets[h + 1] - withheld!.offsets[h]);
  const lists = recommender.recommend(histories, k + most, { unavailable, repeats });
  if (withheld === undefined || most === 0) return lists;
  const kept = emptyLists(histories.size, k);
  for (let h = 0; h < histories.size; h++) {
    const out = new Set(withheld.items.subarray(withheld.offsets[h], withheld.offsets[h + 1]));
    let place = h * k;
    for (let at = h * lists.k; at < (h + 1) * lists.k && place < (h + 1) * k; at++) {
      if (lists.items[at] < 0 || out.has(lists.items[at])) continue;
      kept.items[place] = lists.items[at];
      kept.scores[place++] = lists.scores[at];
    }
  }
  return kept;
}

/** Each history with the other's entries behind its own: for masks, where order and weights say nothing. */
function bothOf(histories: Histories, others: Histories): Histories {
  const offsets = histories.offsets.map((offset, h) => offset + others.offsets[h]);
  const items = new Int32Array(offsets[histories.size]);
  for (let h = 0; h < histories.size; h++) {
    const own = histories.items.subarray(histories.offsets[h], histories.offsets[h + 1]);
    items.set(own, offsets[h]);
    items.set(others.items.subarray(others.offsets[h], others.offsets[h + 1]), offsets[h] + own.length);
  }
  const nothing = { weights: new Float32Array(items.length), rows: new Int32Array(items.length).fill(-1) };
  return { size: histories.size, users: histories.users, offsets, items, ...nothing };
}
