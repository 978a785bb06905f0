import { type ChoiceColumns, contextOf } from "./choiceColumns";

/** How contexts are brought to a common scale: (x − centre) · scale, column by column. */
export interface ContextScale {
  readonly centre: Float64Array;
  /** 0 where a column says nothing. */
  readonly scale: Float64Array;
}

/** Scaled contexts of some rounds without their zeros: entries offsets[r] … offsets[r + 1] − 1 are round r's. */
export interface SparseContexts {
  readonly offsets: Int32Array;
  readonly columns: Int32Array;
  readonly values: Float64Array;
}

/**
 * The scale at which each column has deviation 1 over the rows it is fitted to. Columns that are mostly 0, as indicators
 * are, keep their zeros (centre 0), so that they cost nothing; a constant column is switched off.
 */
export function scaleOf(choices: Pick<ChoiceColumns, "width" | "contexts">, rows: Int32Array): ContextScale {
  const { width, contexts } = choices;
  const [centre, scale] = [new Float64Array(width), new Float64Array(width)];
  for (let d = 0; d < width; d++) {
    let [sum, squares, zeros] = [0, 0, 0];
    for (const row of rows) {
      const value = contexts[row * width + d];
      sum += value;
      if (value === 0) zeros++;
    }
    const mean = sum / rows.length;
    for (const row of rows) squares += (contexts[row * width + d] - mean) ** 2;
    const deviation = Math.sqrt(squares / rows.length);
    centre[d] = 2 * zeros > rows.length ? 0 : mean;
    scale[d] = deviation > 1e-12 * Math.abs(mean) ? 1 / deviation : 0;
  }
  return { centre, scale };
}

/** The scaled contexts of some rounds, in the order of the rows. */
export function sparseContexts(
  choices: ChoiceColumns,
  rows: Int32Array,
  { centre, scale }: ContextScale,
): SparseContexts {
  const each = (visit: (r: number, column: number, value: number) => void): void =>
    rows.forEach((row, r) => {
      const context = contextOf(choices, row);
      for (let d = 0; d < choices.width; d++) {
        const value = (context[d] - centre[d]) * scale[d];
        if (value !== 0) visit(r, d, value);
      }
    });
  let total = 0;
  each(() => total++);
  const offsets = new Int32Array(rows.length + 1);
  const columns = new Int32Array(total);
  const values = new Float64Array(total);
  let next = 0;
  each((r, column, value) => {
    columns[next] = column;
    values[next++] = value;
    offsets[r + 1] = next;
  });
  // A round of zeros ends where the one before it ended.
  for (let r = 0; r < rows.length; r++) offsets[r + 1] = Math.max(offsets[r + 1], offsets[r]);
  return { offsets, columns, values };
}
