/**
 * Losses over a catalogue that is too large for every update to meet all of it: which items stand for all.
 */

import {
  alwaysOfLarge,
  drawCandidates,
  drawnOfLarge,
  largestRows,
  wholeSoftmax,
} from "../encoders/candidates";
import { random } from "../math/random";
import type { Batch, ItemSample, Seen, Situation } from "../replay/batch";
import { tf } from "../tensors/tf";
import { outOfReach, placed } from "./situation";

/** Draws the items that stand for a large catalogue. */
export interface ItemSampler {
  /** For these logged items, and what is added in their states. */
  of(batch: Pick<Batch, "itemRows" | "added">): ItemSample;
  /**
   * The same as tensors for a compiled step, always as many: what is missing, as some items were logged twice, is filled
   * up with items whose power is 0.
   */
  prepared(batch: Pick<Batch, "itemRows" | "added">): { readonly sample: ItemSample };
}

/** Sizes other than the usual ones, for tests. */
export interface SampleSizes {
  /** Catalogues up to so many items are taken whole. */
  readonly whole?: number;
  /** Items of the largest biases in every sample, and others that are drawn. */
  readonly always?: number;
  readonly drawn?: number;
}

/**
 * What stands for a catalogue of over 20,000 items in a softmax (undefined for smaller ones, where all are there): the
 * logged items of the batch, the 2,000 with the largest biases, and 4,000 of the others drawn evenly, whose logits are
 * less the log of how often they are drawn, so that the sum of powers is right on average (Jean et al. 2015, section 3).
 * The batch's own items are the seed of the draw: an update that is done again, after a stop or under another policy,
 * meets the same items.
 *
 * @param itemBias [N]
 */
export function itemSample(
  itemBias: Float32Array,
  { whole = wholeSoftmax, always = alwaysOfLarge, drawn = drawnOfLarge }: SampleSizes = {},
): ItemSampler | undefined {
  const size = itemBias.length;
  if (size <= whole) return undefined;
  const first = largestRows(itemBias, always);
  const sampled = ({ itemRows, added }: Pick<Batch, "itemRows" | "added">, least: number): ItemSample => {
    const logged = Int32Array.from(itemRows.dataSync());
    const seed = logged.reduce((mixed, item) => Math.imul(mixed ^ item, 0x01000193), 0x811c9dc5) >>> 0;
    const { rows, labels, correction } = drawCandidates(logged, drawn, size, random(seed), first);
    const length = Math.max(least, rows.length);
    const all = { rows: new Int32Array(length), correction: new Float32Array(length).fill(-outOfReach) };
    all.rows.set(rows);
    all.correction.set(correction);
    return {
      rows: tf().tensor1d(all.rows, "int32"),
      labels: tf().tensor1d(labels, "int32"),
      correction: tf().tensor1d(all.correction),
      ...(added && { added: placed(someItems(rows, size).within({ added })).added }),
    };
  };
  return {
    of: (batch) => sampled(batch, 0),
    prepared: (batch) => ({
      sample: sampled(batch, Math.min(size, always + drawn) + batch.itemRows.shape[0]),
    }),
  };
}

/** Some items of a catalogue, by place instead of by row. */
export interface SomeItems {
  readonly rows: Int32Array;
  /** [N] the place of each item among them; −1 of others */
  readonly places: Int32Array;
  /** The same situation by place; what is said of other items is left out. */
  within(situation: Situation): Situation;
}

/**
 * The 20,000 items with the largest biases of those that can be had; undefined where the catalogue has no more.
 *
 * @param bias [N], the served one
 */
export function likeliest(
  bias: Float32Array,
  unavailable: ReadonlySet<number> | undefined,
  { whole: most = wholeSoftmax }: SampleSizes = {},
): SomeItems | undefined {
  if (bias.length <= most) return undefined;
  const open = bias.map((value, row) => (unavailable?.has(row) ? Number.NEGATIVE_INFINITY : value));
  return someItems(largestRows(open, most).sort(), bias.length);
}

/** @param size N */
function someItems(rows: Int32Array, size: number): SomeItems {
  const places = new Int32Array(size).fill(-1);
  rows.forEach((row, place) => {
    places[row] = place;
  });
  const kept = (pairs: Seen): Int32Array =>
    Int32Array.from(pairs.items.keys()).filter((i) => places[pairs.items[i]] >= 0);
  return {
    rows,
    places,
    within({ seen, added }) {
      const had = seen && kept(seen);
      const more = added && kept(added);
      return {
        ...(had && {
          seen: { rows: had.map((i) => seen.rows[i]), items: had.map((i) => places[seen.items[i]]) },
        }),
        ...(more && {
          added: {
            rows: more.map((i) => added.rows[i]),
            items: more.map((i) => places[added.items[i]]),
            values: Float32Array.from(more, (i) => added.values[i]),
          },
        }),
      };
    },
  };
}
