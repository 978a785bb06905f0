import type { About, Figure, Numbers } from "./figure";
import { columns } from "./marks/bars";
import { rule } from "./marks/rules";
import { plot } from "./plot";
import { palette } from "./theme";

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
  for (const count of active) bins[binOf(count) - lowest] += 1;
  const edge = (i: number): number => 2 ** ((lowest + i) / binsPerDoubling);
  const most = active[active.length - 1] ?? 0;
  const marks = [
    columns({
      x: bins.map((_, i) => Math.sqrt(edge(i) * edge(i + 1))),
      widths: bins.map((_, i) => 0.94 * (edge(i + 1) - edge(i))),
      heights: bins,
      text: bins.map((_, i) => `${Math.ceil(edge(i))} to ${Math.ceil(edge(i + 1)) - 1}`),
      hover: "%{customdata} ratings: %{y} readers",
    }),
    rule(
      { x: median },
      { label: `half of the readers gave ${median} or more`, colour: palette.red, width: 2 },
    ),
  ];
  return plot({
    marks,
    x: {
      title: "ratings of a reader",
      log: true,
      grid: false,
      range: [0.94 * edge(0), 1.06 * edge(bins.length)],
    },
    y: { title: "readers", range: [0, 1.15 * Math.max(...bins)] },
    title: "How active readers are",
    caption: `Ratings per reader: the median is ${median}, the most active gave ${most}.`,
    ...about,
  });
}
