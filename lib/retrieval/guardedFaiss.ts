import type * as Faiss from "faiss-node";

/** flat: looks at every item. hnsw: a graph of neighbours (Malkov and Yashunin 2018), approximate. */
export type FaissKind = "flat" | "hnsw";
/** ivf needs training; it is here so that its guard can be shown. */
type RawKind = FaissKind | "ivf";

const descriptors: Readonly<Record<RawKind, string>> = { flat: "Flat", hnsw: "HNSW32", ivf: "IVF4,Flat" };
const innerProductMetric = 0; // faiss-node's MetricType.METRIC_INNER_PRODUCT

/** What lib/setup/typedFaiss.cc puts beside faiss-node's classes: the same index, over typed arrays. */
interface TypedIndex extends Pick<Faiss.Index, "ntotal" | "isTrained" | "train" | "removeIds"> {
  add(vectors: Float32Array): void;
  /** Fills the first n · k of both arrays. */
  search(queries: Float32Array, k: number, distances: Float32Array, labels: Int32Array): void;
}

interface FaissModule {
  readonly Index: typeof Faiss.Index;
  readonly TypedIndex?: { fromFactory(width: number, descriptor: string, metric: number): TypedIndex };
}

/** FAISS as it was chosen when it was first needed. */
export interface LoadedFaiss {
  readonly module: FaissModule;
  /** Which one it is, for people. */
  readonly name: string;
  /** Whether it was compiled for this machine's instructions. */
  readonly fast: boolean;
}

/** What a search gives, until the next search of the same index. */
export interface Found {
  /** [n × k] item rows, best first; -1 where an approximate index found none. */
  readonly labels: readonly number[] | Int32Array;
  /** [n × k] inner products in single precision */
  readonly distances: readonly number[] | Float32Array;
}

let loaded: LoadedFaiss | undefined;

/**
 * The FAISS in use: the one that `npm run setup -- --fast-faiss` compiled, where it is there and works, else
 * faiss-node's own (lib/setup/fastFaiss.js chooses).
 *
 * @throws when FAISS's native part is missing.
 */
export function faissInUse(): LoadedFaiss {
  if (loaded) return loaded;
  const { chooseFaiss } = require("../setup/fastFaiss.js") as {
    chooseFaiss: (generic: () => FaissModule) => LoadedFaiss;
  };
  try {
    loaded = chooseFaiss(() => require("faiss-node") as FaissModule);
  } catch (error) {
    throw new Error(
      `faissIndex requires FAISS's native part: run npm start once (${(error as Error).message})`,
    );
  }
  return loaded;
}

/**
 * FAISS with a check before every call: an exception of FAISS's own ends the whole Node process, so what could
 * raise one is refused first, as an ordinary error. Inner product is the metric throughout.
 *
 * @param use which FAISS
 * @throws when FAISS's native part is missing, or an argument is one that FAISS would die of.
 */
export function guardedFaiss(width: number, kind: RawKind, use: () => LoadedFaiss = faissInUse) {
  if (!(Number.isSafeInteger(width) && width >= 1 && width <= 65536))
    throw new Error(`guardedFaiss requires a width in 1 .. 65536, got ${width}`);
  if (!(kind in descriptors)) throw new Error(`guardedFaiss requires kind flat or hnsw, got "${kind}"`);
  const index = rawIndex(use().module, width, descriptors[kind]);
  const requireRows = (call: string, values: Float32Array, atLeast: number): void => {
    if (values.length % width !== 0 || values.length < atLeast * width)
      throw new Error(
        `faiss.${call} requires at least ${atLeast} rows of ${width} numbers, got ${values.length} numbers`,
      );
    for (let i = 0; i < values.length; i++)
      if (!Number.isFinite(values[i]))
        throw new Error(`faiss.${call} requires finite numbers, got ${values[i]}`);
  };
  // Asked of FAISS once, not at every search: each call of Node's interface costs a single search a few percent.
  let count = 0;
  let trained = false;
  const requireTrained = (call: string): void => {
    trained ||= index.isTrained();
    if (!trained) throw new Error(`faiss.${call} requires a trained index, got an untrained ${kind} one`);
  };
  return {
    count: (): number => count,
    train(vectors: Float32Array): void {
      requireRows("train", vectors, kind === "ivf" ? 4 : 1);
      index.train(plain(vectors));
    },
    add(vectors: Float32Array): void {
      requireRows("add", vectors, 1);
      requireTrained("add");
      index.add(vectors);
      count = index.ntotal();
    },
    search(queries: Float32Array, k: number): Found {
      requireRows("search", queries, 1);
      requireTrained("search");
      if (!(Number.isSafeInteger(k) && k >= 1 && k <= count))
        throw new Error(`faiss.search requires k in 1 .. ${count}, got ${k}`);
      return index.search(queries, k);
    },
    remove(rows: readonly number[]): number {
      if (kind === "hnsw")
        throw new Error("faiss.remove requires a flat index, got hnsw (build it anew instead)");
      for (const row of rows)
        if (!(Number.isSafeInteger(row) && row >= 0 && row < count))
          throw new Error(`faiss.remove requires rows below ${count}, got ${row}`);
      const removed = index.removeIds([...rows]);
      count = index.ntotal();
      return removed;
    },
  };
}

/** An index over typed arrays, whichever module makes it. */
function rawIndex({ Index, TypedIndex }: FaissModule, width: number, descriptor: string) {
  const index = (TypedIndex ?? Index).fromFactory(width, descriptor, innerProductMetric);
  // Kept from search to search: new arrays for each would take longer than the copying they save.
  let kept = { distances: new Float32Array(0), labels: new Int32Array(0) };
  return {
    ntotal: () => index.ntotal(),
    isTrained: () => index.isTrained(),
    train: (vectors: number[]) => index.train(vectors),
    removeIds: (rows: number[]) => index.removeIds(rows),
    add(vectors: Float32Array): void {
      if (TypedIndex) (index as TypedIndex).add(vectors);
      else (index as Faiss.Index).add(plain(vectors));
    },
    search(queries: Float32Array, k: number): Found {
      if (!TypedIndex) return (index as Faiss.Index).search(plain(queries), k);
      const places = (queries.length / width) * k;
      if (kept.labels.length !== places)
        kept = { distances: new Float32Array(places), labels: new Int32Array(places) };
      (index as TypedIndex).search(queries, k, kept.distances, kept.labels);
      return kept;
    },
  };
}

/** The same numbers as a plain array, which is all that faiss-node takes (Array.from takes three times as long). */
function plain(values: Float32Array): number[] {
  const result = new Array<number>(values.length);
  for (let i = 0; i < values.length; i++) result[i] = values[i];
  return result;
}
