import { type Random, shuffle } from "../math/random";
import { normaliseRows } from "../math/vectors";
import { neighbourMap } from "./neighbourMap";
import { ridgeMap } from "./ridgeMap";
import { crossValidated, takeRows, type VectorMap } from "./vectorMap";

/** A kind of map with its setting: a ridge's strength, or how sharply near texts outweigh others. */
export type TextMapSetting =
  | { readonly by: "ridge"; readonly strength: number }
  | { readonly by: "neighbours"; readonly sharpness: number };

export interface TextVectorsOptions {
  /** Items with fewer interactions are not learned from: their own vectors are mostly noise. From 1; 5 by default. */
  readonly minimumCount?: number;
  /** Maps that are tried. */
  readonly settings?: readonly TextMapSetting[];
}

/** How well one map did on items that were left out. */
export interface TextMapTrial {
  readonly setting: TextMapSetting;
  /** Mean cosine between the vector made and the vector trained. */
  readonly cosine: number;
}

export interface TextVectors {
  /** [N × A], rows of length 1: every item's, seen in training or not, by the same map. */
  readonly vectors: Float32Array;
  /** [N] every item's bias by the same kind of map, where biases were given: near popular ones, popular. */
  readonly biases?: Float32Array;
  readonly best: TextMapTrial;
  readonly trials: readonly TextMapTrial[];
  /** How many items the map was learned from. */
  readonly learnedFrom: number;
}

/** What a map from text into the space of item vectors is learned from. */
export interface TextVectorsSource {
  /** [N × F] one text's vector an item, of length 1. */
  readonly texts: Float32Array;
  /** [N × A] item vectors that were trained. */
  readonly vectors: Float32Array;
  /** [N] how often each item was trained on. */
  readonly counts: ArrayLike<number>;
  /** [N] trained biases, in logits. */
  readonly biases?: Float32Array;
}

/** Straight maps of several strengths. */
export const ridgeSettings: readonly TextMapSetting[] = [0.03, 0.1, 0.3, 1, 3].map((strength) => ({
  by: "ridge",
  strength,
}));

/** Means over near texts, from a wide to a narrow neighbourhood. */
export const neighbourSettings: readonly TextMapSetting[] = [10, 20, 30, 40].map((sharpness) => ({
  by: "neighbours",
  sharpness,
}));

/**
 * Item vectors made from text: a map from the sentence model's space to that of trained item vectors, learned on
 * items that training saw; which map, is chosen over items that were left out (five folds). Items that training
 * never saw get theirs by the same map.
 *
 * @throws when fewer than ten items can be learned from, or the sizes do not fit.
 * @example textVectors({ texts: await textEmbeddings(itemTexts(catalog)), vectors: model.itemVectors, counts }, random(1))
 */
export function textVectors(
  source: TextVectorsSource,
  random: Random,
  options: TextVectorsOptions = {},
): TextVectors {
  const { minimumCount = 5, settings = [...ridgeSettings, ...neighbourSettings] } = options;
  const { counts } = source;
  const [from, to] = [source.texts.length / counts.length, source.vectors.length / counts.length];
  if (!Number.isInteger(from) || !Number.isInteger(to))
    throw new Error(`textVectors requires a text and a vector for each of ${counts.length} items`);
  if (!(minimumCount >= 1))
    throw new Error(`textVectors requires a minimumCount from 1, got ${minimumCount}`);
  if (settings.length === 0) throw new Error("textVectors requires a map to try, got none");
  const seen: number[] = [];
  for (let item = 0; item < counts.length; item++) if (counts[item] >= minimumCount) seen.push(item);
  if (seen.length < 10)
    throw new Error(
      `textVectors requires at least 10 items of ${minimumCount} interactions, got ${seen.length}`,
    );
  shuffle(seen, random);
  const inputs = takeRows(source.texts, seen, from);
  const targets = normaliseRows(takeRows(source.vectors, seen, to), to);
  const learner =
    (setting: TextMapSetting) =>
    (x: Float32Array, y: Float32Array): VectorMap => {
      const shape = { from, to: y.length / (x.length / from) };
      return setting.by === "ridge"
        ? ridgeMap(x, y, { ...shape, strength: setting.strength })
        : neighbourMap(x, y, { ...shape, sharpness: setting.sharpness });
    };
  const trials = settings.map((setting): TextMapTrial => {
    const cosine = crossValidated(inputs, targets, learner(setting), { from, to });
    return { setting, cosine };
  });
  const best = trials.reduce((a, b) => (b.cosine > a.cosine ? b : a));
  const learn = learner(best.setting);
  const biases = source.biases && learn(inputs, takeRows(source.biases, seen, 1)).apply(source.texts);
  return {
    vectors: normaliseRows(learn(inputs, targets).apply(source.texts), to),
    ...(biases === undefined ? {} : { biases }),
    best,
    trials,
    learnedFrom: seen.length,
  };
}
