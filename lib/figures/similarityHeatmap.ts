import type { About, Figure, Numbers } from "./figure";
import { shortTitle } from "./placeLabels";
import { bothSides, lightToDark, palette, styled } from "./theme";

/**
 * Similarities between some items, each with each: blocks along the diagonal are neighbourhoods. Where no
 * cosine is below zero the colours run from 0 to 1.
 *
 * @param input.similarities [n × n] cosines in [−1, 1]
 * @param input.groups [n] group of each item; neighbours of the same group get a frame around their block
 */
export function similarityHeatmap(
  input: { similarities: Numbers; labels: readonly string[]; groups?: readonly string[] } & About,
): Figure {
  const { similarities, labels, groups = [], ...about } = input;
  const n = labels.length;
  if (similarities.length !== n * n)
    throw new Error(
      `similarityHeatmap requires ${n} × ${n} similarities for ${n} labels, got ${similarities.length}`,
    );
  const rows = Array.from({ length: n }, (_, r) =>
    Array.from({ length: n }, (_, c) => similarities[r * n + c]!),
  );
  const places = Array.from(labels.keys());
  const negative = rows.some((row) => row.some((value) => value < 0));
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
        zmin: negative ? -1 : 0,
        zmax: 1,
        colorscale: negative ? bothSides : lightToDark,
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
      shapes: blocksOf(groups).map(([first, last]) => ({
        type: "rect",
        x0: first - 0.5,
        x1: last + 0.5,
        y0: first - 0.5,
        y1: last + 0.5,
        line: { color: palette.red, width: 2.5 },
      })),
    },
    {
      title: "Which items lie close together",
      caption: `Cosine similarity of ${n} items, each with each.`,
      height: 560,
      ...about,
    },
  );
}

/** First and last place of each run of two or more neighbours in the same group. */
function blocksOf(groups: readonly string[]): [number, number][] {
  const blocks: [number, number][] = [];
  let first = 0;
  for (let place = 1; place <= groups.length; place++) {
    if (groups[place] === groups[first]) continue;
    if (place - first > 1) blocks.push([first, place - 1]);
    first = place;
  }
  return blocks;
}
