import type { About, Figure, Numbers } from "./figure";
import { shortTitle } from "./placeLabels";
import { bothSides, styled } from "./theme";

/**
 * Similarities between some items, each with each: blocks along the diagonal are neighbourhoods.
 *
 * @param input.similarities [n × n] cosines in [−1, 1]
 */
export function similarityHeatmap(
  input: { similarities: Numbers; labels: readonly string[] } & About,
): Figure {
  const { similarities, labels, ...about } = input;
  const n = labels.length;
  if (similarities.length !== n * n)
    throw new Error(
      `similarityHeatmap requires ${n} × ${n} similarities for ${n} labels, got ${similarities.length}`,
    );
  const rows = Array.from({ length: n }, (_, r) =>
    Array.from({ length: n }, (_, c) => similarities[r * n + c]!),
  );
  const places = Array.from(labels.keys());
  const axis = {
    tickmode: "array",
    tickvals: places,
    ticktext: labels.map((label) => shortTitle(label, 24)),
    showgrid: false,
    ticks: "",
  };
  return styled(
    [
      {
        type: "heatmap",
        z: rows,
        zmin: -1,
        zmax: 1,
        colorscale: bothSides,
        text: n <= 14 ? rows.map((row) => row.map((value) => value.toFixed(2))) : undefined,
        texttemplate: n <= 14 ? "%{text}" : undefined,
        textfont: { size: 11 },
        xgap: 1,
        ygap: 1,
        colorbar: { title: { text: "cosine" }, thickness: 14, outlinewidth: 0 },
        hovertemplate: "%{y} · %{x}: %{z:.2f}<extra></extra>",
      },
    ],
    {
      xaxis: { ...axis, tickangle: -40 },
      yaxis: { ...axis, autorange: "reversed" },
    },
    {
      title: "Which items lie close together",
      caption: `Cosine similarity of ${n} items, each with each.`,
      height: 560,
      ...about,
    },
  );
}
