import { solvePositive } from "../../embeddings/linearSystems";

/** Linear regression that can be added to: A = λI + Σ x xᵀ, b = Σ r x, θ = A⁻¹ b. */
export interface RidgeRegression {
  readonly size: number;
  /** θ [d] */
  coefficients(): Float64Array;
  /** One observation, by the rank-one formula: d² multiplications. */
  observe(x: ArrayLike<number>, reward: number): void;
  /** Many at once, by their Σ x xᵀ [d × d] and Σ r x [d]: the inverse is taken anew, d³. */
  absorb(gram: Float64Array, moments: Float64Array): void;
  /** √(xᵀ A⁻¹ x): how little is known in the direction of x. */
  width(x: ArrayLike<number>): number;
  /** A⁻¹ [d × d] */
  readonly inverse: Float64Array;
  columns(): { precision: Float64Array; inverse: Float64Array; moments: Float64Array };
  restore(columns: { precision: Float64Array; inverse: Float64Array; moments: Float64Array }): void;
}

/**
 * Ridge regression in double precision (Hoerl and Kennard 1970), kept with its inverse, so that both the
 * estimate and its width can be asked for at any time. One observation moves the inverse by Sherman and
 * Morrison's formula, A⁻¹ ← A⁻¹ − (A⁻¹x)(A⁻¹x)ᵀ / (1 + xᵀA⁻¹x), which the widths of later ones rest on.
 *
 * @param options.ridge λ above 0
 * @throws when the size is below 1 or λ not above 0.
 * @example const model = ridgeRegression(1, { ridge: 1 }); model.observe([1], 4); model.coefficients() // [2]
 */
export function ridgeRegression(size: number, { ridge }: { readonly ridge: number }): RidgeRegression {
  if (!(Number.isSafeInteger(size) && size >= 1))
    throw new Error(`ridgeRegression requires a size of at least 1, got ${size}`);
  if (!(ridge > 0)) throw new Error(`ridgeRegression requires a ridge above 0, got ${ridge}`);
  const precision = diagonal(size, ridge); // A
  const inverse = diagonal(size, 1 / ridge); // A⁻¹
  const moments = new Float64Array(size); // b
  const direction = new Float64Array(size); // A⁻¹ x
  const spreadOf = (x: ArrayLike<number>): number => {
    let spread = 0;
    for (let i = 0; i < size; i++) {
      let sum = 0;
      for (let j = 0; j < size; j++) sum += inverse[i * size + j] * x[j];
      direction[i] = sum;
      spread += sum * x[i];
    }
    return spread;
  };
  return {
    size,
    inverse,
    width: (x) => Math.sqrt(Math.max(0, spreadOf(x))),
    coefficients() {
      const result = new Float64Array(size);
      for (let i = 0; i < size; i++)
        for (let j = 0; j < size; j++) result[i] += inverse[i * size + j] * moments[j];
      return result;
    },
    observe(x, reward) {
      const scale = 1 / (1 + spreadOf(x));
      for (let i = 0; i < size; i++) {
        moments[i] += reward * x[i];
        for (let j = 0; j < size; j++) {
          precision[i * size + j] += x[i] * x[j];
          inverse[i * size + j] -= direction[i] * direction[j] * scale;
        }
      }
    },
    absorb(gram, more) {
      for (let i = 0; i < gram.length; i++) precision[i] += gram[i];
      for (let i = 0; i < size; i++) moments[i] += more[i];
      inverse.set(inverseOf(precision, size));
    },
    columns: () => ({ precision, inverse, moments }),
    restore(columns) {
      precision.set(columns.precision);
      inverse.set(columns.inverse);
      moments.set(columns.moments);
    },
  };
}

function diagonal(size: number, value: number): Float64Array {
  const matrix = new Float64Array(size * size);
  for (let i = 0; i < size; i++) matrix[i * size + i] = value;
  return matrix;
}

/** Column by column, by Cholesky; made symmetric to the bit. */
function inverseOf(matrix: Float64Array, size: number): Float64Array {
  const result = new Float64Array(size * size);
  for (let column = 0; column < size; column++) {
    const unit = new Float64Array(size);
    unit[column] = 1;
    solvePositive(matrix.slice(), unit, size);
    for (let row = 0; row <= column; row++) {
      result[row * size + column] = unit[row];
      result[column * size + row] = unit[row];
    }
  }
  return result;
}
