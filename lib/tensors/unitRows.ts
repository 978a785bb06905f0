import { type Tensor, type Tensor2D, tf } from "./tf";

/** Lengths below this count as this, so that a zero row stays zero instead of becoming NaN. */
const smallestLength = 1e-12;

/**
 * Rows scaled to length 1, differentiably; a zero row stays zero. [n, A] → [n, A]. For plain numbers there is
 * `normaliseRows`.
 *
 * @example unitRows(tf().tensor2d([[3, 4]])) // [[.6, .8]]
 */
export function unitRows(matrix: Tensor2D): Tensor2D {
  const operation = tf().customGrad((...given: unknown[]) => {
    const [x, save] = given as [Tensor2D, (tensors: Tensor[]) => void];
    const length = x
      .square()
      .sum(1, true)
      .maximum(smallestLength ** 2)
      .sqrt();
    const unit = x.div(length) as Tensor2D;
    save([unit, length]);
    return {
      value: unit,
      // What points along the row changes its length alone, which does not show.
      gradFunc: (gradient: Tensor, [y, l]: Tensor[]) => [
        gradient.sub(y.mul(gradient.mul(y).sum(1, true))).div(l),
      ],
    };
  });
  return operation(matrix) as Tensor2D;
}
