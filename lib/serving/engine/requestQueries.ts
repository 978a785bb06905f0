import type { Histories } from "../../data/histories";
import type { OpenRun } from "../../runs/openRun";
import { boundedMap } from "./boundedMap";
import type { ReaderHistory } from "./requestHistories";

/** The queries of readers, encoded once for each history; undefined for methods without queries. */
export function queryReader(
  { served }: OpenRun,
  historiesOf: (readers: readonly ReaderHistory[]) => Histories,
  kept: number,
): (readers: readonly ReaderHistory[]) => Float32Array | undefined {
  if (served === undefined) return () => undefined;
  const known = boundedMap<Float32Array>(kept);
  const { width } = served.index;
  return (readers) => {
    const rows = readers.map(({ key }) => known.find(key));
    const missing = new Map<string, ReaderHistory>();
    for (const [i, row] of rows.entries()) if (row === undefined) missing.set(readers[i].key, readers[i]);
    const fresh = new Map<string, Float32Array>();
    if (missing.size > 0) {
      const queries = served.queries(historiesOf([...missing.values()]));
      [...missing.keys()].forEach((key, i) => {
        fresh.set(key, queries.slice(i * width, (i + 1) * width));
      });
    }
    const all = new Float32Array(readers.length * width);
    readers.forEach(({ key }, i) => {
      all.set(rows[i] ?? fresh.get(key)!, i * width);
    });
    for (const [key, query] of fresh) known.set(key, query);
    return all;
  };
}
