/**
 * Sums of a number over the rows of each owner.
 *
 * @param owners [n] rows from 0
 * @param each the number of a row
 * @returns [largest owner + 1], 0 where nothing is owned
 * @example sumsBy(Int32Array.of(0, 2, 0), () => 1) // [2, 0, 1]
 */
export function sumsBy(owners: Int32Array, each: (row: number) => number): Float64Array {
  let largest = -1;
  for (const owner of owners) largest = Math.max(largest, owner);
  const sums = new Float64Array(largest + 1);
  owners.forEach((owner, row) => {
    sums[owner] += each(row);
  });
  return sums;
}
