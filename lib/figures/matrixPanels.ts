import type { About, Figure } from "./figure";
import { panelAxes, panels, panelTitle } from "./panels";
import { bothSides, styled } from "./theme";

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
  const places = panels(matrices.length, 0.05);
  const largest = Math.max(...matrices.flatMap(({ values }) => values.flat().map(Math.abs)));
  let layout: Record<string, unknown> = {};
  const traces = matrices.map(({ heading, values }, m) => {
    const panel = places[m]!;
    layout = {
      ...layout,
      ...panelAxes(
        panel,
        { tickvals: [...columns.keys()], ticktext: columns, showgrid: false, ticks: "", tickangle: 30 },
        {
          tickvals: [...rows.keys()],
          ticktext: m === 0 ? rows : rows.map(() => ""),
          showgrid: false,
          ticks: "",
          autorange: "reversed",
        },
      ),
    };
    return {
      type: "heatmap",
      ...panel.axes,
      z: values,
      zmin: -largest,
      zmax: largest,
      colorscale: bothSides,
      showscale: false,
      text: values.map((row) => row.map(written)),
      texttemplate: "%{text}",
      textfont: { size: 15 },
      xgap: 2,
      ygap: 2,
      hovertemplate: `${heading}, %{y}, %{x}: %{z:.2f}<extra></extra>`,
    };
  });
  return styled(
    traces,
    {
      ...layout,
      annotations: matrices.map(({ heading }, m) => panelTitle(places[m]!, heading)),
      margin: { t: 108 },
    },
    { height: 360, ...about },
  );
}

/** Two digits where they are needed; what rounds to a whole number is written as one. */
function written(value: number): string {
  const hundredths = Math.round(100 * value);
  return hundredths % 100 === 0 ? String(hundredths / 100 || 0) : (hundredths / 100).toFixed(2);
}
