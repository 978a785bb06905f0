import type { About, Figure, Numbers } from "./figure";
import { palette, styled } from "./theme";

/** How often each rating was given: the first thing to know, because most people rate what they like. */
export function ratingHistogram(input: { ratings: Numbers } & About): Figure {
  const { ratings, ...about } = input;
  const counts = new Map<number, number>();
  for (let i = 0; i < ratings.length; i++) counts.set(ratings[i]!, (counts.get(ratings[i]!) ?? 0) + 1);
  const values = [...counts.keys()].sort((a, b) => a - b);
  const shares = values.map((value) => (100 * counts.get(value)!) / ratings.length);
  const highest = shares.indexOf(Math.max(...shares));
  const bars = {
    type: "bar",
    x: values,
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
      xaxis: { title: { text: "rating" }, tickmode: "array", tickvals: values, showgrid: false },
      yaxis: { title: { text: "share of all ratings (%)" }, range: [0, 1.12 * Math.max(...shares)] },
      bargap: 0.25,
    },
    {
      title: "How people rate",
      caption: `Ratings by value: ${values[highest]} is the commonest, with ${shares[highest]!.toFixed(1)}% of all.`,
      ...about,
    },
  );
}
