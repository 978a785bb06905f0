import type { About, Figure, Numbers } from "./figure";
import { palette, styled } from "./theme";

/**
 * The three parts of a split over the whole log, with some readers on it: one line a reader from the first row
 * to the last, one dot a row. Whoever crosses the last cut can be judged.
 */
export function splitTimeline(
  input: {
    /** Rows of the log. */
    readonly size: number;
    /** Where validation and test begin, in rows. */
    readonly cuts: readonly [number, number];
    /** [readers] rows of each reader to draw, ascending */
    readonly readers: readonly Numbers[];
    /** Readers who are judged, of all readers. */
    readonly judged: number;
    readonly of: number;
  } & About,
): Figure {
  const { size, cuts, readers, judged, of, ...about } = input;
  const share = (row: number): number => (100 * row) / size;
  const ordered = readers.map((rows) => Array.from(rows)).sort((a, b) => (a[0] ?? 0) - (b[0] ?? 0));
  const lines: { x: (number | null)[]; y: (number | null)[] } = { x: [], y: [] };
  const dots: { x: number[]; y: number[] } = { x: [], y: [] };
  ordered.forEach((rows, place) => {
    if (rows.length === 0) return;
    lines.x.push(share(rows[0]!), share(rows[rows.length - 1]!), null);
    lines.y.push(place, place, null);
    for (const row of rows) {
      dots.x.push(share(row));
      dots.y.push(place);
    }
  });
  const band = (from: number, to: number, fillcolor: string) => ({
    type: "rect",
    xref: "x",
    yref: "paper",
    x0: share(from),
    x1: share(to),
    y0: 0,
    y1: 1,
    fillcolor,
    line: { width: 0 },
    layer: "below",
  });
  const heading = (from: number, to: number, text: string) => ({
    x: share((from + to) / 2),
    y: 1,
    yref: "paper",
    yanchor: "bottom",
    text,
    showarrow: false,
    font: { size: 13 },
  });
  const [validation, test] = cuts;
  return styled(
    [
      { type: "scatter", mode: "lines", ...lines, line: { color: "#BBBBBB", width: 1 }, hoverinfo: "skip" },
      {
        type: "scatter",
        mode: "markers",
        ...dots,
        marker: { color: palette.blue, size: 4 },
        hoverinfo: "skip",
      },
    ],
    {
      showlegend: false,
      xaxis: { title: { text: "place in the log, oldest to newest (%)" }, range: [0, 100], showgrid: false },
      yaxis: {
        title: { text: "readers, by first rating" },
        showticklabels: false,
        ticks: "",
        showgrid: false,
      },
      shapes: [
        band(validation, test, "rgba(230, 159, 0, 0.22)"),
        band(test, size, "rgba(0, 158, 115, 0.22)"),
      ],
      annotations: [
        heading(0, validation, "train: learn"),
        heading(validation, test, "validation"),
        heading(test, size, "test"),
      ],
      margin: { t: 96 },
    },
    {
      title: "One cut in time for everybody",
      caption: `${judged.toLocaleString("en")} of ${of.toLocaleString("en")} readers have ratings before the last cut and something they liked after it.`,
      ...about,
    },
  );
}
