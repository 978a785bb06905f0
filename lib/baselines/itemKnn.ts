import type { Interactions } from "../data/interactions";
import { bestOf, emptyLists } from "../retrieval/bestOf";
import { rankedBy, type ScoringRecommender } from "../retrieval/scorer";
import { followLinks, type ItemLinks, linksOf } from "./itemLinks";
import { type PositiveOptions, positiveRows, recencyWeighted } from "./positives";
import { type UserItemMatrix, userItemMatrix } from "./userItemMatrix";

export interface ItemKnnOptions extends PositiveOptions {
  /** Neighbours kept of each target item; 50 by default. */
  readonly neighbours?: number;
  /** Added to the cosine's denominator, so that pairs seen once or twice count little; 10 by default. */
  readonly shrinkage?: number;
  /** Weight of a history's entry for each step back, in (0, 1]; 1 by default. */
  readonly recency?: number;
}

export interface ItemKnn extends ScoringRecommender {
  /** The same neighbours under another recency: nothing is fitted again. */
  withRecency(recency: number): ItemKnn;
  /** The similarities themselves. */
  readonly links: ItemLinks;
}

/**
 * Item-based nearest neighbours (Sarwar et al. 2001; Deshpande and Karypis 2004): the similarity of items a
 * and b is |readers of both| / (√(readers of a · readers of b) + shrinkage); an item's score is the sum of its
 * similarities with the history's items, for those among its k nearest.
 *
 * @throws when an option is out of range.
 * @example itemKnn(interactions, split.train, { positiveAt: 4, neighbours: 100, recency: .8 })
 */
export function itemKnn(interactions: Interactions, rows: Int32Array, options: ItemKnnOptions = {}): ItemKnn {
  const { neighbours = 50, shrinkage = 10, recency = 1 } = options;
  if (!(Number.isInteger(neighbours) && neighbours >= 1))
    throw new Error(`itemKnn requires at least 1 neighbour, got ${neighbours}`);
  if (!(shrinkage >= 0)) throw new Error(`itemKnn requires a shrinkage of at least 0, got ${shrinkage}`);
  const matrix = userItemMatrix(interactions, positiveRows(interactions, rows, options));
  const links = nearest(matrix, neighbours, shrinkage);
  const withRecency = (weight: number): ItemKnn => ({
    ...rankedBy({
      name: weight === 1 ? "ItemKNN" : "ItemKNN + recency",
      items: matrix.items,
      scores: (histories) => followLinks(links, recencyWeighted(histories, { ...options, recency: weight })),
    }),
    withRecency,
    links,
  });
  return withRecency(recency);
}

/** The links of each item to the targets that count it among their nearest. */
function nearest(matrix: UserItemMatrix, neighbours: number, shrinkage: number): ItemLinks {
  const { items, userOffsets, userItems, itemOffsets, itemUsers } = matrix;
  const both = new Float64Array(items);
  const touched = new Int32Array(items);
  const best = bestOf(neighbours);
  const kept = emptyLists(1, neighbours);
  const readers = (item: number): number => itemOffsets[item + 1] - itemOffsets[item];
  // Few items of a wide catalogue have as many neighbours as are asked for: room is made as it is needed.
  let sources: Int32Array = new Int32Array(2 ** 16);
  let targets: Int32Array = new Int32Array(2 ** 16);
  let weights: Float32Array = new Float32Array(2 ** 16);
  const makeRoom = (): void => {
    const size = 2 * sources.length + neighbours;
    const wider = (column: Int32Array): Int32Array => {
      const copy = new Int32Array(size);
      copy.set(column);
      return copy;
    };
    const heavier = new Float32Array(size);
    heavier.set(weights);
    [sources, targets, weights] = [wider(sources), wider(targets), heavier];
  };
  let count = 0;
  for (let target = 0; target < items; target++) {
    let met = 0;
    for (let r = itemOffsets[target]; r < itemOffsets[target + 1]; r++) {
      const user = itemUsers[r];
      for (let e = userOffsets[user]; e < userOffsets[user + 1]; e++) {
        const item = userItems[e];
        if (both[item] === 0) touched[met++] = item;
        both[item]++;
      }
    }
    for (let i = 0; i < met; i++) {
      const item = touched[i];
      if (item !== target)
        best.offer(item, both[item] / (Math.sqrt(readers(item) * readers(target)) + shrinkage));
      both[item] = 0;
    }
    best.drain(kept, 0);
    if (count + neighbours > sources.length) makeRoom();
    for (let place = 0; place < neighbours && kept.items[place] >= 0; place++) {
      sources[count] = kept.items[place];
      targets[count] = target;
      weights[count++] = kept.scores[place];
    }
  }
  return linksOf(items, { sources, targets, weights, count });
}
