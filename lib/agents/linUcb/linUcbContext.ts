import type { Histories } from "../../data/histories";
import { clockFeatures, type ItemClock } from "./itemClock";

/** Numbers in a context over item vectors of this width: d = 3F + 5. */
export const contextSize = (width: number): number => 1 + 3 * width + clockFeatures;

/** Where the parts of a context start. */
export const contextParts = (width: number) => ({
  taste: 1,
  item: 1 + width,
  both: 1 + 2 * width,
  clock: 1 + 3 * width,
});

/** What a context is made of. */
export interface ContextSource {
  /** [N × F] */
  readonly vectors: Float32Array;
  readonly clock: ItemClock;
  /** F */
  readonly width: number;
}

/**
 * Writes x(user, item, moment) [d] to target[at ..]: 1; the user's taste u; the item's vector v; u∘v, number by
 * number; and what the clock says of the item at this moment (how often taken, how liked, how often lately, how
 * long ago). u alone says who rates high and orders no items: only in u∘v does the order of items depend on the
 * user. The clock's part is where the moment enters.
 *
 * @param taste holds u [F] from place `from`
 */
export function writeContext(
  { vectors, clock, width }: ContextSource,
  pair: { readonly taste: ArrayLike<number>; readonly from: number; readonly item: number },
  target: Float32Array | Float64Array,
  at: number,
): void {
  const { taste, from, item } = pair;
  target[at] = 1;
  for (let f = 0; f < width; f++) {
    const [u, v] = [taste[from + f], vectors[item * width + f]];
    target[at + 1 + f] = u;
    target[at + 1 + width + f] = v;
    target[at + 1 + 2 * width + f] = u * v;
  }
  clock.write(item, target, at + 1 + 3 * width);
}

/** Whose taste is asked for, and how. */
export interface TasteOptions {
  readonly width: number;
  /** Weight of a history's item for each step back, in (0, 1]. */
  readonly recency: number;
}

/**
 * [n × F] mean of each history's item vectors, the newest counting most; zeros for an empty history.
 *
 * @example vectors 1 and 4 with recency .5: (.5 · 1 + 4) / 1.5 = 3
 */
export function tasteOf(
  histories: Histories,
  vectors: Float32Array,
  { width, recency }: TasteOptions,
): Float64Array {
  const tastes = new Float64Array(histories.size * width);
  for (let h = 0; h < histories.size; h++) {
    let [weight, total] = [1, 0];
    for (let e = histories.offsets[h + 1] - 1; e >= histories.offsets[h] && weight > 1e-9; e--) {
      for (let f = 0; f < width; f++)
        tastes[h * width + f] += weight * vectors[histories.items[e] * width + f];
      total += weight;
      weight *= recency;
    }
    if (total > 0) for (let f = 0; f < width; f++) tastes[h * width + f] /= total;
  }
  return tastes;
}

/** The same for all users at once while a log goes by: what `tasteOf` says of the part that has gone by. */
export function runningTastes(users: number, vectors: Float32Array, { width, recency }: TasteOptions) {
  const sums = new Float64Array(users * width);
  const totals = new Float64Array(users);
  const taste = new Float64Array(width);
  return {
    /** [F], reused from call to call */
    of(user: number): Float64Array {
      const total = totals[user];
      for (let f = 0; f < width; f++) taste[f] = total > 0 ? sums[user * width + f] / total : 0;
      return taste;
    },
    add(user: number, item: number): void {
      for (let f = 0; f < width; f++)
        sums[user * width + f] = recency * sums[user * width + f] + vectors[item * width + f];
      totals[user] = recency * totals[user] + 1;
    },
  };
}

/** The entries of all histories in the order in which they happened (their rows in the log), and whose they are. */
export function inTime({ size, offsets, rows }: Histories): { order: Int32Array; owners: Int32Array } {
  const owners = new Int32Array(rows.length);
  for (let h = 0; h < size; h++) owners.fill(h, offsets[h], offsets[h + 1]);
  let last = -1;
  for (const row of rows) last = Math.max(last, row);
  const entryOf = new Int32Array(last + 1).fill(-1);
  for (let e = 0; e < rows.length; e++) {
    if (rows[e] < 0) return { order: Int32Array.from(rows.keys()), owners }; // made by hand: as they come
    entryOf[rows[e]] = e;
  }
  return { order: entryOf.filter((e) => e >= 0), owners };
}
