import type { Random } from "../math/random";
import type { ServedDistribution } from "./itemPolicy";

/** How the places of a slate depend on those above them, and what may not be placed. */
export interface SlateRules {
  /** λ ≥ 0: how much a candidate loses for likeness to what stands above it. 0, the default, is Plackett-Luce. */
  readonly variety?: number;
  /** Cosine of two item rows; needed where variety is above 0. */
  readonly similarity?: (a: number, b: number) => number;
  /** [N] not 0 where the request may not get the item, as `exclusionMask` marks it; everything is allowed without it. */
  readonly excluded?: Uint8Array;
}

/** A slate, first place first, and the probability of each place given those above it. */
export interface DrawnSlate {
  readonly items: Int32Array;
  readonly probabilities: Float64Array;
}

/**
 * Draws a slate place by place, without replacement, from what a policy serves to one request. Each place first
 * chooses between the candidates and all other allowed items, by their probability mass π that is left. Among the
 * candidates it takes i with probability ∝ π(i) · exp(−λ · max cos(i, those above)); among the others it draws uniformly.
 *
 * So variety moves probability between candidates alone, and exploration stays as large and as even as the policy made
 * it: a penalty on 10,000 items of tiny probability would hand them the slate. With λ = 0 a place takes i with
 * probability ∝ π(i), which is Plackett-Luce. Where what is left has lost all its probability to rounding, the best
 * candidate is taken for certain, as it is in the limit of temperature 0.
 *
 * Costs k·M, and one pass over the N items for each place that falls outside the candidates.
 *
 * @param served what the policy serves to some requests, and `request`, which of them
 * @param k places at most; fewer where fewer items are allowed
 * @param options.size N
 * @returns shorter arrays where there are not k items to show
 * @throws when k is below 1, or variety is negative or without a similarity.
 * @example drawSlate(served, 0, 10, { random: random(7), size: 10_000 }).items // ten rows
 */
export function drawSlate(
  served: ServedDistribution,
  request: number,
  k: number,
  { random, size, ...rules }: SlateRules & { readonly random: Random; readonly size: number },
): DrawnSlate {
  if (!(Number.isSafeInteger(k) && k >= 1)) throw new Error(`drawSlate requires k of at least 1, got ${k}`);
  const places = slatePlaces(served, request, rules);
  const most = Math.min(k, Math.max(0, served.available[request]));
  const items = new Int32Array(most);
  const probabilities = new Float64Array(most);
  let length = 0;
  for (; length < most; length++) {
    const drawn = places.draw(random.next());
    const item = drawn >= 0 ? drawn : drawOther(places.isOther, size, places.othersLeft(), random);
    if (item < 0) break;
    items[length] = item;
    probabilities[length] = places.take(item);
  }
  return { items: items.subarray(0, length), probabilities: probabilities.subarray(0, length) };
}

/**
 * The probability of each place of a GIVEN slate, given those above it, under what a policy serves to one request: what
 * off-policy evaluation compares with the probability that the slate was drawn with.
 *
 * @param slate distinct item rows, first place first
 * @returns [slate.length]; 0 for an item that the policy could not have shown there
 * @throws when the slate repeats an item, or variety is negative or without a similarity.
 * @example slatePlaceProbabilities(served, 0, Int32Array.of(3, 1)) // of 3, and of 1 once 3 is gone
 */
export function slatePlaceProbabilities(
  served: ServedDistribution,
  request: number,
  slate: Int32Array,
  rules: SlateRules = {},
): Float64Array {
  if (new Set(slate).size !== slate.length)
    throw new Error(`slatePlaceProbabilities requires distinct items, got ${slate.join(", ")}`);
  const places = slatePlaces(served, request, rules);
  return Float64Array.from(slate, (item) => places.take(item));
}

/** The state of one slate that is being filled. */
function slatePlaces(
  { candidates, probabilities, elsewhere, available }: ServedDistribution,
  request: number,
  { variety = 0, similarity, excluded }: SlateRules,
) {
  if (!(variety >= 0 && Number.isFinite(variety)))
    throw new Error(`a slate requires a variety of at least 0, got ${variety}`);
  if (variety > 0 && similarity === undefined)
    throw new Error("a slate with variety requires the similarity of items, got nothing");
  const first = request * candidates.k;
  let count = 0;
  while (count < candidates.k && candidates.items[first + count] >= 0) count++;
  const rows = candidates.items.subarray(first, first + count);
  const own = probabilities.subarray(first, first + count);
  const placeOf = new Map<number, number>();
  for (let c = 0; c < count; c++) placeOf.set(rows[c], c);
  const nearest = new Float64Array(count).fill(Number.NEGATIVE_INFINITY);
  const weights = Float64Array.from(own); // π(i) · exp(−λ · max cos), 0 once placed
  const placed = new Set<number>();
  const each = elsewhere[request];
  let others = available[request] - count;
  let left = count; // candidates not placed yet

  /** Masses of what is left: Σπ over candidates, the same after the penalties, and that of all others. */
  const masses = () => {
    let [mass, weighted] = [0, 0];
    for (let c = 0; c < count; c++) {
      if (placed.has(rows[c])) continue;
      mass += own[c];
      weighted += weights[c];
    }
    return { mass, weighted, other: others * each };
  };
  const bestLeft = (): number => rows.find((row) => !placed.has(row)) ?? -1;
  let now = masses();
  /** Nothing has any probability left, but candidates are: the best one is certain. */
  const exhausted = (): boolean =>
    left > 0 && !(now.mass + now.other > 0 && (now.mass === 0 || now.weighted > 0));
  const isOther = (row: number): boolean =>
    (excluded === undefined || excluded[row] === 0) && !placeOf.has(row) && !placed.has(row);
  const probabilityOf = (row: number): number => {
    if (exhausted()) return row === bestLeft() ? 1 : 0;
    const c = placeOf.get(row);
    const total = now.mass + now.other;
    if (!(total > 0) || placed.has(row)) return 0;
    if (c === undefined) return isOther(row) ? each / total : 0;
    return now.mass === 0 ? 0 : (now.mass / total) * (weights[c] / now.weighted);
  };
  return {
    isOther,
    /** How many of the others could be drawn. */
    othersLeft: () => (each > 0 ? others : 0),
    /** The item that a uniform number in [0, 1) falls on; -1 where it falls on the others. */
    draw(uniform: number): number {
      if (exhausted()) return bestLeft();
      const total = now.mass + now.other;
      let aim = uniform * total;
      if (!(total > 0) || (aim >= now.mass && now.other > 0)) return -1;
      aim *= now.weighted / now.mass;
      let last = -1; // what rounding leaves over goes to the last one with any probability
      for (let c = 0; c < count; c++) {
        if (weights[c] === 0) continue;
        last = rows[c];
        aim -= weights[c];
        if (aim < 0) break;
      }
      return last;
    },
    /** Places an item, and says how probable it was. */
    take(row: number): number {
      const probability = probabilityOf(row);
      const c = placeOf.get(row);
      placed.add(row);
      if (c !== undefined) {
        weights[c] = 0;
        left--;
      } else if (probability > 0) others--;
      if (variety > 0)
        for (let other = 0; other < count; other++) {
          if (placed.has(rows[other])) continue;
          nearest[other] = Math.max(nearest[other], similarity!(rows[other], row));
          weights[other] = own[other] * Math.exp(-variety * nearest[other]);
        }
      now = masses();
      return probability;
    },
  };
}

/** A uniform draw among the others, or -1 when there is none. */
function drawOther(isOther: (row: number) => boolean, size: number, count: number, random: Random): number {
  if (count <= 0) return -1;
  let nth = random.integer(count);
  for (let row = 0; row < size; row++) if (isOther(row) && nth-- === 0) return row;
  return -1;
}

/** Cosines of rows of item vectors. @param vectors [N × A] of length 1 */
export function rowCosine(vectors: Float32Array, width: number): (a: number, b: number) => number {
  return (a, b) => {
    let sum = 0;
    for (let i = 0, [x, y] = [a * width, b * width]; i < width; i++) sum += vectors[x++] * vectors[y++];
    return sum;
  };
}
