import type { Lists } from "../retrieval/lists";

/** An item, and in which share of the lists it stands. */
export interface ListedItem {
  readonly item: number;
  readonly share: number;
}

/**
 * The items that stand in most lists: a few of them in nearly all lists is what a collapsed recommender looks like.
 * Of equals the lower row comes first. Empty places of a list (−1) do not count.
 *
 * @example mostListed({ size: 2, k: 2, items: Int32Array.of(7, 3, 7, 9), scores }, 1) // [{ item: 7, share: 1 }]
 */
export function mostListed({ size, items }: Pick<Lists, "size" | "items">, count: number): ListedItem[] {
  const counts = new Map<number, number>();
  for (const item of items) if (item >= 0) counts.set(item, (counts.get(item) ?? 0) + 1);
  return [...counts]
    .sort(([a, inA], [b, inB]) => inB - inA || a - b)
    .slice(0, count)
    .map(([item, times]) => ({ item, share: times / size }));
}
