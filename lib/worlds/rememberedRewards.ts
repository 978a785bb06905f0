import { kMeans } from "../math/kMeans";
import type { Random } from "../math/random";
import { normaliseRows } from "../math/vectors";
import { innerProducts } from "../retrieval/itemIndex";
import type { MemoryEntries } from "./memoryEntries";

/** How alike two pairs of state and item are, and so how much an entry says. */
export type Similarity =
  /** e^(κs cos(s, s') + κa cos(a, a')) */
  | { readonly kind: "exponential"; readonly stateSharpness: number; readonly itemSharpness: number }
  /** 1 + α cos(s, s') + (1 − α) cos(a, a') */
  | { readonly kind: "linear"; readonly alpha: number };

/** What a memory says of pairs of state and item. */
export interface RememberedRewards {
  /** N */
  readonly items: number;
  /** C: numbers that `features` makes of a state */
  readonly size: number;
  /** [n × C], from 0 on; of states [n × F] */
  features(states: Float32Array): Float64Array;
  /** [C × X] of an item: Σ over c of feature c times this is the weight of each pattern. Kept by the memory, not to be changed. */
  tableOf(item: number): Float64Array;
  /**
   * The weight of each pattern at pair i, features i with this item: probabilities once divided by their sum, which
   * says how much of the memory is near.
   *
   * @param into [X], overwritten
   * @returns the sum
   */
  weigh(features: Float64Array, i: number, item: number, into: Float64Array): number;
}

/** States that centres are found on. */
const mostPoints = 10_000;

/**
 * LIRD's memory: a pair of state and item gets the reward pattern x with probability proportional to the summed
 * similarity of the pair to the entries with that pattern (`Similarity`).
 *
 * No sum over entries is taken when asked: with φ(s) the features of a state the sum is φ(s) · T, and T[item] was summed
 * once. For linear similarity φ(s) = (1, s) and T holds counts and means by pattern, LIRD's own shortcut, which is exact.
 * For exponential similarity e^(κs s·s') has no short φ: entries' states are replaced by the nearest of C centres
 * (k-means), φ(s) is the similarity to each, and entries of one centre, item and pattern are one group. Where there are as
 * many centres as states nothing is lost.
 *
 * An item is its own twin (cosine 1) also where it has no vector.
 *
 * @param vectors [N × F] of length 1 or 0
 * @param options.patterns X
 * @throws when there is no entry.
 */
export function rememberedRewards(
  entries: MemoryEntries,
  vectors: Float32Array,
  options: {
    readonly patterns: number;
    readonly similarity: Similarity;
    /** [C × F] of exponential similarity (`stateCentres`) */
    readonly centres: Float32Array;
  },
): RememberedRewards {
  if (entries.items.length === 0) throw new Error("rememberedRewards requires at least one entry, got none");
  const { patterns, similarity } = options;
  const parts =
    similarity.kind === "linear"
      ? linearParts(entries, vectors, { patterns, alpha: similarity.alpha })
      : exponentialParts(entries, vectors, { ...options, ...similarity });
  const { size, features, fill } = parts;
  const items = vectors.length / entries.width;
  const tables = new Array<Float64Array | undefined>(items);
  const tableOf = (item: number): Float64Array => {
    let table = tables[item];
    if (table === undefined) {
      table = new Float64Array(size * patterns);
      fill(item, table);
      tables[item] = table;
    }
    return table;
  };
  return {
    ...{ items, size, features, tableOf },
    weigh(of, i, item, into) {
      const table = tableOf(item);
      into.fill(0);
      for (let c = 0, at = 0, f = i * size; c < size; c++, f++)
        for (let x = 0; x < patterns; x++, at++) into[x] += of[f] * table[at];
      return into.reduce((sum, weight) => sum + weight, 0);
    },
  };
}

interface Parts {
  readonly size: number;
  features(states: Float32Array): Float64Array;
  fill(item: number, table: Float64Array): void;
}

function linearParts(
  { width, states, items, patterns: patternOf }: MemoryEntries,
  vectors: Float32Array,
  { patterns, alpha }: { readonly patterns: number; readonly alpha: number },
): Parts {
  const counts = new Float64Array(patterns);
  const stateSums = new Float64Array(patterns * width);
  const itemSums = new Float64Array(patterns * width);
  items.forEach((item, e) => {
    const x = patternOf[e];
    counts[x]++;
    for (let f = 0; f < width; f++) {
      stateSums[x * width + f] += states[e * width + f];
      itemSums[x * width + f] += vectors[item * width + f];
    }
  });
  return {
    size: width + 1,
    features(asked) {
      const n = asked.length / width;
      const found = new Float64Array(n * (width + 1));
      for (let i = 0; i < n; i++) {
        found[i * (width + 1)] = 1;
        found.set(asked.subarray(i * width, (i + 1) * width), i * (width + 1) + 1);
      }
      return found;
    },
    fill(item, table) {
      for (let x = 0; x < patterns; x++) {
        let alike = 0;
        for (let f = 0; f < width; f++) alike += vectors[item * width + f] * itemSums[x * width + f];
        table[x] = counts[x] + (1 - alpha) * alike;
        for (let f = 0; f < width; f++) table[(f + 1) * patterns + x] = alpha * stateSums[x * width + f];
      }
    },
  };
}

function exponentialParts(
  entries: MemoryEntries,
  vectors: Float32Array,
  {
    patterns,
    stateSharpness,
    itemSharpness,
    centres,
  }: {
    readonly patterns: number;
    readonly stateSharpness: number;
    readonly itemSharpness: number;
    readonly centres: Float32Array;
  },
): Parts {
  const { width, items, patterns: patternOf } = entries;
  const size = centres.length / width;
  const near = nearestCentres(entries.states, centres, width);
  const { offsets, places, counts } = groupsByItem(items, (e) => near[e] * patterns + patternOf[e], {
    ...{ items: vectors.length / width, groups: size * patterns },
  });
  const remembered = Int32Array.from(new Set(items)).sort();
  const alike = new Float64Array(remembered.length);
  return {
    size,
    features: (asked) => nearness(asked, centres, { width, stateSharpness }),
    fill(item, table) {
      innerProducts(vectors, remembered, remembered.length, vectors, item, width, alike);
      for (let r = 0; r < remembered.length; r++) {
        const other = remembered[r];
        const weight = item === other ? 1 : Math.exp(itemSharpness * (alike[r] - 1));
        for (let g = offsets[other]; g < offsets[other + 1]; g++) table[places[g]] += weight * counts[g];
      }
    },
  };
}

/**
 * How near states are to centres, e^(κs (cos − 1)): the features of exponential similarity.
 *
 * @param states [n × F]
 * @returns [n × C]
 */
export function nearness(
  states: Float32Array,
  centres: Float32Array,
  { width, stateSharpness }: { readonly width: number; readonly stateSharpness: number },
): Float64Array {
  const [n, size] = [states.length / width, centres.length / width];
  const found = new Float64Array(n * size);
  for (let i = 0; i < n; i++)
    for (let c = 0; c < size; c++) {
      let alike = 0;
      for (let f = 0; f < width; f++) alike += states[i * width + f] * centres[c * width + f];
      found[i * size + c] = Math.exp(stateSharpness * (alike - 1));
    }
  return found;
}

/** At most so many states that those of the entries gather around, by k-means. [C × F] of length 1 or 0 */
export function stateCentres({ width, states }: MemoryEntries, most: number, random: Random): Float32Array {
  const count = states.length / width;
  const step = Math.max(1, Math.ceil(count / mostPoints));
  const points = new Float32Array(Math.ceil(count / step) * width);
  for (let from = 0, to = 0; from < count; from += step, to++)
    points.set(states.subarray(from * width, (from + 1) * width), to * width);
  const { centroids } = kMeans(points, random, { width, k: most, iterations: 10 });
  return normaliseRows(Float32Array.from(centroids), width);
}

/** [E] which centre each state is nearest to. */
function nearestCentres(states: Float32Array, centres: Float32Array, width: number): Int32Array {
  return Int32Array.from({ length: states.length / width }, (_, e) => {
    let [best, least] = [0, Number.POSITIVE_INFINITY];
    for (let c = 0; c * width < centres.length; c++) {
      let distance = 0;
      for (let f = 0; f < width; f++) distance += (states[e * width + f] - centres[c * width + f]) ** 2;
      if (distance < least) [best, least] = [c, distance];
    }
    return best;
  });
}

/** How many entries each item has in each group: of item j the groups `places` and `counts` from offsets[j] on. */
function groupsByItem(
  owners: Int32Array,
  groupOf: (entry: number) => number,
  { items, groups }: { readonly items: number; readonly groups: number },
) {
  const keys = Float64Array.from(owners, (item, e) => item * groups + groupOf(e)).sort();
  const offsets = new Int32Array(items + 1);
  const places = new Int32Array(keys.length);
  const counts = new Float64Array(keys.length);
  let size = 0;
  keys.forEach((key, at) => {
    if (at === 0 || key !== keys[at - 1]) {
      places[size++] = key % groups;
      offsets[Math.floor(key / groups) + 1]++;
    }
    counts[size - 1]++;
  });
  for (let item = 0; item < items; item++) offsets[item + 1] += offsets[item];
  return { offsets, places, counts };
}
