import type { Lists } from "../retrieval/lists";

/**
 * Share of users whose first k items differ as a set: how much a recommender really does, whatever its scores.
 *
 * @example changedLists(a, a, 10) // 0
 */
export function changedLists(a: Lists, b: Lists, k: number): number {
  if (a.size !== b.size || a.k < k || b.k < k)
    throw new Error(
      `changedLists requires lists of ${k} for the same users, got ${a.size}×${a.k} and ${b.size}×${b.k}`,
    );
  let changed = 0;
  for (let user = 0; user < a.size; user++) {
    const one = a.items.slice(user * a.k, user * a.k + k).sort();
    const other = b.items.slice(user * b.k, user * b.k + k).sort();
    if (one.some((item, place) => item !== other[place])) changed++;
  }
  return a.size === 0 ? 0 : changed / a.size;
}
