import { normaliseRows } from "../math/vectors";
import { batchIndex } from "../retrieval/batchIndex";
import type { Lists } from "../retrieval/lists";

/**
 * The items nearest to some items, without the items themselves.
 *
 * By "cosine" the vectors are scaled to length 1 first, so only their direction counts; by "inner product"
 * long vectors are near to everything.
 *
 * @param vectors [N × width]
 * @param items item rows that are asked about
 * @returns one list an item, in the order given
 * @example neighboursOf(itemVectors, 64, [7], 5).items // five item rows, none of them 7
 */
export function neighboursOf(
  vectors: Float32Array,
  width: number,
  items: ArrayLike<number>,
  k: number,
  { by = "cosine" }: { readonly by?: "cosine" | "inner product" } = {},
): Lists {
  const used = by === "cosine" ? normaliseRows(vectors.slice(), width) : vectors;
  const queries = new Float32Array(items.length * width);
  const offsets = new Int32Array(items.length + 1);
  for (let i = 0; i < items.length; i++) {
    queries.set(used.subarray(items[i] * width, (items[i] + 1) * width), i * width);
    offsets[i + 1] = i + 1;
  }
  const index = batchIndex(used, width);
  const seen = {
    size: items.length,
    users: new Int32Array(items.length).fill(-1),
    offsets,
    items: Int32Array.from(items),
    weights: new Float32Array(items.length),
    rows: new Int32Array(items.length).fill(-1),
  };
  const lists = index.search(queries, k, { seen });
  index.dispose();
  return lists;
}

/**
 * For each list, the share of its items that belong to the same group as the item asked about: do neighbours
 * share a genre? Items without a group ("") are never of the same; an empty list counts 0.
 *
 * @param items the item rows that were asked about
 * @param groups [N] group of each item
 * @returns [lists]
 * @example sameGroupShares(neighboursOf(vectors, 64, [7], 10), [7], genres) // Float64Array [.7]
 */
export function sameGroupShares(
  lists: Lists,
  items: ArrayLike<number>,
  groups: readonly string[],
): Float64Array {
  return sharesOf(lists, (neighbour, list) => {
    const group = groups[items[list]];
    return group !== "" && groups[neighbour] === group;
  });
}

/** For each list, the share of its items that `belongs` says yes to. */
export function sharesOf(lists: Lists, belongs: (item: number, list: number) => boolean): Float64Array {
  const shares = new Float64Array(lists.size);
  for (let list = 0; list < lists.size; list++) {
    let [filled, counted] = [0, 0];
    for (let place = list * lists.k; place < (list + 1) * lists.k; place++) {
      const item = lists.items[place];
      if (item < 0) continue;
      filled++;
      if (belongs(item, list)) counted++;
    }
    shares[list] = filled > 0 ? counted / filled : 0;
  }
  return shares;
}

/**
 * What `sameGroupShares` would give on average if neighbours were drawn at random from `pool`.
 *
 * @example chanceOfSameGroup([0, 1, 2], ["a", "a", "b"], [0, 1, 2]) // (1/2 + 1/2 + 0) / 3
 */
export function chanceOfSameGroup(
  items: ArrayLike<number>,
  groups: readonly string[],
  pool: ArrayLike<number>,
): number {
  const sizes = new Map<string, number>();
  for (let i = 0; i < pool.length; i++) sizes.set(groups[pool[i]], (sizes.get(groups[pool[i]]) ?? 0) + 1);
  let sum = 0;
  for (let i = 0; i < items.length; i++) {
    const group = groups[items[i]];
    if (group !== "") sum += Math.max(0, (sizes.get(group) ?? 0) - 1) / Math.max(1, pool.length - 1);
  }
  return items.length > 0 ? sum / items.length : 0;
}
