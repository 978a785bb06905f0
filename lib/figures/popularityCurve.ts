import type { About, Figure, Numbers } from "./figure";
import { dots } from "./marks/dots";
import { lines } from "./marks/lines";
import type { Mark } from "./marks/mark";
import { diagonal, note } from "./marks/rules";
import { plot } from "./plot";
import { palette } from "./theme";

/** At most this many points of a curve are drawn: more cannot be seen. */
const drawnPoints = 400;

/**
 * How unevenly attention is spread over the items. Left: ratings of each item by its rank, both axes logarithmic
 * (a straight line would be a power law). Right: the share of all ratings that the most-rated items carry
 * (a Lorenz curve from the top).
 */
export function popularityCurve(input: { counts: Numbers } & About): Figure {
  const { counts, ...about } = input;
  const sorted = Float64Array.from(counts).sort().reverse();
  const cumulative = new Float64Array(sorted.length + 1);
  for (let i = 0; i < sorted.length; i++) cumulative[i + 1] = cumulative[i] + sorted[i];
  const total = cumulative[sorted.length];
  const atTop = (share: number): number => (100 * cumulative[Math.round(share * sorted.length)]) / total;
  const ranks = logSpaced(sorted.length).filter((rank) => sorted[rank - 1] > 0);
  const steps = Array.from({ length: drawnPoints + 1 }, (_, i) => i / drawnPoints);
  const marked = [0.01, 0.1, 0.2];
  const percent = (share: number): number => 100 * share;
  return plot({
    panels: [
      {
        marks: [lines({ x: ranks, y: ranks.map((rank) => sorted[rank - 1]) }, { width: 3, dots: false })],
        x: { title: "rank of the item", log: true, plotly: { dtick: 1 } },
        y: { title: "ratings of the item", log: true, plotly: { dtick: 1 } },
      },
      {
        marks: [
          lines({ x: steps.map(percent), y: steps.map(atTop) }, { width: 3, dots: false }),
          diagonal(),
          dots({ x: marked.map(percent), y: marked.map(atTop), colour: palette.red }),
          ...marked.map((share) => topLabel(percent(share), atTop(share))),
        ],
        x: { title: "items, most-rated first (%)", range: [-1, 101] },
        y: { title: "share of all ratings (%)", range: [0, 102] },
      },
    ],
    title: "A few items get most of the attention",
    caption: `The most-rated tenth of the items carries ${atTop(0.1).toFixed(0)}% of all ratings.`,
    ...about,
  });
}

const topLabel = (x: number, y: number): Mark =>
  note(`top ${x}%: ${y.toFixed(0)}%`, {
    x,
    y,
    colour: palette.ink,
    size: 13,
    anchor: { x: "left", y: "top" },
    shift: [8, 0],
  });

/** Whole numbers from 1 to `last`, evenly spread on a logarithmic axis, without repeats. */
function logSpaced(last: number): number[] {
  const ranks = Array.from({ length: drawnPoints }, (_, i) => Math.round(last ** (i / (drawnPoints - 1))));
  return [...new Set(ranks)];
}
