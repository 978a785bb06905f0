import { giniOf } from "../math/gini";
import { meanOf } from "../math/mean";
import { quantile } from "../math/quantile";
import type { Interactions } from "./interactions";

/** Least, quartiles, most and mean of a count a user or an item. */
export interface Spread {
  readonly least: number;
  readonly lowerQuartile: number;
  readonly median: number;
  readonly upperQuartile: number;
  readonly most: number;
  readonly mean: number;
}

/** What can be said about a log before anything is learned from it. */
export interface Summary {
  readonly users: number;
  /** Size of the catalogue. */
  readonly items: number;
  readonly itemsWithRows: number;
  readonly rows: number;
  /** Share of the user × item table that is filled. */
  readonly density: number;
  /** Each rating or weight that occurs (at most 100 distinct; else empty), ascending, and how often. */
  readonly weights: readonly { readonly weight: number; readonly rows: number }[];
  readonly meanWeight: number;
  readonly perUser: Spread;
  /** Over the items that occur. */
  readonly perItem: Spread;
  /** [items] rows of each item, most first: the popularity curve. */
  readonly popularity: Int32Array;
  /** Gini coefficient of the rows per item, over the catalogue: 0 all alike, near 1 one has all. */
  readonly popularityGini: number;
  /** Share of the rows that the most popular tenth of the catalogue carries. */
  readonly topTenthShare: number;
  /** Rows in which a user meets an item again. */
  readonly repeatedRows: number;
  /** One entry a tenth of the log in time order. */
  readonly deciles: readonly Decile[];
}

/** How a tenth of the log differs from what came before it. */
export interface Decile {
  readonly rows: number;
  /** Share of its 100 most popular items that were among the 100 of the tenth before; NaN in the first. */
  readonly keptPopular: number;
  /** Share of its rows whose item never occurred before it; 1 in the first. */
  readonly newItemRows: number;
  /** Share of its rows whose user never occurred before it; 1 in the first. */
  readonly newUserRows: number;
}

const popularItems = 100;

/**
 * Counts what a log holds.
 *
 * @throws when the log is empty.
 * @example summaryOf(dataset.interactions).deciles[9].newItemRows // how much of the last tenth is new
 */
export function summaryOf(interactions: Interactions): Summary {
  const { size, users, items, weights, userIds, itemIds } = interactions;
  if (size === 0) throw new Error("summaryOf requires at least one row, got none");
  const userCounts = new Int32Array(userIds.length);
  const itemCounts = new Int32Array(itemIds.length);
  const weightCounts = new Map<number, number>();
  // Sorted keys instead of a set: a set of millions takes a gigabyte.
  const keys = new Float64Array(size);
  let sum = 0;
  for (let row = 0; row < size; row++) {
    userCounts[users[row]]++;
    itemCounts[items[row]]++;
    sum += weights[row];
    keys[row] = users[row] * itemIds.length + items[row];
    if (weightCounts.size <= 100) weightCounts.set(weights[row], (weightCounts.get(weights[row]) ?? 0) + 1);
  }
  keys.sort();
  let pairs = 0;
  for (let i = 0; i < size; i++) if (i === 0 || keys[i] !== keys[i - 1]) pairs++;
  const popularity = itemCounts.slice().sort().reverse();
  const top = popularity.subarray(0, Math.ceil(itemIds.length / 10));
  return {
    users: userIds.length,
    items: itemIds.length,
    itemsWithRows: itemCounts.filter((count) => count > 0).length,
    rows: size,
    density: pairs / (userIds.length * itemIds.length),
    weights:
      weightCounts.size > 100
        ? []
        : [...weightCounts].sort((a, b) => a[0] - b[0]).map(([weight, rows]) => ({ weight, rows })),
    meanWeight: sum / size,
    perUser: spreadOf(userCounts),
    perItem: spreadOf(itemCounts.filter((count) => count > 0)),
    popularity,
    popularityGini: giniOf(popularity),
    topTenthShare: top.reduce((total, count) => total + count, 0) / size,
    repeatedRows: size - pairs,
    deciles: decilesOf(interactions),
  };
}

function spreadOf(counts: Int32Array): Spread {
  const sorted = counts.slice().sort();
  return {
    least: quantile(sorted, 0),
    lowerQuartile: quantile(sorted, 0.25),
    median: quantile(sorted, 0.5),
    upperQuartile: quantile(sorted, 0.75),
    most: quantile(sorted, 1),
    mean: meanOf(sorted),
  };
}

function decilesOf(interactions: Interactions): Decile[] {
  const { size, users, items } = interactions;
  const knownItems = new Uint8Array(interactions.itemIds.length);
  const knownUsers = new Uint8Array(interactions.userIds.length);
  const deciles: Decile[] = [];
  let before: Set<number> | undefined;
  for (let decile = 0; decile < 10; decile++) {
    const [from, to] = [Math.floor((decile * size) / 10), Math.floor(((decile + 1) * size) / 10)];
    let [newItems, newUsers] = [0, 0];
    const counts = new Map<number, number>();
    for (let row = from; row < to; row++) {
      const item = items[row];
      if (knownItems[item] === 0) newItems++;
      if (knownUsers[users[row]] === 0) newUsers++;
      counts.set(item, (counts.get(item) ?? 0) + 1);
    }
    for (let row = from; row < to; row++) {
      knownItems[items[row]] = 1;
      knownUsers[users[row]] = 1;
    }
    const popular = [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0]).slice(0, popularItems);
    const kept = popular.filter(([item]) => before?.has(item)).length;
    deciles.push({
      rows: to - from,
      keptPopular: before === undefined || popular.length === 0 ? Number.NaN : kept / popular.length,
      newItemRows: newItems / Math.max(1, to - from),
      newUserRows: newUsers / Math.max(1, to - from),
    });
    before = new Set(popular.map(([item]) => item));
  }
  return deciles;
}
