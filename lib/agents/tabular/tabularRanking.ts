import type { PairColumns } from "./valueTable";

/** What a table says about items without looking at the state. */
export interface ItemBelief {
  /** [N] mean value of an item over states, held towards the mean of all, less its uncertainty */
  readonly values: Float64Array;
  /** What one unit of pessimism costs a pair that was seen never: the spread of the table's values. */
  readonly unit: number;
}

export interface RankingOptions {
  /** κ ≥ 0: a pair's value counts as if it had been seen so many times more with its item's mean. */
  readonly shrinkage: number;
  /** c ≥ 0: how much values lose that rest on few rows, in standard deviations of the table's values. */
  readonly pessimism: number;
}

/**
 * From values to a ranking of all items. A table knows few of the pairs of a state, and most of them from one
 * or two rows, so its values cannot be sorted as they are: a lucky single row would lead every list.
 *
 * Each pair is held towards its item's mean over states, that towards the mean of all, and from both a lower
 * confidence bound is taken (pessimism as in Rashidinejad, Zhu, Ma, Jiao and Russell 2021, section 4: offline,
 * what was seen seldom must not win by chance):
 * score(s, a) = (n Q(s, a) + κ P(a)) / (n + κ) − c σ / √(n + 1), n times that the log took a in s;
 * P(a) = (N_a Q̄(a) + κ Q̄) / (N_a + κ) − c σ / √(N_a + 1).
 * What the log never did in a state has n = 0 and comes after what it did often, ordered by P, which is near
 * to popularity where c is large; so every list is filled. Where all values are equal (a reward of 1 for
 * everything) σ is 0, and a trace of pessimism, a billionth, still puts first what was done most often.
 */
export function itemBelief(pairs: PairColumns, items: number, options: RankingOptions): ItemBelief {
  const { shrinkage } = options;
  const { actions, values, counts } = pairs;
  const sums = new Float64Array(items);
  const rows = new Float64Array(items);
  let [all, total, squares] = [0, 0, 0];
  for (let p = 0; p < values.length; p++) {
    const [count, value] = [counts[p], values[p]];
    sums[actions[p]] += count * value;
    rows[actions[p]] += count;
    all += count;
    total += count * value;
    squares += count * value ** 2;
  }
  const mean = all > 0 ? total / all : 0;
  const spread = all > 0 ? Math.sqrt(Math.max(0, squares / all - mean ** 2)) : 0;
  const unit = options.pessimism * spread + 1e-9;
  return {
    unit,
    values: sums.map(
      (sum, item) =>
        (rows[item] + shrinkage > 0 ? (sum + shrinkage * mean) / (rows[item] + shrinkage) : mean) -
        unit / Math.sqrt(rows[item] + 1),
    ),
  };
}

/** score(s, a) of a pair that the log took `count` times; 0 for never. */
export function pairScore(
  belief: ItemBelief,
  pair: { readonly action: number; readonly value: number; readonly count: number },
  { shrinkage }: Pick<RankingOptions, "shrinkage">,
): number {
  const prior = belief.values[pair.action];
  const { count, value } = pair;
  const mean = count + shrinkage > 0 ? (count * value + shrinkage * prior) / (count + shrinkage) : prior;
  return mean - belief.unit / Math.sqrt(count + 1);
}
