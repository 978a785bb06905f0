import type { About, Figure } from "./figure";
import { heatmap } from "./marks/heatmap";
import { plot } from "./plot";

/** One small matrix with a heading. */
export interface MatrixPanel {
  readonly heading: string;
  /** [rows][columns] */
  readonly values: readonly (readonly number[])[];
}

/**
 * Small matrices side by side with their numbers written in, on one colour scale: a table, and what a model
 * makes of it.
 *
 * @throws when a matrix has another shape than the labels say.
 */
export function matrixPanels(
  input: {
    readonly matrices: readonly MatrixPanel[];
    readonly rows: readonly string[];
    readonly columns: readonly string[];
    readonly title: string;
    readonly caption: string;
  } & About,
): Figure {
  const { matrices, rows, columns, ...about } = input;
  for (const { heading, values } of matrices)
    if (values.length !== rows.length || values.some((row) => row.length !== columns.length))
      throw new Error(
        `matrixPanels requires ${rows.length} × ${columns.length} values, got another shape in "${heading}"`,
      );
  const largest = Math.max(...matrices.flatMap(({ values }) => values.flat().map(Math.abs)));
  return plot({
    panels: matrices.map(({ heading, values }) => ({
      heading,
      marks: [heatmap(values, { rows, columns, range: [-largest, largest], written: true, gap: 2 })],
    })),
    x: { plotly: { tickangle: 30 } },
    width: 800,
    height: 360,
    ...about,
  });
}
