import { type Random, random } from "../math/random";
import { catalogOfIds } from "./catalog";
import type { Dataset } from "./dataset";
import type { Interactions } from "./interactions";
import { countsOf } from "./readInteractions";

/** How the synthetic readers and items are made. */
export interface SyntheticConfig {
  /** Number of users, at least 10. */
  readonly users: number;
  /** Number of items, at least 2 for each genre. */
  readonly items: number;
  readonly genres: number;
  /** Items in a series; each is usually read after the one before it. At least 1. */
  readonly seriesLength: number;
  /** Shortest and longest history. */
  readonly rows: readonly [number, number];
  /** Probability that a reader goes on with the series just read, in [0, 1]. */
  readonly followSeries: number;
  /** Standard deviation of a rating around the true preference. */
  readonly noise: number;
}

export const syntheticDefaults: SyntheticConfig = {
  users: 500,
  items: 300,
  genres: 10,
  seriesLength: 3,
  rows: [30, 80],
  followSeries: 0.35,
  noise: 0.5,
};

/** A dataset whose truth is known. */
export interface SyntheticDataset extends Dataset {
  /** [users × items] the expected rating before noise and rounding, user by user. */
  readonly preferences: Float32Array;
  /** [items] genre of each item; also in the catalogue as text. */
  readonly genreOf: Int32Array;
  /** [items] the item that follows in its series, or -1. */
  readonly sequelOf: Int32Array;
}

const day = 86_400;
/** 2020-01-01, so that times look like times. */
const start = 1_577_836_800;
const span = 730 * day;

/**
 * Makes readers and items with known preferences: each reader likes some genres, each item has a quality, and
 * preference = 3 + 1.2 · affinity(reader, genre) + .6 · quality(item), kept within 1 .. 5. Readers choose what
 * they will like, what is popular (a few items by far) and what is new, or go on with the series they are in;
 * they never choose an item twice. Ratings are preferences with noise, rounded to 1 .. 5. Two years of times.
 *
 * @throws when the configuration leaves readers without enough items.
 * @example syntheticDataset({ seed: 1 }).interactions.userIds.length // 500
 */
export function syntheticDataset(
  options: { readonly seed?: number; readonly config?: Partial<SyntheticConfig> } = {},
): SyntheticDataset {
  const config = { ...syntheticDefaults, ...options.config };
  if (!(config.users >= 10 && config.items >= 2 * config.genres && config.rows[1] <= config.items))
    throw new Error(
      `syntheticDataset requires 10 users, 2 items a genre and histories no longer than the catalogue, got ${config.users} users, ${config.items} items, rows up to ${config.rows[1]}`,
    );
  const seed = options.seed ?? 1;
  const draw = random(seed);
  const items = makeItems(config, draw.fork("items"));
  const preferences = makePreferences(config, items, draw.fork("preferences"));
  const interactions = makeLog(config, items, preferences, draw.fork("log"));
  const catalog = {
    ...catalogOfIds(interactions.itemIds),
    titles: Array.from(items.genreOf, (genre, item) => titleOf(item, genre, config.seriesLength)),
    text: { genres: Array.from(items.genreOf, (genre) => `genre ${genre + 1}`) },
    numbers: { quality: Float64Array.from(items.quality) },
  };
  return {
    name: "synthetic",
    label: `synthetic data (${countsOf(interactions)}, seed ${seed})`,
    origin: "made here",
    interactions,
    catalog,
    skippedRows: 0,
    notices: [],
    preferences,
    genreOf: items.genreOf,
    sequelOf: items.sequelOf,
  };
}

interface Items {
  readonly genreOf: Int32Array;
  readonly sequelOf: Int32Array;
  readonly quality: Float64Array;
  /** Log of how well known each item is. */
  readonly fame: Float64Array;
  /** When it appears, in [0, 1) of the time span; 0 for three of four. */
  readonly release: Float64Array;
}

function makeItems(config: SyntheticConfig, draw: Random): Items {
  const { items, genres, seriesLength } = config;
  const series = Math.ceil(items / seriesLength);
  const seriesGenre = Int32Array.from({ length: series }, (_, s) => s % genres);
  const seriesRelease = Float64Array.from({ length: series }, () =>
    draw.next() < 0.75 ? 0 : 0.9 * draw.next(),
  );
  const seriesFame = Float64Array.from({ length: series }, () => draw.normal());
  const seriesOf = (item: number): number => Math.floor(item / seriesLength);
  const positions = Array.from({ length: items }, (_, item) => item);
  return {
    genreOf: Int32Array.from(positions, (item) => seriesGenre[seriesOf(item)]),
    sequelOf: Int32Array.from(positions, (item) =>
      item + 1 < items && seriesOf(item + 1) === seriesOf(item) ? item + 1 : -1,
    ),
    quality: Float64Array.from(positions, () => draw.normal()),
    fame: Float64Array.from(positions, (item) => seriesFame[seriesOf(item)] - 0.5 * (item % seriesLength)),
    release: Float64Array.from(positions, (item) => seriesRelease[seriesOf(item)]),
  };
}

/** [users × items] */
function makePreferences(config: SyntheticConfig, items: Items, draw: Random): Float32Array {
  const preferences = new Float32Array(config.users * config.items);
  const affinity = new Float64Array(config.genres);
  for (let user = 0; user < config.users; user++) {
    for (let genre = 0; genre < config.genres; genre++) affinity[genre] = draw.normal();
    for (let item = 0; item < config.items; item++) {
      const value = 3 + 1.2 * affinity[items.genreOf[item]] + 0.6 * items.quality[item];
      preferences[user * config.items + item] = Math.min(5, Math.max(1, value));
    }
  }
  return preferences;
}

function makeLog(
  config: SyntheticConfig,
  items: Items,
  preferences: Float32Array,
  draw: Random,
): Interactions {
  const rows: { user: number; item: number; rating: number; time: number }[] = [];
  const weights = new Float64Array(config.items);
  for (let user = 0; user < config.users; user++) {
    const count = config.rows[0] + draw.integer(config.rows[1] - config.rows[0] + 1);
    // A reader comes at some time and reads for about a third of the two years.
    let now = draw.next() * 0.7;
    const pace = 0.3 / count;
    const seen = new Uint8Array(config.items);
    let last = -1;
    for (let step = 0; step < count; step++) {
      now = Math.min(0.9999, now - Math.log(1 - draw.next()) * pace);
      const sequel = last < 0 ? -1 : items.sequelOf[last];
      const follows = sequel >= 0 && seen[sequel] === 0 && draw.next() < config.followSeries;
      const liked = preferences.subarray(user * config.items, (user + 1) * config.items);
      const item = follows ? sequel : chooseItem(items, liked, seen, now, weights, draw);
      if (item < 0) break;
      seen[item] = 1;
      last = item;
      const noisy = preferences[user * config.items + item] + config.noise * draw.normal();
      const rating = Math.min(5, Math.max(1, Math.round(noisy)));
      rows.push({ user, item, rating, time: Math.floor(start + now * span) });
    }
  }
  // Array sort is stable: rows of one second keep the order in which they were made.
  rows.sort((a, b) => a.time - b.time);
  return {
    size: rows.length,
    users: Int32Array.from(rows, (row) => row.user),
    items: Int32Array.from(rows, (row) => row.item),
    weights: Float32Array.from(rows, (row) => row.rating),
    times: Float64Array.from(rows, (row) => row.time),
    userIds: Array.from({ length: config.users }, (_, user) => String(user + 1)),
    itemIds: Array.from({ length: config.items }, (_, item) => String(item + 1)),
    order: "timestamp",
    weightKind: "rating",
    extra: {},
  };
}

/** A draw by fame, liking and newness among the items that are out and not yet had; -1 when there are none. */
function chooseItem(
  items: Items,
  liked: Float32Array,
  seen: Uint8Array,
  now: number,
  weights: Float64Array,
  draw: Random,
): number {
  let total = 0;
  for (let item = 0; item < liked.length; item++) {
    const age = now - items.release[item];
    const isOut = seen[item] === 0 && age >= 0;
    const news = items.release[item] > 0 ? 2 * Math.exp(-age / 0.08) : 0;
    weights[item] = isOut ? Math.exp(1.2 * items.fame[item] + 0.8 * (liked[item] - 3) + news) : 0;
    total += weights[item];
  }
  if (total === 0) return -1;
  let left = draw.next() * total;
  let chosen = -1;
  for (let item = 0; item < weights.length; item++) {
    if (weights[item] === 0) continue;
    chosen = item;
    left -= weights[item];
    if (left < 0) break;
  }
  return chosen;
}

function titleOf(item: number, genre: number, seriesLength: number): string {
  return `Series ${Math.floor(item / seriesLength) + 1}, part ${(item % seriesLength) + 1} (genre ${genre + 1})`;
}
