/**
 * The best slate of k when the value of each item, once taken, and a conditional choice model are known: SlateQ's
 * section 5 (Ie et al. 2019, arXiv 1905.12767). With weights v and v₀ of taking nothing, a slate A is worth
 *
 *   Q(s, A) = Q(s, ⊥) + Σ_{i∈A} v_i g_i / (v₀ + Σ_{i∈A} v_i),   g_i = Q(s, i) − Q(s, ⊥)
 *
 * which is Σ P(i|s, A) Q(s, i) over the slate and ⊥ (proposition 3). The paper's equations 22 to 28, its top-k and its
 * greedy rule have no term of ⊥: its Q is 0 there, and gains are the Q themselves. Where ⊥ has a value of its own,
 * that of going on without a click, ranking by v_i Q_i would rank by v_i alone, since all Q are large and alike.
 */

export const slateRules = ["top-k", "greedy", "exact"] as const;

export type SlateRule = (typeof slateRules)[number];

/** What is on offer in one state. */
export interface Offer {
  /** [m] v_i of each candidate, at least 0 */
  readonly weights: Float64Array;
  /** [m] g_i, what taking it is worth beyond taking nothing */
  readonly gains: Float64Array;
  /** v₀, above 0 */
  readonly nullWeight: number;
}

/** What a slate of these places is worth beyond an empty one: Σ v g / (v₀ + Σ v). */
export function slateGain({ weights, gains, nullWeight }: Offer, slate: ArrayLike<number>): number {
  let gain = 0;
  let weight = nullWeight;
  for (let k = 0; k < slate.length; k++) {
    gain += weights[slate[k]] * gains[slate[k]];
    weight += weights[slate[k]];
  }
  return gain / weight;
}

/**
 * Fills a slate with different candidates by one of the paper's three rules. Among equals the first is taken.
 *
 * top-k: those of the largest v g. greedy: place by place what makes the slate so far worth the most. exact: the slate
 * of the largest value, by Dinkelbach's method (1967) for fractional programmes: the best slate at a price λ for being
 * taken, the k largest v (g − λ); its own value is the next λ, until it rises no more. That takes few rounds, and is
 * the optimum of the paper's linear programme (whose equation 28 as printed misses y_i ≤ t: without it one item could
 * fill all places).
 *
 * @param slate [k] to be filled
 * @example the paper's: weights [2, 1, 1], gains [.8, 1, 1], nullWeight 1, two places. top-k and greedy take the first
 *   and one other, 2.6/4; exact the two others, 2/3
 */
export function fillSlate(rule: SlateRule, offer: Offer, slate: Int32Array): void {
  if (rule === "greedy") fillGreedily(offer, slate);
  else fillAtPrice(offer, 0, slate);
  if (rule === "exact") improveSlate(offer, slate);
}

/** From any slate to the best one: see `fillSlate`. From one that was the best a moment ago it is one round. */
export function improveSlate(offer: Offer, slate: Int32Array): void {
  let price = slateGain(offer, slate);
  while (true) {
    fillAtPrice(offer, price, slate);
    const value = slateGain(offer, slate);
    if (!(value > price)) return;
    price = value;
  }
}

/** The k largest of v (g − λ), the largest first: each candidate sinks to its place among the best so far. */
function fillAtPrice({ weights, gains }: Offer, price: number, slate: Int32Array): void {
  const last = slate.length - 1;
  for (let i = 0; i < weights.length; i++) {
    const score = weights[i] * (gains[i] - price);
    let place = Math.min(i, slate.length);
    while (place > 0) {
      const above = slate[place - 1];
      if (!(score > weights[above] * (gains[above] - price))) break;
      if (place <= last) slate[place] = above;
      place--;
    }
    if (place <= last) slate[place] = i;
  }
}

function fillGreedily({ weights, gains, nullWeight }: Offer, slate: Int32Array): void {
  let gain = 0;
  let weight = nullWeight;
  for (let k = 0; k < slate.length; k++) {
    let best = -1;
    let bestScore = Number.NEGATIVE_INFINITY;
    for (let i = 0; i < weights.length; i++) {
      const score = (gain + weights[i] * gains[i]) / (weight + weights[i]);
      if ((best < 0 || score > bestScore) && !isTaken(slate, k, i)) {
        best = i;
        bestScore = score;
      }
    }
    slate[k] = best;
    gain += weights[best] * gains[best];
    weight += weights[best];
  }
}

function isTaken(slate: Int32Array, filled: number, candidate: number): boolean {
  for (let k = 0; k < filled; k++) if (slate[k] === candidate) return true;
  return false;
}
