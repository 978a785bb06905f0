import { drawFree, runningSums } from "../math/drawFree";
import { drawFrom } from "../math/drawFrom";
import { type Random, random } from "../math/random";
import type { Dataset } from "./dataset";
import {
  type Choices,
  defaultSizes,
  type LogSizes,
  makeLog,
  ratingOf,
  requireSizes,
  syntheticOfKind,
} from "./syntheticLog";

/** How readers go from item to item. */
export interface SequenceConfig extends LogSizes {
  /** Items in a series. */
  readonly seriesLength: number;
  /** Probability that the next item is a successor of one read before, in [0, 1]. */
  readonly follow: number;
  /** Of those, the share that goes on from the item before the last one, in [0, 1]. */
  readonly fromBefore: number;
}

const sequenceDefaults: SequenceConfig = {
  ...defaultSizes,
  seriesLength: 6,
  follow: 0.8,
  fromBefore: 0.2,
};

/** Successors of an item, and how often each is the one that is taken. */
const successorShares = Float64Array.of(0.7, 0.2, 0.1);

/** A log whose next item depends on the last two. */
export interface SequenceDataset extends Dataset {
  /** [items × 3] item rows, item by item: the likeliest successor first. */
  readonly successorsOf: Int32Array;
}

/**
 * A log in which what comes next depends on what came last, and on nothing else of the reader:
 *
 *   P(next = j | last = i, before = h) = φ · ((1 − β) · S(i, j) + β · S(h, j)) + (1 − φ) · F(j)
 *
 * φ = .8 (`follow`), β = .2 (`fromBefore`). S(i, ·) puts .7, .2 and .1 on three successors of i: the first is
 * the next part of its series (series have 6 parts; after the last part, the first part of a series drawn once
 * for all), the other two are items drawn once for all. F is fame: proportional to 1 / (r + 20), r drawn once from
 * 0 .. items − 1. Nothing is read twice: where the successor was read already, another of the three is taken, and
 * fame decides where all three were. Readers have no taste, fame does not change with time. Ratings say nothing of
 * what comes next: round(3.9 + .5 · quality of the item + .7 · noise) within 1 .. 5, both standard normal.
 *
 * @throws when the sizes are impossible.
 * @example syntheticSequence({ seed: 1 }).name // "synthetic-sequence"
 */
export function syntheticSequence(
  options: { readonly seed?: number; readonly config?: Partial<SequenceConfig> } = {},
): SequenceDataset {
  const config = { ...sequenceDefaults, ...options.config };
  requireSizes("syntheticSequence", config);
  const { items, seriesLength, follow, fromBefore } = config;
  const seed = options.seed ?? 1;
  const draw = random(seed).fork("synthetic sequence");
  const successorsOf = makeSuccessors(items, seriesLength, draw.fork("successors"));
  const itemDraw = draw.fork("items");
  const quality = Float64Array.from({ length: items }, () => itemDraw.normal());
  const fame = runningSums(Float64Array.from({ length: items }, () => 1 / (itemDraw.integer(items) + 20)));
  const steps = draw.fork("steps");

  const seen = new Uint8Array(items);
  const choose = (_: number, moments: Float64Array): Choices => {
    seen.fill(0);
    const chosen: number[] = [];
    for (let i = 0; i < moments.length; i++) {
      const from = i > 1 && steps.next() < fromBefore ? chosen[i - 2] : (chosen[i - 1] ?? -1);
      let next = -1;
      if (from >= 0 && steps.next() < follow) {
        const drawn = drawFrom(successorShares, steps);
        for (let tries = 0; tries < successorShares.length && next < 0; tries++) {
          const place = (drawn + tries) % successorShares.length;
          const successor = successorsOf[successorShares.length * from + place];
          if (seen[successor] === 0) next = successor;
        }
      }
      if (next < 0) next = drawFree(fame, seen, steps);
      seen[next] = 1;
      chosen.push(next);
    }
    return { items: chosen, ratings: chosen.map((item) => ratingOf(3.9 + 0.5 * quality[item], 0.7, steps)) };
  };
  const interactions = makeLog(config, draw.fork("log"), choose);
  const titles = Array.from(quality, (_, item) => titleOf(item, seriesLength));
  return { ...syntheticOfKind("sequence", interactions, seed, { titles }), successorsOf };
}

/** [items × 3] */
function makeSuccessors(items: number, seriesLength: number, draw: Random): Int32Array {
  const kinds = successorShares.length;
  const successors = new Int32Array(items * kinds);
  const series = Math.floor(items / seriesLength);
  for (let item = 0; item < items; item++) {
    const isLast = (item + 1) % seriesLength === 0 || item + 1 === items;
    successors[kinds * item] = isLast ? seriesLength * draw.integer(series) : item + 1;
    for (let s = 1; s < kinds; s++) successors[kinds * item + s] = draw.integer(items);
  }
  return successors;
}

function titleOf(item: number, seriesLength: number): string {
  return `Series ${Math.floor(item / seriesLength) + 1}, part ${(item % seriesLength) + 1}`;
}
