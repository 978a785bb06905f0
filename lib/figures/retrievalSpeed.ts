import type { About, Figure } from "./figure";
import { palette, styled } from "./theme";

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
  return styled(
    [true, false].map((whether) => {
      const members = rows.filter((row) => exact(row) === whether);
      return {
        type: "scatter",
        mode: "markers+text",
        name: whether ? "exact" : "approximate",
        x: members.map((row) => row.microseconds),
        y: members.map((row) => row.recall),
        text: members.map((row) => `${row.name}<br>${timeOf(row.microseconds)}`),
        textposition: members.map((_, i) => (i % 2 === 0 ? "bottom center" : "top center")),
        textfont: { size: 12 },
        cliponaxis: false,
        marker: {
          color: whether ? palette.blue : palette.orange,
          size: 13,
          symbol: whether ? "circle" : "diamond",
        },
      };
    }),
    {
      xaxis: {
        title: { text: "microseconds a query (logarithmic)" },
        type: "log",
        dtick: 1,
        ...spanOf(rows),
      },
      yaxis: {
        title: { text: `share of the exact top ${k} found` },
        tickvals: ticks,
        tickformat: ".3~f",
        range: [lowest - 0.25 * (1.02 - lowest) - 0.02, 1 + 0.2 * (1.02 - lowest) + 0.01],
      },
      margin: { t: 100 },
    },
    {
      title: "Finding the nearest items",
      caption: `${fastest.name} is fastest with ${timeOf(fastest.microseconds)} a query and finds ${(100 * fastest.recall).toFixed(1)}% of the exact top ${k}.`,
      ...about,
    },
  );
}

/** Two digits are as many as a clock can be trusted with; from a thousand on in milliseconds. */
function timeOf(microseconds: number): string {
  const [value, unit] = microseconds < 1000 ? [microseconds, "µs"] : [microseconds / 1000, "ms"];
  return `${Number(value.toPrecision(2))} ${unit}`;
}

/** The range of a logarithmic axis, with room for the labels at both ends. */
function spanOf(rows: readonly RetrievalRow[]): { range: [number, number] } {
  const logs = rows.map((row) => Math.log10(row.microseconds));
  return { range: [Math.min(...logs) - 0.4, Math.max(...logs) + 0.4] };
}
