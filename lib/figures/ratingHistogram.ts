import type { About, Figure, Numbers } from "./figure";
import { palette, styled } from "./theme";

/** How often each rating was given: the first thing to know, because most people rate what they like. */
export function ratingHistogram(input: { values: Numbers; counts: Numbers } & About): Figure {
  const total = Array.from(input.counts).reduce((sum, n) => sum + n, 0);
  const shares = Array.from(input.counts, (n) => (100 * n) / total);
  const highest = shares.indexOf(Math.max(...shares));
  const bars = {
    type: "bar",
    x: Array.from(input.values),
    y: shares,
    text: shares.map((share) => `${share.toFixed(1)}%`),
    textposition: "outside",
    cliponaxis: false,
    marker: { color: palette.blue },
    hovertemplate: "rating %{x}: %{y:.2f}%<extra></extra>",
  };
  return styled(
    [bars],
    {
      xaxis: {
        title: { text: "rating" },
        tickmode: "array",
        tickvals: Array.from(input.values),
        showgrid: false,
      },
      yaxis: { title: { text: "share of all ratings (%)" }, range: [0, 1.12 * Math.max(...shares)] },
      bargap: 0.25,
    },
    {
      title: "How people rate",
      caption: `Ratings by value: ${input.values[highest]} is the commonest, with ${shares[highest]!.toFixed(1)}% of all.`,
      ...input,
    },
  );
}
