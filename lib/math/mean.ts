/** Arithmetic mean, summed in double precision from the first to the last; NaN of nothing. @example meanOf([1, 3]) // 2 */
export function meanOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum / values.length;
}
