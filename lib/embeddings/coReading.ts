import { type Histories, takeHistories } from "../data/histories";
import { type Random, shuffle } from "../math/random";
import { orthonormalise, symmetricEigen } from "./linearSystems";

export interface CoReadingOptions {
  /** A: numbers in an item vector. */
  readonly factors: number;
  /** γ in (0, 1]: two books d places apart in a history count γ^(d − 1). */
  readonly decay: number;
  /** Places looked at on either side. */
  readonly window: number;
  /** σ in (0, 1]: popularity is flattened to count^σ in the denominators, which lifts rare pairs less. */
  readonly smoothing: number;
  /** Pairs that weigh less than this together are left out as chance. */
  readonly minimumCount: number;
  /** Multiplications by the matrix that sharpen the factors. */
  readonly iterations: number;
  /** Of a longer log, the histories of users drawn at random are counted, about so many entries together. */
  readonly entries: number;
}

export const coReadingDefaults: CoReadingOptions = {
  factors: 64,
  decay: 0.8,
  window: 10,
  smoothing: 0.75,
  minimumCount: 1,
  iterations: 4,
  entries: 3_000_000,
};

/** A symmetric sparse matrix, row by row. */
export interface PairMatrix {
  readonly size: number;
  readonly offsets: Int32Array;
  readonly columns: Int32Array;
  readonly values: Float64Array;
}

/**
 * Item vectors from what is read close together: the decayed counts of neighbours in the histories, as
 * positive pointwise mutual information, and its leading factors (Levy and Goldberg 2014: U·Σ^½). Series and
 * authors end up together, which makes it a better start for item vectors than random numbers.
 *
 * @returns [N × A], rows of length 1; zeros for an item without neighbours
 * @throws when a setting is out of range.
 * @example coReading(historiesOf(interactions, split.train), catalog.size, random(1))
 */
export function coReading(
  histories: Histories,
  items: number,
  random: Random,
  changes: Partial<CoReadingOptions> = {},
): Float32Array {
  const options = { ...coReadingDefaults, ...changes };
  requireOptions(options);
  const { vectors, values } = leadingFactors(
    informationOf(pairCounts(someOf(histories, random, options), items, options), options),
    random,
    options,
  );
  const { factors } = options;
  const result = new Float32Array(items * factors);
  for (let row = 0; row < items; row++) {
    let squared = 0;
    for (let a = 0; a < factors; a++) squared += vectors[row * factors + a] ** 2 * Math.abs(values[a]);
    if (squared < 1e-16) continue;
    for (let a = 0; a < factors; a++)
      result[row * factors + a] = vectors[row * factors + a] * Math.sqrt(Math.abs(values[a]) / squared);
  }
  return result;
}

/** All histories, or of so many that their pairs would not fit into memory those of users drawn at random. */
function someOf(histories: Histories, random: Random, { entries }: { readonly entries: number }): Histories {
  if (histories.items.length <= entries) return histories;
  const order = shuffle(
    Int32Array.from({ length: histories.size }, (_, h) => h),
    random.fork("histories"),
  );
  let [count, sum] = [0, 0];
  while (sum < entries) {
    sum += histories.offsets[order[count] + 1] - histories.offsets[order[count]];
    count++;
  }
  return takeHistories(histories, order.slice(0, count).sort());
}

function requireOptions(options: CoReadingOptions): void {
  for (const name of Object.keys(options))
    if (!(name in coReadingDefaults)) throw new Error(`coReading requires known options, got "${name}"`);
  for (const name of ["factors", "window", "iterations", "entries"] as const)
    if (!(Number.isSafeInteger(options[name]) && options[name] >= 1))
      throw new Error(`coReading requires ${name} of at least 1, got ${options[name]}`);
  for (const name of ["decay", "smoothing"] as const)
    if (!(options[name] > 0 && options[name] <= 1))
      throw new Error(`coReading requires ${name} in (0, 1], got ${options[name]}`);
}

/** Decayed counts of neighbours, symmetric. Row by row over each item's occurrences, so no hash table is needed. */
export function pairCounts(histories: Histories, items: number, options: CoReadingOptions): PairMatrix {
  const { decay, window, minimumCount } = options;
  const places = new Int32Array(items + 1);
  for (const item of histories.items) places[item + 1]++;
  for (let item = 0; item < items; item++) places[item + 1] += places[item];
  const next = places.slice();
  const entryOf = new Int32Array(histories.items.length);
  const historyOf = new Int32Array(histories.items.length);
  for (let h = 0; h < histories.size; h++)
    for (let e = histories.offsets[h]; e < histories.offsets[h + 1]; e++) {
      historyOf[e] = h;
      entryOf[next[histories.items[e]]++] = e;
    }
  const offsets = new Int32Array(items + 1);
  let columns = new Int32Array(2 ** 16);
  let values = new Float64Array(2 ** 16);
  let size = 0;
  const keep = (neighbour: number, sum: number): void => {
    if (size === columns.length) {
      // JavaScript's own lists end at 134 million numbers.
      const [wider, longer] = [new Int32Array(2 * size), new Float64Array(2 * size)];
      wider.set(columns);
      longer.set(values);
      [columns, values] = [wider, longer];
    }
    columns[size] = neighbour;
    values[size++] = sum;
  };
  const sums = new Float64Array(items);
  for (let item = 0; item < items; item++) {
    const touched: number[] = [];
    for (let p = places[item]; p < places[item + 1]; p++) {
      const e = entryOf[p];
      const h = historyOf[e];
      const first = Math.max(histories.offsets[h], e - window);
      const last = Math.min(histories.offsets[h + 1] - 1, e + window);
      for (let other = first; other <= last; other++) {
        const neighbour = histories.items[other];
        if (neighbour === item) continue;
        if (sums[neighbour] === 0) touched.push(neighbour);
        sums[neighbour] += decay ** (Math.abs(other - e) - 1);
      }
    }
    touched.sort((a, b) => a - b);
    for (const neighbour of touched) {
      // A sum can only differ from its mirror by rounding; half a millionth keeps both on one side of the limit.
      if (sums[neighbour] >= minimumCount - 5e-7) keep(neighbour, sums[neighbour]);
      sums[neighbour] = 0;
    }
    offsets[item + 1] = size;
  }
  return { size: items, offsets, columns: columns.slice(0, size), values: values.slice(0, size) };
}

/** max(0, log(n_ij · D / (n_i^σ n_j^σ))) with D chosen so that chance gives 0, for each counted pair. */
export function informationOf(counts: PairMatrix, { smoothing }: { readonly smoothing: number }): PairMatrix {
  const totals = new Float64Array(counts.size);
  let all = 0;
  for (let row = 0; row < counts.size; row++) {
    for (let e = counts.offsets[row]; e < counts.offsets[row + 1]; e++) totals[row] += counts.values[e];
    all += totals[row];
    totals[row] = totals[row] ** smoothing;
  }
  let flattened = 0;
  for (const total of totals) flattened += total;
  const values = new Float64Array(counts.values.length);
  for (let row = 0; row < counts.size; row++)
    for (let e = counts.offsets[row]; e < counts.offsets[row + 1]; e++) {
      const expected = (totals[row] / flattened) * (totals[counts.columns[e]] / flattened);
      values[e] = Math.max(0, Math.log(counts.values[e] / all / expected));
    }
  return { ...counts, values };
}

/**
 * The factors with the largest |eigenvalue| of a symmetric matrix, by randomised subspace iteration with eight
 * columns to spare and a small eigenproblem at the end (Halko, Martinsson and Tropp 2011, algorithms 4.4, 5.3).
 *
 * @returns vectors [N × A] with orthonormal columns, values [A] with falling |value|
 */
export function leadingFactors(
  matrix: PairMatrix,
  random: Random,
  { factors, iterations }: { readonly factors: number; readonly iterations: number },
): { readonly vectors: Float64Array; readonly values: Float64Array } {
  const { size } = matrix;
  const columns = Math.min(size, factors + 8);
  let basis: Float64Array = Float64Array.from({ length: size * columns }, () => random.normal());
  for (let pass = 0; pass <= iterations; pass++) {
    basis = times(matrix, basis, columns);
    orthonormalise(basis, columns);
  }
  const image = times(matrix, basis, columns);
  const small = new Float64Array(columns * columns);
  for (let row = 0; row < size; row++)
    for (let i = 0; i < columns; i++)
      for (let j = 0; j < columns; j++)
        small[i * columns + j] += basis[row * columns + i] * image[row * columns + j];
  const eigen = symmetricEigen(small, columns);
  const order = [...eigen.values.keys()].sort(
    (a, b) => Math.abs(eigen.values[b]) - Math.abs(eigen.values[a]) || a - b,
  );
  const vectors = new Float64Array(size * factors);
  const values = new Float64Array(factors);
  for (let a = 0; a < Math.min(factors, columns); a++) {
    const from = order[a];
    values[a] = eigen.values[from];
    for (let row = 0; row < size; row++)
      for (let c = 0; c < columns; c++)
        vectors[row * factors + a] += basis[row * columns + c] * eigen.vectors[c * columns + from];
  }
  return { vectors, values };
}

/** M B for a sparse M [N × N] and a dense B [N × C]. */
function times(matrix: PairMatrix, dense: Float64Array, columns: number): Float64Array {
  const result = new Float64Array(dense.length);
  for (let row = 0; row < matrix.size; row++)
    for (let e = matrix.offsets[row]; e < matrix.offsets[row + 1]; e++) {
      const value = matrix.values[e];
      const from = matrix.columns[e] * columns;
      if (value !== 0) for (let c = 0; c < columns; c++) result[row * columns + c] += value * dense[from + c];
    }
  return result;
}
