/** Non-negative weights that can be changed and drawn from, each in the logarithm of their number. */
export interface SumTree {
  readonly size: number;
  total(): number;
  get(place: number): number;
  set(place: number, weight: number): void;
  /** The place p with weights before p ≤ mass < weights up to and with p. */
  find(mass: number): number;
}

/**
 * A binary tree whose nodes hold the sums of their children, as in prioritised replay (Schaul et al. 2016,
 * appendix B.2.1). Sums are made anew from the children, so that rounding does not pile up.
 *
 * @param size number of weights, all 0 at first
 * @example const tree = sumTree(2); tree.set(0, 1); tree.set(1, 3); tree.find(1.5) // 1
 */
export function sumTree(size: number): SumTree {
  if (!(Number.isSafeInteger(size) && size >= 1))
    throw new Error(`sumTree requires at least one weight, got ${size}`);
  let leaves = 1;
  while (leaves < size) leaves *= 2;
  const sums = new Float64Array(2 * leaves); // root at 1, leaf p at leaves + p
  return {
    size,
    total: () => sums[1],
    get: (place) => sums[leaves + place],
    set(place, weight) {
      if (!(place >= 0 && place < size && weight >= 0 && Number.isFinite(weight)))
        throw new Error(
          `sumTree.set requires a place below ${size} and a weight from 0, got ${place}, ${weight}`,
        );
      let node = leaves + place;
      sums[node] = weight;
      for (node >>= 1; node >= 1; node >>= 1) sums[node] = sums[2 * node] + sums[2 * node + 1];
    },
    find(mass) {
      if (!(mass >= 0 && mass < sums[1]))
        throw new Error(`sumTree.find requires a mass in [0, ${sums[1]}), got ${mass}`);
      let [node, left] = [1, mass];
      while (node < leaves) {
        node *= 2;
        // Rounding may leave a mass just beyond all weights: never step into an empty half.
        if (left >= sums[node] && sums[node + 1] > 0) {
          left -= sums[node];
          node++;
        }
      }
      return node - leaves;
    },
  };
}
