import { type Histories, historiesOf, takeHistories } from "../data/histories";
import type { Interactions } from "../data/interactions";
import { fittingRows, type Split } from "../data/split";
import type { Recommender } from "../retrieval/recommender";
import { amongCandidates } from "./amongCandidates";

export interface RatedReplayOptions {
  /** T: items recommended one after the other, from 1; 10 by default. */
  readonly steps?: number;
  /** A rating from here is a hit, and goes into the history; 4 by default. */
  readonly relevantAt?: number;
}

/** What came of it, one number a user. */
export interface RatedReplay {
  readonly users: Int32Array;
  /** hits / steps taken */
  readonly precision: Float64Array;
  /** Σ hit_t / log2(t + 1) over that of the best order of the same items */
  readonly ndcg: Float64Array;
}

/**
 * The offline protocol of DRR (Liu et al. 2018, arXiv 1810.12027, Algorithm 2): a recommender orders what the
 * user rated in the test period, one item after the other. Each is taken out, its logged rating is the reward,
 * and a positive one joins the history before the next is asked for. Nobody has to find anything: most items that
 * people rate they like, so even a random order scores high. Only for setting beside numbers made like this.
 *
 * Users with fewer than `steps` rated test items that they had not seen before are left out.
 *
 * @throws when nobody is left.
 */
export function ratedReplay(
  recommender: Recommender,
  interactions: Interactions,
  split: Split,
  { steps = 10, relevantAt = 4 }: RatedReplayOptions = {},
): RatedReplay {
  const items = interactions.itemIds.length;
  const past = historiesOf(interactions, fittingRows(split, { refit: true }));
  const future = historiesOf(interactions, split.test, { users: past.users });
  const ratings: Map<number, number>[] = [];
  const chosen: number[] = [];
  for (let h = 0; h < past.size; h++) {
    const seen = new Set(past.items.subarray(past.offsets[h], past.offsets[h + 1]));
    const rated = new Map<number, number>();
    for (let e = future.offsets[h]; e < future.offsets[h + 1]; e++)
      if (!seen.has(future.items[e])) rated.set(future.items[e], future.weights[e]);
    if (rated.size < steps) continue;
    chosen.push(h);
    ratings.push(rated);
  }
  if (chosen.length === 0)
    throw new Error(`ratedReplay requires a user with ${steps} rated test items, got none`);
  let histories = takeHistories(past, chosen);
  const left = ratings.map((rated) => new Set(rated.keys()));
  const users = histories.users.slice();
  const candidates = new Map(Array.from(users, (user, i) => [user, left[i]]));
  const best = ratings.map((rated) => idealGain([...rated.values()], relevantAt, steps));
  const [hits, gains] = [new Float64Array(chosen.length), new Float64Array(chosen.length)];
  for (let step = 0; step < steps; step++) {
    const lists = amongCandidates(recommender, candidates, items).recommend(histories, 1);
    const liked: (readonly [item: number, rating: number] | undefined)[] = ratings.map((rated, i) => {
      const item = lists.items[i];
      if (item < 0) return undefined;
      left[i].delete(item);
      const rating = rated.get(item)!;
      if (rating < relevantAt) return undefined;
      hits[i]++;
      gains[i] += 1 / Math.log2(step + 2);
      return [item, rating];
    });
    histories = extended(histories, liked);
  }
  return {
    users,
    precision: hits.map((each) => each / steps),
    ndcg: gains.map((gain, i) => (best[i] === 0 ? 0 : gain / best[i])),
  };
}

function idealGain(ratings: readonly number[], relevantAt: number, steps: number): number {
  const relevant = Math.min(steps, ratings.filter((rating) => rating >= relevantAt).length);
  let gain = 0;
  for (let place = 0; place < relevant; place++) gain += 1 / Math.log2(place + 2);
  return gain;
}

/** Histories with one entry more where there is one. */
function extended(
  histories: Histories,
  entries: readonly (readonly [item: number, rating: number] | undefined)[],
): Histories {
  const more = entries.filter((entry) => entry !== undefined).length;
  if (more === 0) return histories;
  const size = histories.items.length + more;
  const [items, weights, rows] = [
    new Int32Array(size),
    new Float32Array(size),
    new Int32Array(size).fill(-1),
  ];
  const offsets = new Int32Array(histories.size + 1);
  entries.forEach((entry, h) => {
    const [from, to] = [histories.offsets[h], histories.offsets[h + 1]];
    const at = offsets[h];
    items.set(histories.items.subarray(from, to), at);
    weights.set(histories.weights.subarray(from, to), at);
    rows.set(histories.rows.subarray(from, to), at);
    offsets[h + 1] = at + to - from;
    if (entry === undefined) return;
    [items[offsets[h + 1]], weights[offsets[h + 1]]] = entry;
    offsets[h + 1]++;
  });
  return { ...histories, offsets, items, weights, rows };
}
