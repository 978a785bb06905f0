import type { Histories } from "../data/histories";
import type { Random } from "../math/random";
import { type Tensor3D, tf } from "../tensors/tf";
import { candidateCount, drawCandidates } from "./candidates";
import type { EntryFeatures } from "./features";
import type { NextItemConfig } from "./nextItemConfig";
import type { NextItemBatch } from "./nextItemNetwork";
import type { SequenceNetwork } from "./sequenceNetwork";
import type { WeightScale } from "./weightScale";
import type { Windows } from "./windows";

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

/** Makes the tensors of some windows; call it inside a `tidy`, it owns nothing afterwards. */
export function nextItemBatch(
  source: BatchSource,
  chosen: Int32Array,
  config: NextItemConfig,
  random: Random,
): NextItemBatch {
  const { sequence, histories, windows, weightScale, itemCount, always } = source;
  const size = chosen.length;
  let [steps, entries] = [0, 0];
  for (const window of chosen) {
    steps = Math.max(steps, windows.lengths[window]);
    entries += windows.lengths[window];
  }
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
  const inputMask = dropoutMask(size * steps * width, dropout, random);
  const stateMask = dropoutMask(entries * stateSize, dropout, random);
  const shapes = sequence.maskShapes?.(size, steps);
  const innerMasks = shapes?.map((shape) => {
    const length = shape.reduce((product, side) => product * side, 1);
    return tf().tensor(dropoutMask(length, dropout, random), [...shape]);
  });
  const batch = {
    items: tf().tensor2d(items, [size, steps], "int32"),
    weights: tf().tensor3d(weights, [size, steps, 1]),
    places: tf().tensor1d(places, "int32"),
    labels: tf().tensor1d(labels, "int32"),
    inputMask: tf().tensor3d(inputMask, [size, steps, width]),
    stateMask: tf().tensor2d(stateMask, [entries, stateSize]),
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
      mask[i] = bits % 256 < dropped ? 0 : kept;
      bits >>>= 8;
    }
  }
  return mask;
}
