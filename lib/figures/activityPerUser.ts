import type { About, Figure, Numbers } from "./figure";
import { palette, styled } from "./theme";

/** Bins a doubling of the count is cut into. */
const binsPerDoubling = 3;

/** How many readers gave how many ratings, on a logarithmic axis because activity differs by orders of magnitude. */
export function activityPerUser(input: { counts: Numbers } & About): Figure {
  const { counts, ...about } = input;
  const active = Float64Array.from(counts)
    .filter((count) => count > 0)
    .sort();
  const median = active[active.length >> 1] ?? 0;
  const binOf = (count: number): number => Math.floor(Math.log2(count) * binsPerDoubling + 1e-9);
  const lowest = binOf(active[0] ?? 1);
  const bins = new Array<number>(binOf(active[active.length - 1] ?? 1) - lowest + 1).fill(0);
  for (const count of active) bins[binOf(count) - lowest]! += 1;
  const edge = (i: number): number => 2 ** ((lowest + i) / binsPerDoubling);
  const highest = Math.max(...bins);
  return styled(
    [
      {
        type: "bar",
        x: bins.map((_, i) => Math.sqrt(edge(i) * edge(i + 1))),
        width: bins.map((_, i) => 0.94 * (edge(i + 1) - edge(i))),
        y: bins,
        customdata: bins.map((_, i) => `${Math.ceil(edge(i))} to ${Math.ceil(edge(i + 1)) - 1}`),
        marker: { color: palette.blue },
        hovertemplate: "%{customdata} ratings: %{y} readers<extra></extra>",
      },
    ],
    {
      xaxis: {
        title: { text: "ratings of a reader" },
        type: "log",
        tickvals: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000],
        showgrid: false,
      },
      yaxis: { title: { text: "readers" }, range: [0, 1.15 * highest] },
      shapes: [
        {
          type: "line",
          x0: median,
          x1: median,
          y0: 0,
          y1: 1.08 * highest,
          line: { color: palette.red, width: 2, dash: "dash" },
        },
      ],
      annotations: [
        {
          x: Math.log10(median),
          y: 1.08 * highest,
          text: `half of the readers gave ${median} or more`,
          showarrow: false,
          xanchor: "right",
          xshift: -8,
          font: { size: 13, color: palette.red },
        },
      ],
    },
    {
      title: "How active readers are",
      caption: `Ratings per reader: the median is ${median}, the most active gave ${active[active.length - 1] ?? 0}.`,
      ...about,
    },
  );
}
