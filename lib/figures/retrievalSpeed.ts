import type { About, Figure } from "./figure";
import { dots } from "./marks/dots";
import { note } from "./marks/rules";
import { plot } from "./plot";
import { palette } from "./theme";

/** How long one kind of search takes, and how much of the exact answer it finds. */
export interface RetrievalRow {
  readonly name: string;
  /** microseconds a query */
  readonly microseconds: number;
  /** share of the exact nearest items that were found, in [0, 1] */
  readonly recall: number;
}

/** Searches by time and by how much they find: up and to the left is better. */
export function retrievalSpeed(input: { rows: readonly RetrievalRow[]; k?: number } & About): Figure {
  const { rows, k = 50, ...about } = input;
  const exact = (row: RetrievalRow): boolean => row.recall >= 1 - 1e-12;
  const lowest = Math.min(...rows.map((row) => row.recall));
  const step = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1].find((one) => (1 - lowest) / one <= 6) ?? 0.2;
  const ticks = Array.from({ length: 7 }, (_, i) => 1 - i * step).filter((tick) => tick > lowest - step);
  const fastest = rows.reduce((best, row) => (row.microseconds < best.microseconds ? row : best));
  const [low, high] = [Math.min, Math.max].map((end) =>
    end(...rows.map(({ microseconds }) => microseconds)),
  ) as [number, number];
  const some = (name: string, colour: string, symbol: string, members: readonly RetrievalRow[]) => [
    dots({
      name,
      colour,
      symbol,
      size: 13,
      x: members.map(({ microseconds: x }) => x),
      y: members.map(({ recall }) => recall),
    }),
    ...members.map((row, i) => {
      const above = i % 2 === 1;
      const place = { anchor: { y: above ? "bottom" : "top" }, shift: [0, above ? 8 : -8] } as const;
      return note(`${row.name}<br>${timeOf(row.microseconds)}`, {
        x: row.microseconds,
        y: row.recall,
        colour: palette.ink,
        ...place,
      });
    }),
  ];
  return plot({
    marks: [
      ...some("exact", palette.blue, "circle", rows.filter(exact)),
      ...some(
        "approximate",
        palette.orange,
        "diamond",
        rows.filter((row) => !exact(row)),
      ),
    ],
    x: {
      title: "microseconds a query (logarithmic)",
      log: true,
      range: [low / 10 ** 0.4, high * 10 ** 0.4],
      plotly: { dtick: 1 },
    },
    y: {
      title: `share of the exact top ${k} found`,
      ticks,
      range: [lowest - 0.25 * (1.02 - lowest) - 0.02, 1 + 0.2 * (1.02 - lowest) + 0.01],
      plotly: { tickformat: ".3~f" },
    },
    legend: "top",
    title: "Finding the nearest items",
    caption: `${fastest.name} is fastest with ${timeOf(fastest.microseconds)} a query and finds ${(100 * fastest.recall).toFixed(1)}% of the exact top ${k}.`,
    ...about,
  });
}

/** Two digits are as many as a clock can be trusted with; from a thousand on in milliseconds. */
function timeOf(microseconds: number): string {
  const [value, unit] = microseconds < 1000 ? [microseconds, "µs"] : [microseconds / 1000, "ms"];
  return `${Number(value.toPrecision(2))} ${unit}`;
}
