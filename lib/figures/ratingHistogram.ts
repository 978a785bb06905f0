import type { About, Figure, Numbers } from "./figure";
import { columns } from "./marks/bars";
import { plot } from "./plot";

/** How often each rating was given: the first thing to know, because most people rate what they like. */
export function ratingHistogram(input: { ratings: Numbers } & About): Figure {
  const { ratings, ...about } = input;
  const counts = new Map<number, number>();
  for (let i = 0; i < ratings.length; i++) counts.set(ratings[i], (counts.get(ratings[i]) ?? 0) + 1);
  const values = [...counts.keys()].sort((a, b) => a - b);
  const shares = values.map((value) => (100 * counts.get(value)!) / ratings.length);
  const highest = shares.indexOf(Math.max(...shares));
  const labels = shares.map((share) => `${share.toFixed(1)}%`);
  return plot({
    marks: [columns({ x: values, heights: shares, labels, hover: "rating %{x}: %{y:.2f}%" })],
    x: { title: "rating", ticks: values, grid: false },
    y: "share of all ratings (%)",
    title: "How people rate",
    caption: `Ratings by value: ${values[highest]} is the commonest, with ${shares[highest].toFixed(1)}% of all.`,
    ...about,
  });
}
