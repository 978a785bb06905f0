import type { About, Figure, Numbers } from "./figure";
import { heatmap } from "./marks/heatmap";
import { shortTitle } from "./placeLabels";
import { plot } from "./plot";

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
    Array.from({ length: n }, (_, c) => similarities[r * n + c]),
  );
  const negative = rows.some((row) => row.some((value) => value < 0));
  const cut = labels.map((label) => shortTitle(label, 24));
  const names = cut.map((name, i) => (cut.indexOf(name) === i ? name : labels[i])); // rows are told apart by name
  return plot({
    marks: [
      heatmap(rows, {
        ...{
          rows: names,
          columns: names,
          range: [negative ? -1 : 0, 1],
          gap: 1,
          key: "cosine",
          textSize: 11,
        },
        ...{ written: n <= 14 ? (value) => value.toFixed(2) : false, frames: blocksOf(groups) },
      }),
    ],
    x: { plotly: { tickangle: -40 } },
    title: "Which items lie close together",
    caption: `Cosine similarity of ${n} items, each with each.`,
    ...{ height: 560, right: 92 },
    ...about,
  });
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
