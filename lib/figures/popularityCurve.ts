import type { About, Figure, Numbers } from "./figure";
import { panelAxes, panels } from "./panels";
import { palette, styled } from "./theme";

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
  for (let i = 0; i < sorted.length; i++) cumulative[i + 1] = cumulative[i]! + sorted[i]!;
  const total = cumulative[sorted.length]!;
  const atTop = (share: number): number => (100 * cumulative[Math.round(share * sorted.length)]!) / total;
  const ranks = logSpaced(sorted.length).filter((rank) => sorted[rank - 1]! > 0);
  const steps = Array.from({ length: drawnPoints + 1 }, (_, i) => i / drawnPoints);
  const [left, right] = panels(2, 0.16) as [ReturnType<typeof panels>[0], ReturnType<typeof panels>[0]];
  const marks = [0.01, 0.1, 0.2];
  const line = { type: "scatter", mode: "lines", showlegend: false };
  return styled(
    [
      {
        ...line,
        ...left.axes,
        x: ranks,
        y: ranks.map((rank) => sorted[rank - 1]!),
        line: { color: palette.blue, width: 3 },
      },
      {
        ...line,
        ...right.axes,
        x: steps.map((s) => 100 * s),
        y: steps.map(atTop),
        line: { color: palette.blue, width: 3 },
      },
      {
        ...line,
        ...right.axes,
        x: [0, 100],
        y: [0, 100],
        line: { color: palette.grey, width: 1.5, dash: "dash" },
      },
      {
        ...right.axes,
        type: "scatter",
        mode: "markers",
        showlegend: false,
        x: marks.map((mark) => 100 * mark),
        y: marks.map(atTop),
        marker: { color: palette.red, size: 9 },
      },
    ],
    {
      ...panelAxes(
        left,
        { title: { text: "rank of the item" }, type: "log", dtick: 1 },
        { title: { text: "ratings of the item" }, type: "log", dtick: 1 },
      ),
      ...panelAxes(
        right,
        { title: { text: "items, most-rated first (%)" }, range: [-1, 101] },
        { title: { text: "share of all ratings (%)" }, range: [0, 102] },
      ),
      annotations: marks.map((mark) => ({
        xref: right.axes.xaxis,
        yref: right.axes.yaxis,
        x: 100 * mark,
        y: atTop(mark),
        text: `top ${100 * mark}%: ${atTop(mark).toFixed(0)}%`,
        showarrow: false,
        xanchor: "left",
        yanchor: "top",
        xshift: 8,
        bgcolor: "#FFFFFF",
      })),
    },
    {
      title: "A few items get most of the attention",
      caption: `The most-rated tenth of the items carries ${atTop(0.1).toFixed(0)}% of all ratings.`,
      ...about,
    },
  );
}

/** Whole numbers from 1 to `last`, evenly spread on a logarithmic axis, without repeats. */
function logSpaced(last: number): number[] {
  const ranks = Array.from({ length: drawnPoints }, (_, i) => Math.round(last ** (i / (drawnPoints - 1))));
  return [...new Set(ranks)];
}
