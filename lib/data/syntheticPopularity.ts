import { drawFree, runningSums } from "../math/drawFree";
import { type Random, random } from "../math/random";
import type { Dataset } from "./dataset";
import {
  type Choices,
  defaultSizes,
  type LogSizes,
  makeLog,
  ratingOf,
  requireSizes,
  spanDays,
  syntheticOfKind,
} from "./syntheticLog";

/** How trends rise and fall. */
export interface PopularityConfig extends LogSizes {
  /** Probability that a reader takes something of their own genre instead of what is read just now, in [0, 1]. */
  readonly ownTaste: number;
  /** Shortest and longest half-width (standard deviation) of a trend, in days. */
  readonly width: readonly [number, number];
  /** Mean height of a trend at its peak, as the logarithm of the factor by which it multiplies readers. */
  readonly height: number;
}

const popularityDefaults: PopularityConfig = {
  ...defaultSizes,
  ownTaste: 0.1,
  width: [40, 160],
  height: 1.3,
};

const genres = 10;

/** A log in which everybody reads what everybody reads just now. */
export interface PopularityDataset extends Dataset {
  /** [730 × items] log of how much each item is read, day by day; a constant of a day does not matter. */
  readonly logFame: Float32Array;
}

/**
 * A log driven by what is popular at the moment, which changes:
 *
 *   P(next = j | day t) = .9 · softmax_j(f_j(t)) + .1 · (1 / size of the reader's genre, for items of it)
 *   f_j(t) = b_j + h_j · exp(−((t − p_j) / s_j)² / 2)
 *
 * b_j normal with standard deviation .5; height h_j exponential with mean 1.3 (so factors e^h are about as
 * unequal as Zipf's); peak p_j uniform from 73 days before
 * the log to 73 days after it; half-width s_j log-uniform from 40 to 160 days. A reader has one of ten genres (as
 * each item has), and that is all the taste there is (`ownTaste`). Nothing is read twice, no item leads to
 * another. Ratings: round(4 + .4 · quality of the item + .6 · noise) within 1 .. 5, both standard normal.
 *
 * @throws when the sizes are impossible.
 * @example syntheticPopularity({ seed: 1 }).name // "synthetic-popularity"
 */
export function syntheticPopularity(
  options: { readonly seed?: number; readonly config?: Partial<PopularityConfig> } = {},
): PopularityDataset {
  const config = { ...popularityDefaults, ...options.config };
  requireSizes("syntheticPopularity", config);
  const { items, ownTaste } = config;
  const seed = options.seed ?? 1;
  const draw = random(seed).fork("synthetic popularity");
  const logFame = makeTrends(config, draw.fork("trends"));
  const itemDraw = draw.fork("items");
  const quality = Float64Array.from({ length: items }, () => itemDraw.normal());
  const genreOf = Int32Array.from({ length: items }, (_, item) => item % genres);
  const byGenre = Array.from({ length: genres }, (_, genre) =>
    runningSums(Float64Array.from(genreOf, (of) => (of === genre ? 1 : 0))),
  );
  const weights = new Float64Array(items);
  const byDay = Array.from({ length: spanDays }, (_, t) => {
    for (let item = 0; item < items; item++) weights[item] = Math.exp(logFame[t * items + item]);
    return runningSums(weights);
  });
  const steps = draw.fork("steps");

  const seen = new Uint8Array(items);
  const choose = (_: number, moments: Float64Array): Choices => {
    seen.fill(0);
    const own = byGenre[steps.integer(genres)];
    const chosen = Array.from(moments, (moment) => {
      const next = drawFree(steps.next() < ownTaste ? own : byDay[Math.floor(moment)], seen, steps);
      seen[next] = 1;
      return next;
    });
    return { items: chosen, ratings: chosen.map((item) => ratingOf(4 + 0.4 * quality[item], 0.6, steps)) };
  };
  const interactions = makeLog(config, draw.fork("log"), choose);
  const text = { genres: Array.from(genreOf, (genre) => `genre ${genre + 1}`) };
  return { ...syntheticOfKind("popularity", interactions, seed, { text }), logFame };
}

/** [730 × items] */
function makeTrends({ items, width, height }: PopularityConfig, draw: Random): Float32Array {
  const logFame = new Float32Array(spanDays * items);
  for (let item = 0; item < items; item++) {
    const base = 0.5 * draw.normal();
    const top = -height * Math.log(1 - draw.next());
    const peak = spanDays * (1.2 * draw.next() - 0.1);
    const spread = width[0] * (width[1] / width[0]) ** draw.next();
    for (let t = 0; t < spanDays; t++)
      logFame[t * items + item] = base + top * Math.exp(-(((t - peak) / spread) ** 2) / 2);
  }
  return logFame;
}
