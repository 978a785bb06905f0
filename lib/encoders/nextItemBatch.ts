import type { Histories } from "../data/histories";
import type { Random } from "../math/random";
import { type Tensor, type Tensor2D, type Tensor3D, tf } from "../tensors/tf";
import { candidateCount, drawCandidates } from "./candidates";
import type { EntryFeatures } from "./features";
import type { NextItemConfig } from "./nextItemConfig";
import type { NextItemBatch } from "./nextItemNetwork";
import type { SequenceNetwork } from "./sequenceNetwork";
import type { WeightScale } from "./weightScale";
import { longestOf, type Windows } from "./windows";

/** What a batch is made from. */
export interface BatchSource {
  readonly sequence: SequenceNetwork;
  readonly histories: Histories;
  readonly windows: Windows;
  readonly weightScale: WeightScale;
  /** N */
  readonly itemCount: number;
  /** Further columns of the histories' entries; none by default. */
  readonly features?: EntryFeatures;
  /** Items that are always among the candidates, where some are drawn. */
  readonly always?: Int32Array;
}

/**
 * Share of the windows that are learned from as if the row and the user were not known, so that the model knows what to do
 * for people who are not in the log.
 */
const hiddenShare = 0.1;

/**
 * Makes the tensors of some windows; call it inside a `tidy`, it owns nothing afterwards. They are padded to the longest
 * window, or to `paddedTo` steps, which draws the same masks.
 */
export function nextItemBatch(
  source: BatchSource,
  chosen: Int32Array,
  config: NextItemConfig,
  random: Random,
  paddedTo = 0,
): NextItemBatch {
  const { sequence, histories, windows, weightScale, itemCount, always } = source;
  const size = chosen.length;
  const longest = longestOf(windows, chosen);
  const steps = Math.max(longest, paddedTo);
  const entries = chosen.reduce((sum, window) => sum + windows.lengths[window], 0);
  const items = new Int32Array(size * steps);
  const weights = new Float32Array(size * steps);
  const places = new Int32Array(entries);
  const labels = new Int32Array(entries);
  let at = 0;
  chosen.forEach((window, row) => {
    const start = windows.starts[window];
    for (let step = 0; step < windows.lengths[window]; step++) {
      const place = row * steps + step;
      items[place] = histories.items[start + step];
      weights[place] = (histories.weights[start + step] - weightScale.centre) / weightScale.spread;
      places[at] = place;
      labels[at++] = histories.items[start + step + 1];
    }
  });
  const { width, dropout } = config;
  const { stateSize } = sequence;
  const mask = (shape: readonly number[]): Tensor => {
    const length = shape.reduce((product, side) => product * side, 1);
    return tf().tensor(dropoutMask(length, dropout, random), [...shape]);
  };
  const inputMask = padded(mask([size, longest, width]), [size, steps, width]) as Tensor3D;
  const stateMask = mask([entries, stateSize]) as Tensor2D;
  const shapes = sequence.maskShapes?.(size, steps);
  const innerMasks = sequence
    .maskShapes?.(size, longest)
    .map((shape, i) => padded(mask(shape), (shapes as readonly (readonly number[])[])[i]));
  const batch = {
    items: tf().tensor2d(items, [size, steps], "int32"),
    weights: tf().tensor3d(weights, [size, steps, 1]),
    places: tf().tensor1d(places, "int32"),
    labels: tf().tensor1d(labels, "int32"),
    inputMask,
    stateMask,
    ...(innerMasks && { innerMasks }),
    ...(source.features && {
      features: featureTensor(source, chosen, steps, {
        dropout: dropout,
        random,
      }),
    }),
  };
  const count = candidateCount(config.candidates, itemCount);
  if (count === undefined) return batch;
  const drawn = drawCandidates(labels, count, itemCount, random, always);
  return {
    ...batch,
    candidates: {
      rows: tf().tensor1d(drawn.rows, "int32"),
      labels: tf().tensor1d(drawn.labels, "int32"),
      correction: tf().tensor1d(drawn.correction),
    },
  };
}

/** Zeros at the end of each axis up to this shape. */
function padded(tensor: Tensor, shape: readonly number[]): Tensor {
  const missing = shape.map((side, axis): [number, number] => [0, side - tensor.shape[axis]]);
  return missing.every(([, more]) => more === 0) ? tensor : tf().pad(tensor, missing);
}

/** [B, T, F] */
function featureTensor(
  { features, windows }: BatchSource,
  chosen: Int32Array,
  steps: number,
  { dropout, random }: { readonly dropout: number; readonly random: Random },
): Tensor3D {
  const { width, columns, ofRows, write } = features!;
  const hidden = new Uint8Array(columns);
  const values = new Float32Array(chosen.length * steps * width);
  chosen.forEach((window, row) => {
    const isStranger = random.next() < hiddenShare;
    for (let i = 0; i < columns; i++)
      hidden[i] = random.next() < dropout || (isStranger && i < ofRows) ? 1 : 0;
    for (let step = 0; step < windows.lengths[window]; step++)
      write(windows.starts[window] + step, values, (row * steps + step) * width, hidden);
  });
  return tf().tensor3d(values, [chosen.length, steps, width]);
}

/**
 * Zero with probability `dropout` (in 256ths), else 1 / (1 − dropout), so that the mean stays 1. One draw of 32
 * bits serves four numbers.
 */
export function dropoutMask(size: number, dropout: number, random: Random): Float32Array {
  const mask = new Float32Array(size);
  const dropped = Math.round(dropout * 256);
  const kept = 256 / (256 - dropped);
  if (dropped === 0) return mask.fill(1);
  for (let i = 0; i < size; ) {
    let bits = random.integer(2 ** 32);
    for (const end = Math.min(size, i + 4); i < end; i++) {
      mask[i] = (bits & 255) < dropped ? 0 : kept;
      bits >>>= 8;
    }
  }
  return mask;
}
