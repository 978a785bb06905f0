import type { Interactions } from "./interactions";

/**
 * What the weights of a log mean: which earn what, and from where on a held-out row is relevant. The rule stands here
 * and nowhere else; `feedbackOf` applies it.
 */
export interface Feedback {
  /** The reward is (weight − middle) / half, held within [−1, 1]; absent where every row earns 1. */
  readonly scale?: { readonly middle: number; readonly half: number };
  /** A weight that says "seen, not rated": it earns 0 and is not relevant. */
  readonly notRated?: number;
  /** A row is relevant from this weight on; null: from any above 0. */
  readonly relevantAt: number | null;
  /** What was understood, in words; absent for stars from 1 to 5 and for weights that count something. */
  readonly notice?: string;
}

/**
 * Ratings, by the range of the values that occur:
 *
 * | values | scale | relevant from |
 * |---|---|---|
 * | 0 and 1 | thumbs: −1 and 1 (1 alone: 1) | 1 |
 * | up to 1 | 0 to 1 | .75 |
 * | up to 3, in 100 rows and more | 1 to 3 | 2.5 |
 * | up to 5 | stars, 3 is the middle; 0 among whole stars means "not rated" | 4 |
 * | up to 10 | 1 to 10, or 0 to 10 where 0 comes; where 0 comes most often of all it means "not rated" | three quarters |
 * | up to 100 | 0 to 100 | 75 |
 * | more | counts: every row earns 1 | above 0 |
 * | below 0 | from −x to x, the middle is 0; where −1 alone is negative it means "not rated" | x/2 |
 *
 * Weights count something: every row earns 1 (a negative one −1), and any above 0 is relevant. Events earn their weight
 * as a share of the largest.
 *
 * @example feedbackOf(thumbs).relevantAt // 1
 */
export function feedbackOf(interactions: Pick<Interactions, "weights" | "weightKind">): Feedback {
  const range = rangeOf(interactions.weights);
  if (interactions.weightKind === "rating") return ratings(range);
  return interactions.weightKind === "event" ? events(range) : counts(range);
}

/** Whether a row of this weight is relevant, unless settings say otherwise. */
export function isRelevantTo({ relevantAt }: Feedback): (weight: number) => boolean {
  return relevantAt === null ? (weight) => weight > 0 : (weight) => weight >= relevantAt;
}

interface Range {
  readonly size: number;
  readonly least: number;
  readonly largest: number;
  /** The least of those above 0. */
  readonly leastPositive: number;
  readonly areWhole: boolean;
  readonly zeros: number;
  /** Rows of −1, and of all negative values. */
  readonly minusOnes: number;
  readonly negatives: number;
  /** Rows of the most frequent whole number from 1 to 10. */
  readonly most: number;
}

function rangeOf(weights: Float32Array): Range {
  let [least, largest, leastPositive] = [
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    Number.POSITIVE_INFINITY,
  ];
  let [areWhole, zeros, minusOnes, negatives] = [true, 0, 0, 0];
  const often = new Float64Array(11);
  for (let row = 0; row < weights.length; row++) {
    const weight = weights[row];
    if (weight < least) least = weight;
    if (weight > largest) largest = weight;
    if (weight > 0) {
      if (weight < leastPositive) leastPositive = weight;
      if (weight <= 10) often[weight | 0]++;
    } else if (weight === 0) zeros++;
    else {
      negatives++;
      if (weight === -1) minusOnes++;
    }
    if (areWhole && weight !== Math.floor(weight)) areWhole = false;
  }
  let most = 0;
  for (let value = 1; value <= 10; value++) most = Math.max(most, often[value]);
  return { size: weights.length, least, largest, leastPositive, areWhole, zeros, minusOnes, negatives, most };
}

const starsFrom = { scale: { middle: 3, half: 2 }, relevantAt: 4 } as const;

function ratings(range: Range): Feedback {
  const { size, least, largest, leastPositive, areWhole, zeros, negatives, minusOnes, most } = range;
  if (size === 0) return starsFrom;
  if (negatives > 0 && (negatives > minusOnes || leastPositive < 1)) {
    const end = Math.max(-least, largest);
    return scaled(-end, end, { found: `from ${least} to ${largest}` });
  }
  if (negatives > 0) {
    const rest = ratings({ ...range, least: leastPositive, negatives: 0, minusOnes: 0 });
    return { ...rest, notRated: -1, notice: noticeOf(rest, "−1, taken for “not rated”, and others", -1) };
  }
  if (largest === 0) return { relevantAt: null, notice: "every rating is 0: nothing tells what was liked" };
  if (largest <= 1 && areWhole) {
    if (zeros === 0) return { relevantAt: 1, notice: "every rating is 1: each row earns 1, relevant from 1" };
    return {
      scale: { middle: 0.5, half: 0.5 },
      relevantAt: 1,
      notice: "ratings are 0 and 1 (thumbs): rewards −1 and 1, relevant from 1",
    };
  }
  if (largest <= 1) return scaled(0, 1, { found: `between ${shown(least)} and ${shown(largest)}` });
  if (largest <= 3 && size >= 100 && zeros === 0) return scaled(1, 3, { found: "from 1 to 3" });
  if (largest <= 5 && zeros > 0 && areWhole && leastPositive >= 1)
    return { ...starsFrom, notRated: 0, notice: noticeOf(starsFrom, "from 0 to 5", 0) };
  if (largest <= 5) return starsFrom;
  if (largest <= 10) {
    if (zeros > most && areWhole) return scaled(1, 10, { found: "from 0 to 10", notRated: 0 });
    return scaled(zeros > 0 || leastPositive < 1 ? 0 : 1, 10, { found: `from ${least} to ${largest}` });
  }
  if (largest <= 100) return scaled(0, 100, { found: `from ${shown(least)} to ${shown(largest)}` });
  return {
    relevantAt: null,
    notice: `ratings go up to ${shown(largest)}, so they count something: each row earns 1, relevant above 0`,
  };
}

function scaled(
  low: number,
  high: number,
  { found, notRated }: { readonly found: string; readonly notRated?: number },
): Feedback {
  const scale = { middle: (low + high) / 2, half: (high - low) / 2 };
  const feedback = {
    scale,
    relevantAt: low + 0.75 * (high - low),
    ...(notRated === undefined ? {} : { notRated }),
  };
  return { ...feedback, notice: noticeOf(feedback, found, notRated) };
}

function noticeOf({ scale, relevantAt }: Feedback, found: string, notRated: number | undefined): string {
  const reward = scale === undefined ? "1" : `(rating − ${shown(scale.middle)}) / ${shown(scale.half)}`;
  const without = notRated === undefined ? "" : `, ${notRated} is “not rated” and earns 0`;
  return `ratings are ${found}: rewards are ${reward}${without}, relevant from ${relevantAt === null ? "above 0" : shown(relevantAt)}`;
}

function counts({ negatives, largest, least }: Range): Feedback {
  if (negatives === 0) return { relevantAt: null };
  const half = Number.MIN_VALUE; // the sign
  return {
    scale: { middle: 0, half },
    relevantAt: null,
    notice: `weights go from ${shown(least)} to ${shown(largest)}: those below 0 earn −1, those above 0 earn 1 and are relevant`,
  };
}

function events({ largest, least }: Range): Feedback {
  const half = Math.max(Math.abs(largest), Math.abs(least)) || 1;
  return { scale: { middle: 0, half }, relevantAt: null };
}

function shown(value: number): string {
  return String(Number(value.toPrecision(4)));
}

const eventWords: readonly (readonly [weight: number, words: string])[] = [
  [
    1,
    "view click pv pageview detail impression play listen watch read open itemview productview detailproductview",
  ],
  [3, "like fav favorite favourite wishlist wish bookmark save share follow comment rate download"],
  [3, "cart addtocart addcart basket addtobasket"],
  [5, "purchase buy transaction order checkout sale conversion subscribe"],
  [0, "removefromcart"],
  [-1, "unlike dislike skip refund return"],
];

/** Kinds of events that many logs have, by `plainName`, and what each weighs unless somebody says otherwise. */
export const usualEvents: ReadonlyMap<string, number> = new Map(
  eventWords.flatMap(([weight, words]) => words.split(" ").map((word) => [word, weight] as const)),
);
