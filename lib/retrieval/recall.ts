import type { Lists } from "./lists";

/**
 * Which part of the exact lists an approximate index found, over all requests.
 *
 * @throws when the lists differ in shape.
 * @example recallOf(hnsw.search(queries, 10), exact.search(queries, 10)) // .98, say
 */
export function recallOf(found: Lists, exact: Lists): number {
  if (found.size !== exact.size || found.k !== exact.k)
    throw new Error(
      `recallOf requires lists of one shape, got ${found.size}×${found.k} and ${exact.size}×${exact.k}`,
    );
  let hits = 0;
  let wanted = 0;
  for (let request = 0; request < exact.size; request++) {
    const mine = new Set(found.items.subarray(request * found.k, (request + 1) * found.k));
    for (const item of exact.items.subarray(request * exact.k, (request + 1) * exact.k)) {
      if (item < 0) continue;
      wanted++;
      if (mine.has(item)) hits++;
    }
  }
  return wanted > 0 ? hits / wanted : 1;
}
