import type { Histories } from "../../data/histories";
import type { Lists } from "../../retrieval/lists";
import type { OpenRun } from "../../runs/openRun";
import { servedSearch } from "../../runs/servedDistribution";
import { boundedMap } from "./boundedMap";
import type { ReaderHistory } from "./requestHistories";
import { maskLists } from "./requestRules";

/** Whose candidates are asked for, and which rows they may not be. */
export interface CandidatesAsked {
  readonly reader: ReaderHistory;
  readonly withheld: Int32Array;
}

/** Queries and candidates of readers, which follow from a history alone as long as nothing is withheld. */
export interface CandidateReader {
  /** [n × index.width] */
  queries(readers: readonly ReaderHistory[]): Float32Array;
  /** [n × k] */
  candidates(some: readonly CandidatesAsked[], k: number): Lists;
}

/**
 * Reads histories once: what was encoded and found for a history is remembered, so that a batch encodes and searches for
 * those histories alone that are new. Undefined for methods without queries.
 *
 * @param kept histories that are remembered, the latest
 */
export function candidateReader(
  run: OpenRun,
  historiesOf: (readers: readonly ReaderHistory[]) => Histories,
  { kept, unavailable }: { readonly kept: number; readonly unavailable: ReadonlySet<number> | undefined },
): CandidateReader | undefined {
  const { served } = run;
  if (served === undefined) return undefined;
  const { width } = served.index;
  const encoded = boundedMap<Float32Array>(kept);
  const found = boundedMap<Pick<Lists, "items" | "scores">>(kept);

  function queries(readers: readonly ReaderHistory[]): Float32Array {
    const rows = readers.map(({ key }) => encoded.find(key));
    const missing = new Map<string, ReaderHistory>();
    for (const [i, row] of rows.entries()) if (row === undefined) missing.set(readers[i].key, readers[i]);
    const fresh = new Map<string, Float32Array>();
    if (missing.size > 0) {
      const made = served!.queries(historiesOf([...missing.values()]));
      [...missing.keys()].forEach((key, i) => {
        fresh.set(key, made.slice(i * width, (i + 1) * width));
      });
    }
    const all = new Float32Array(readers.length * width);
    readers.forEach(({ key }, i) => {
      all.set(rows[i] ?? fresh.get(key)!, i * width);
    });
    for (const [key, query] of fresh) encoded.set(key, query);
    return all;
  }

  return {
    queries,
    candidates(some, k) {
      const keyOf = ({ reader }: CandidatesAsked): string => `${k}:${reader.key}`;
      const lists = some.map((one) => (one.withheld.length === 0 ? found.find(keyOf(one)) : undefined));
      const missing = some.filter((_, i) => lists[i] === undefined);
      const all = {
        size: some.length,
        k,
        items: new Int32Array(some.length * k),
        scores: new Float64Array(some.length * k),
      };
      let fresh: Lists | undefined;
      if (missing.length > 0) {
        const readers = missing.map(({ reader }) => reader);
        const withheld = maskLists(missing.map((one) => one.withheld));
        const search = servedSearch(run, historiesOf(readers), {
          ...(withheld && { withheld }),
          unavailable,
        });
        fresh = served.index.search(queries(readers), k, search);
      }
      let next = 0;
      some.forEach((one, i) => {
        let list = lists[i];
        if (list === undefined) {
          const [from, to] = [next * k, ++next * k];
          list = { items: fresh!.items.slice(from, to), scores: fresh!.scores.slice(from, to) };
          if (one.withheld.length === 0) found.set(keyOf(one), list);
        }
        all.items.set(list.items, i * k);
        all.scores.set(list.scores, i * k);
      });
      return all;
    },
  };
}
