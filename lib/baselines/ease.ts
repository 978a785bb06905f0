import { InputError } from "../data/inputError";
import type { Interactions } from "../data/interactions";
import { bestOf, emptyLists } from "../retrieval/bestOf";
import { rankedBy, type ScoringRecommender } from "../retrieval/scorer";
import { inverse } from "../tensors/linearAlgebra";
import { type ItemLinks, linksOf } from "./itemLinks";
import { type PositiveOptions, positiveRows, recencyWeighted, type WeightedHistories } from "./positives";
import { type UserItemMatrix, userItemMatrix } from "./userItemMatrix";

export interface EaseOptions extends PositiveOptions {
  /** λ, above 0: how strongly weights between items are held back; 50 by default. */
  readonly regularisation?: number;
  /** Weight of a history's entry for each step back, in (0, 1]; 1 by default. */
  readonly recency?: number;
}

export interface Ease extends ScoringRecommender {
  /** The same model under another recency: nothing is fitted again. */
  withRecency(recency: number): Ease;
  /** The weights B of each item for its `most` most affected others, by size whatever their sign. */
  links(most: number): ItemLinks;
}

/**
 * EASE^R, an autoencoder without hidden layer in closed form (Steck 2019, equation 8): with
 * P = (XᵀX + λI)⁻¹ the weight of item i for item j is B_ij = −P_ij / P_jj, and B_jj = 0.
 *
 * P has a row for each item, yet where users are fewer than items the smaller matrix of users does
 * (Woodbury): P = (I − Xᵀ(XXᵀ + λI)⁻¹X) / λ. Then, for items i of a history and j outside it,
 * B_ij = (Xᵀ K X)_ij / (1 − (Xᵀ K X)_jj) with K = (XXᵀ + λI)⁻¹, and scores are taken through XᵀK [N × U],
 * without ever making an N × N matrix. The scores of items in the history itself differ between the two ways;
 * they are never recommended.
 *
 * @param options.through which matrix to invert; by default the smaller
 * @throws when an option is out of range.
 * @example ease(interactions, split.train, { positiveAt: 4, regularisation: 200, recency: .8 })
 */
export function ease(
  interactions: Interactions,
  rows: Int32Array,
  options: EaseOptions & { readonly through?: "users" | "items" } = {},
): Ease {
  const { regularisation = 50, recency = 1 } = options;
  if (!(regularisation > 0)) throw new Error(`ease requires a regularisation above 0, got ${regularisation}`);
  const matrix = userItemMatrix(interactions, positiveRows(interactions, rows, options));
  if (matrix.users === 0) throw new Error("ease requires at least one positive row, got none");
  const limit = options.through === undefined ? easeLimit(matrix.users, matrix.items) : undefined;
  if (limit !== undefined)
    throw new InputError(limit, { expected: "a smaller catalogue, or another method (item-knn, next-item)" });
  const through = options.through ?? (matrix.users < matrix.items ? "users" : "items");
  const { score, weightsOf } =
    through === "users" ? throughUsers(matrix, regularisation) : throughItems(matrix, regularisation);
  const withRecency = (weight: number): Ease => ({
    ...rankedBy({
      name: weight === 1 ? "EASE" : "EASE + recency",
      items: matrix.items,
      scores: (histories) => score(recencyWeighted(histories, { ...options, recency: weight })),
    }),
    withRecency,
    links: (most) => largestLinks(matrix.items, most, weightsOf),
  });
  return withRecency(recency);
}

/** Rows of the matrix that EASE inverts, at most: 12,000 take a minute or two and 2 GB. */
const largestInverted = 12_000;
/** Numbers of users × items that it holds where the matrix is one of users: 600 MB. */
const largestProduct = 1.5e8;

/**
 * Why EASE is not tried on so many users and items; undefined where it is. It inverts a matrix of whichever are fewer.
 *
 * @example easeLimit(40_000, 150_000) // "EASE would invert a matrix of 40,000 × 40,000 numbers; ..."
 */
export function easeLimit(users: number, items: number): string | undefined {
  const size = Math.min(users, items);
  const count = (n: number): string => n.toLocaleString("en-US");
  if (size > largestInverted)
    return `EASE would invert a matrix of ${count(size)} × ${count(size)} numbers (${((4 * size * size) / 1e9).toFixed(1)} GB, several times over); it is fitted up to ${count(largestInverted)}`;
  if (users < items && users * items > largestProduct)
    return `EASE would hold ${count(users)} × ${count(items)} numbers (${((4 * users * items) / 1e9).toFixed(1)} GB); it is fitted up to ${count(largestProduct)}`;
  return undefined;
}

interface Fitted {
  readonly score: (histories: WeightedHistories) => Float64Array;
  /** Writes B_ij for all items j into [N]. */
  readonly weightsOf: (item: number, into: Float64Array) => void;
}

function largestLinks(items: number, most: number, weightsOf: Fitted["weightsOf"]): ItemLinks {
  const kept = Math.min(most, items);
  const [sources, targets] = [new Int32Array(items * kept), new Int32Array(items * kept)];
  const weights = new Float32Array(items * kept);
  const row = new Float64Array(items);
  const best = bestOf(kept);
  const found = emptyLists(1, kept);
  let count = 0;
  for (let source = 0; source < items; source++) {
    weightsOf(source, row);
    for (let target = 0; target < items; target++)
      if (target !== source && row[target] !== 0) best.offer(target, Math.abs(row[target]));
    best.drain(found, 0);
    for (let place = 0; place < kept && found.items[place] >= 0; place++) {
      sources[count] = source;
      targets[count] = found.items[place];
      weights[count++] = row[found.items[place]];
    }
  }
  return linksOf(items, { sources, targets, weights, count });
}

function throughUsers(matrix: UserItemMatrix, regularisation: number): Fitted {
  const { users, items, itemOffsets, itemUsers } = matrix;
  const gram = overlaps(users, itemOffsets, itemUsers, matrix.userOffsets, matrix.userItems);
  for (let user = 0; user < users; user++) gram[user * users + user] += regularisation;
  const kernel = inverse(gram, users); // K
  const rows = new Float32Array(items * users); // XᵀK, [N × U]
  const remainder = new Float64Array(items); // 1 − (XᵀKX)_jj = λ P_jj, above 0
  for (let item = 0; item < items; item++) {
    const row = rows.subarray(item * users, (item + 1) * users);
    const [start, end] = [itemOffsets[item], itemOffsets[item + 1]];
    for (let r = start; r < end; r++) {
      const from = itemUsers[r] * users;
      for (let user = 0; user < users; user++) row[user] += kernel[from + user];
    }
    let sum = 0;
    for (let r = start; r < end; r++) sum += row[itemUsers[r]];
    remainder[item] = 1 - sum;
  }
  const spread = (likeness: Float64Array | Float32Array, into: Float64Array): void => {
    for (let item = 0; item < items; item++) {
      let sum = 0;
      for (let r = itemOffsets[item]; r < itemOffsets[item + 1]; r++) sum += likeness[itemUsers[r]];
      into[item] = sum / remainder[item];
    }
  };
  const score = (histories: WeightedHistories): Float64Array => {
    const scores = new Float64Array(histories.size * items);
    const likeness = new Float64Array(users); // of each user to the history
    for (let h = 0; h < histories.size; h++) {
      likeness.fill(0);
      for (let e = histories.offsets[h]; e < histories.offsets[h + 1]; e++) {
        const [from, weight] = [histories.items[e] * users, histories.weights[e]];
        for (let user = 0; user < users; user++) likeness[user] += weight * rows[from + user];
      }
      spread(likeness, scores.subarray(h * items, (h + 1) * items));
    }
    return scores;
  };
  return { score, weightsOf: (item, into) => spread(rows.subarray(item * users, (item + 1) * users), into) };
}

function throughItems(matrix: UserItemMatrix, regularisation: number): Fitted {
  const { items, userOffsets, userItems } = matrix;
  const gram = overlaps(items, userOffsets, userItems, matrix.itemOffsets, matrix.itemUsers);
  for (let item = 0; item < items; item++) gram[item * items + item] += regularisation;
  const inverted = inverse(gram, items); // P
  const diagonal = Float64Array.from({ length: items }, (_, item) => inverted[item * items + item]);
  const score = (histories: WeightedHistories): Float64Array => {
    const scores = new Float64Array(histories.size * items);
    for (let h = 0; h < histories.size; h++) {
      const row = scores.subarray(h * items, (h + 1) * items);
      for (let e = histories.offsets[h]; e < histories.offsets[h + 1]; e++) {
        const [start, weight] = [histories.items[e] * items, histories.weights[e]];
        for (let item = 0; item < items; item++) row[item] -= weight * inverted[start + item];
        row[histories.items[e]] += weight * diagonal[histories.items[e]];
      }
      for (let item = 0; item < items; item++) row[item] /= diagonal[item];
    }
    return scores;
  };
  const weightsOf = (item: number, into: Float64Array): void => {
    for (let to = 0; to < items; to++)
      into[to] = to === item ? 0 : -inverted[item * items + to] / diagonal[to];
  };
  return { score, weightsOf };
}

/** How many members each two of n sets share, [n × n]; given which sets hold a member, and their members. */
function overlaps(
  size: number,
  memberOffsets: Int32Array,
  membersOf: Int32Array,
  setOffsets: Int32Array,
  setMembers: Int32Array,
): Float32Array {
  const counts = new Float32Array(size * size);
  for (let set = 0; set < size; set++)
    for (let e = setOffsets[set]; e < setOffsets[set + 1]; e++) {
      const member = setMembers[e];
      for (let o = memberOffsets[member]; o < memberOffsets[member + 1]; o++)
        counts[set * size + membersOf[o]]++;
    }
  return counts;
}
