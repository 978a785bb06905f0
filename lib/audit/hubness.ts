/** How unevenly a catalogue is found. */
export interface Hubness {
  /** [N] in how many lists each item stands: its k-occurrences. */
  readonly counts: Int32Array;
  /**
   * Skewness of the counts, E[(x − μ)³] / σ³ (Radovanović, Nanopoulos and Ivanović 2010, section 2): near 0
   * where all items are found alike, large where a few hubs are near everything.
   */
  readonly skewness: number;
  /** Share of all places that the top 1% of the items hold. */
  readonly topShare: number;
  /** Share of the items that stand in no list: nothing leads to them. */
  readonly neverFound: number;
}

/**
 * Hubness of lists: in high dimensions some points are near neighbours of very many others, and a policy that
 * acts by nearest neighbours serves them whatever it means.
 *
 * @param lists item rows of any lists, −1 where a place is empty
 * @param size N
 * @throws when an item lies outside the catalogue, or there is none.
 */
export function hubnessOf(lists: ArrayLike<number>, size: number): Hubness {
  if (!(Number.isSafeInteger(size) && size >= 1)) throw new Error(`hubnessOf requires items, got ${size}`);
  const counts = new Int32Array(size);
  let places = 0;
  for (let i = 0; i < lists.length; i++) {
    const item = lists[i];
    if (item === -1) continue;
    if (!(item >= 0 && item < size))
      throw new Error(`hubnessOf requires item rows below ${size}, got ${item}`);
    counts[item]++;
    places++;
  }
  const mean = places / size;
  let [squares, cubes, never] = [0, 0, 0];
  for (const count of counts) {
    squares += (count - mean) ** 2;
    cubes += (count - mean) ** 3;
    if (count === 0) never++;
  }
  const deviation = Math.sqrt(squares / size);
  const top = Int32Array.from(counts)
    .sort()
    .subarray(size - Math.ceil(size / 100));
  return {
    counts,
    skewness: deviation === 0 ? 0 : cubes / size / deviation ** 3,
    topShare: places === 0 ? 0 : top.reduce((sum, count) => sum + count, 0) / places,
    neverFound: never / size,
  };
}
