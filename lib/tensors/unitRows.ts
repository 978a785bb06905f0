import { type Tensor2D, tf } from "./tf";

/** Lengths below this count as this, so that a zero row stays zero instead of becoming NaN. */
const smallestLength = 1e-12;

/**
 * Rows scaled to length 1, differentiably; a zero row stays zero. [n, A] → [n, A]. For plain numbers there is
 * `normaliseRows`.
 *
 * @example unitRows(tf().tensor2d([[3, 4]])) // [[.6, .8]]
 */
export function unitRows(matrix: Tensor2D): Tensor2D {
  return tf().tidy(
    () =>
      matrix.div(
        matrix
          .square()
          .sum(1, true)
          .maximum(smallestLength ** 2)
          .sqrt(),
      ) as Tensor2D,
  );
}
