import type { About, Figure, Numbers } from "./figure";
import { transparent } from "./marks/mark";
import { band, note } from "./marks/rules";
import { timeline } from "./marks/timeline";
import { plot } from "./plot";
import { palette } from "./theme";

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
  const [validation, test] = cuts.map(share) as [number, number];
  const places = readers.map((rows) => Array.from(rows, share));
  const top = places.filter((rows) => rows.length > 0).length;
  const heading = (text: string, from: number, to: number) =>
    note(text, { x: (from + to) / 2, y: 1.01 * top, colour: palette.ink, size: 13 });
  return plot({
    marks: [
      band({ x: [validation, test] }, { colour: transparent(palette.orange, 0.22) }),
      band({ x: [test, 100] }, { colour: transparent(palette.green, 0.22) }),
      timeline(places),
      ...[
        heading("train: learn", 0, validation),
        heading("validation", validation, test),
        heading("test", test, 100),
      ],
    ],
    x: { title: "place in the log, oldest to newest (%)", range: [0, 100], grid: false },
    y: {
      title: "readers, by first rating",
      range: [-1, 1.09 * top],
      grid: false,
      plotly: { showticklabels: false, ticks: "" },
    },
    title: "One cut in time for everybody",
    caption: `${judged.toLocaleString("en")} of ${of.toLocaleString("en")} readers have ratings before the last cut and something they liked after it.`,
    ...about,
  });
}
