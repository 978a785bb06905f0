import { tf } from "../../tensors/tf";
import type { RidgeRegression } from "./ridgeRegression";

/** Σ x xᵀ, Σ r x and what describes the rewards r, over some rows. */
export interface ContextTotals {
  /** [d × d] */
  readonly gram: Float64Array;
  /** [d] */
  readonly moments: Float64Array;
  readonly rows: number;
  /** Σ r and Σ r² */
  readonly total: number;
  readonly squares: number;
}

const rowsAtOnce = 4096;

/**
 * Sums over contexts, gathered in blocks: each block's [X r]ᵀ[X r] is one matrix product in single precision
 * that holds all that is wanted, and blocks are added up in double precision.
 *
 * @param size d
 */
export function contextSums(size: number) {
  const columns = size + 1;
  const block = new Float32Array(rowsAtOnce * columns);
  const sums = new Float64Array(columns * columns);
  let [filled, rows, total] = [0, 0, 0];
  const flush = (): void => {
    if (filled === 0) return;
    const products = tf().tidy(() => {
      const matrix = tf().tensor2d(block.subarray(0, filled * columns), [filled, columns]);
      return tf().matMul(matrix, matrix, true, false).dataSync<"float32">();
    });
    for (let i = 0; i < sums.length; i++) sums[i] += products[i];
    filled = 0;
  };
  return {
    /** @param write puts x [d] at row[at ..] */
    add(reward: number, write: (row: Float32Array, at: number) => void): void {
      const at = filled * columns;
      write(block, at);
      block[at + size] = reward;
      total += reward;
      rows++;
      if (++filled === rowsAtOnce) flush();
    },
    take(): ContextTotals {
      flush();
      const gram = new Float64Array(size * size);
      const moments = new Float64Array(size);
      for (let i = 0; i < size; i++) {
        moments[i] = sums[i * columns + size];
        for (let j = 0; j < size; j++) gram[i * size + j] = sums[i * columns + j];
      }
      return { gram, moments, rows, total, squares: sums[columns * columns - 1] };
    },
  };
}

/** R²: 1 − Σ (r − θᵀx)² / Σ (r − r̄)²; 0 where all rewards are equal. */
export function explainedBy(model: RidgeRegression, totals: ContextTotals): number {
  const { gram, moments, rows, total, squares } = totals;
  const theta = model.coefficients();
  let [fitted, crossed] = [0, 0];
  for (let i = 0; i < theta.length; i++) {
    crossed += theta[i] * moments[i];
    for (let j = 0; j < theta.length; j++) fitted += theta[i] * theta[j] * gram[i * theta.length + j];
  }
  const all = squares - total ** 2 / rows;
  return all > 1e-9 * rows ? 1 - (squares - 2 * crossed + fitted) / all : 0;
}
