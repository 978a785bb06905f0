/**
 * The k-th largest of values[0 .. count), by Hoare's quickselect (Find, CACM 1961): the values change places, and in
 * the mean some 3 · count of them are looked at, however many are equal.
 *
 * @param k in 1 .. count
 * @throws never: the caller answers for k.
 * @example kthLargest(Float32Array.of(3, 1, 2), 3, 2) // 2
 */
export function kthLargest(values: Float32Array, count: number, k: number): number {
  const target = k - 1;
  let low = 0;
  let high = count - 1;
  while (low < high) {
    const pivot = middleOf(values[low], values[(low + high) >> 1], values[high]);
    let i = low;
    let j = high;
    while (i <= j) {
      while (values[i] > pivot) i++;
      while (values[j] < pivot) j--;
      if (i > j) break;
      const kept = values[i];
      values[i++] = values[j];
      values[j--] = kept;
    }
    // values[low .. j] are at least the pivot, values[i .. high] at most, and what is between equals it.
    if (target <= j) high = j;
    else if (target >= i) low = i;
    else break;
  }
  return values[target];
}

function middleOf(a: number, b: number, c: number): number {
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
}
