/**
 * Matrices joined column-wise: the kernels of several gates as one, so that one product serves them all.
 *
 * @param make gives the next matrix [rows × columns], row by row
 * @returns [rows × count·columns]
 * @example sideBySide(2, () => Float32Array.of(1, 2), 1) // [1, 1, 2, 2]
 */
export function sideBySide(count: number, make: () => Float32Array, columns: number): Float32Array {
  const parts = Array.from({ length: count }, make);
  const rows = parts[0].length / columns;
  const joined = new Float32Array(rows * count * columns);
  parts.forEach((part, i) => {
    for (let row = 0; row < rows; row++)
      joined.set(part.subarray(row * columns, (row + 1) * columns), (row * count + i) * columns);
  });
  return joined;
}
