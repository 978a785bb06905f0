import { palette } from "../theme";
import { type Mark, type Part, short } from "./mark";

/** A value with its interval, at a height of its own. */
export interface IntervalMark {
  readonly value: number;
  readonly lower: number;
  readonly upper: number;
}

/**
 * A range that shows what most intervals are about: all of them where they are of a kind; where a few are many times
 * wider, three usual widths around the truths and the middle half of the values.
 *
 * @param always values that must be seen, e.g. the truth
 * @throws when there is nothing finite to show.
 * @example robustRange([{ value: 1, lower: 0, upper: 2 }]) // [-0.12, 2.12]
 */
export function robustRange(
  marks: readonly IntervalMark[],
  always: readonly number[] = [],
): [number, number] {
  const finite = marks.filter((mark) => [mark.value, mark.lower, mark.upper].every(Number.isFinite));
  const ends = [...always, ...finite.flatMap(({ lower, value, upper }) => [lower, value, upper])];
  if (ends.length === 0) throw new Error("robustRange requires a finite value with its interval, got none");
  const usual = middle(finite.map(({ lower, upper }) => upper - lower));
  const values = finite.map(({ value }) => value).sort((a, b) => a - b);
  const quarter = Math.floor(values.length / 4);
  const core = [...always, ...values.slice(quarter, values.length - quarter)];
  const reach = usual > 0 ? 3 * usual : Number.POSITIVE_INFINITY;
  const whole = [Math.min(...ends), Math.max(...ends)] as const;
  const cut = [
    Math.max(whole[0], Math.min(...core) - reach),
    Math.min(whole[1], Math.max(...core) + reach),
  ] as const;
  // Little would be won by cutting off a little.
  const [low, high] = whole[1] - whole[0] <= 1.75 * (cut[1] - cut[0]) ? whole : cut;
  const room = 0.06 * (high - low || Math.abs(high) || 1);
  return [low - room, high + room];
}

function middle(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted.length === 0 ? 0 : sorted[Math.floor((sorted.length - 1) / 2)];
}

/**
 * Points with level whiskers, in one colour. What lies outside of the range is not left to guess: a whisker that is cut
 * off ends in an arrowhead at the edge, and of a value outside an open arrowhead stands there with its number.
 *
 * @param at [n] heights
 * @param common what all traces share: name, axes, colour
 */
export function cutIntervals(
  marks: readonly IntervalMark[],
  at: readonly number[],
  {
    range: [low, high],
    colour,
    symbol = "circle",
    ...common
  }: {
    readonly range: readonly [number, number];
    readonly colour: string;
    readonly symbol?: string;
    readonly [key: string]: unknown;
  },
): Record<string, unknown>[] {
  const rows = marks.map((mark, i) => ({ ...mark, at: at[i] })).filter(({ value }) => Number.isFinite(value));
  const shown = rows.filter(({ value }) => value >= low && value <= high);
  const inside = (value: number): number => Math.min(high, Math.max(low, value));
  const whiskers = rows.flatMap(({ lower, upper, at: y }) =>
    upper < low || lower > high ? [] : [inside(lower), y, inside(upper), y, null, null],
  );
  const ends = rows.flatMap(({ value, lower, upper, at: y }) => [
    ...(lower >= low && lower <= high ? [{ x: lower, y, symbol: "line-ns-open" }] : []),
    ...(upper >= low && upper <= high ? [{ x: upper, y, symbol: "line-ns-open" }] : []),
    ...(lower < low && value >= low ? [{ x: low, y, symbol: "triangle-left" }] : []),
    ...(upper > high && value <= high ? [{ x: high, y, symbol: "triangle-right" }] : []),
  ]);
  const outside = rows.filter(({ value }) => value < low || value > high);
  const plain = { type: "scatter", legendgroup: common.name, showlegend: false, cliponaxis: false };
  const evens = <T>(values: readonly T[], from: 0 | 1): T[] => values.filter((_, i) => i % 2 === from);
  const traces: Record<string, unknown>[] = [
    {
      ...{ ...plain, ...common, showlegend: false, mode: "lines", hoverinfo: "skip" },
      ...{ x: evens(whiskers, 0), y: evens(whiskers, 1), line: { color: colour, width: 2.5 } },
    },
    {
      ...{ ...plain, ...common, showlegend: false, mode: "markers", hoverinfo: "skip" },
      ...{ x: ends.map(({ x }) => x), y: ends.map(({ y }) => y) },
      marker: {
        opacity: 1,
        ...{ color: colour, symbol: ends.map((end) => end.symbol), line: { width: 2, color: colour } },
        size: ends.map((end) => (end.symbol === "line-ns-open" ? 8 : 10)),
      },
    },
    {
      ...{ ...plain, mode: "markers", ...common },
      ...{ x: shown.map(({ value }) => value), y: shown.map((row) => row.at) },
      marker: { color: colour, size: 10, symbol },
      hovertemplate: "%{x:.4g}<extra></extra>",
    },
  ];
  for (const side of ["left", "right"] as const) {
    const gone = outside.filter(({ value }) => (side === "left" ? value < low : value > high));
    if (gone.length === 0) continue;
    const [edge, anchor] = side === "left" ? [low, "right"] : [high, "left"];
    const x = gone.map(() => edge);
    traces.push(
      {
        ...{ ...plain, ...common, showlegend: false, mode: "markers" },
        ...{ x, y: gone.map((row) => row.at), text: gone.map(({ value }) => short(value)) },
        marker: {
          ...{ symbol: `triangle-${side}-open`, opacity: 1, size: 14, color: colour, line: { width: 2.5 } },
        },
        hovertemplate: "%{text}<extra></extra>",
      },
      {
        ...{ ...plain, ...common, showlegend: false, mode: "text", hoverinfo: "skip" },
        ...{
          x,
          y: gone.map((row) => row.at + 0.3),
          text: gone.map(({ value }) => `${pad}at ${short(value)}${pad}`),
        },
        ...{ textposition: `middle ${anchor}`, textfont: { size: 12, color: colour } },
      },
    );
  }
  return traces;
}

/** Keeps words off an arrowhead. */
const pad = "\u00a0\u00a0\u00a0";

/** A row's value with its interval; `mean` is a value that is a mean. */
export type Interval = { readonly name: string; readonly lower: number; readonly upper: number } & (
  | { readonly value: number }
  | { readonly mean: number }
);

/** The value of an interval, whichever of its two names it has. */
export const middleOf = (row: { readonly value: number } | { readonly mean: number }): number =>
  "value" in row ? row.value : row.mean;

/**
 * A row for each name, with its value as a dot and its interval as a whisker. What lies outside of the axis is not left
 * to guess: a whisker that is cut off ends in an arrowhead, and of a value outside an open arrowhead stands at the edge
 * with its number.
 *
 * @param options.name all rows are of this series, which stands in the legend
 * @param options.lift moves the dots up within their rows, in parts of a row's height, so that two can share a row
 * @param options.digits writes the value above its dot, with so many places after the point
 * @example
 * plot({ marks: [rule({ x: 0.5 }, { label: "the truth" }), intervals([{ name: "IPS", value: 0.4, lower: 0.2, upper: 0.6 }])],
 *   x: "reward a round", title: "One estimate", dataset: "a toy", caption: "IPS holds the truth." })
 */
export function intervals(
  rows: readonly Interval[],
  options: {
    readonly name?: string;
    readonly colour?: string;
    readonly symbol?: string;
    readonly lift?: number;
    readonly digits?: number;
  } = {},
): Mark {
  const { name, lift = 0, digits } = options;
  const marks = rows.map((row) => ({ value: middleOf(row), lower: row.lower, upper: row.upper }));
  return {
    rows: rows.map((row) => row.name),
    intervals: marks,
    ...(name === undefined ? {} : options.colour === undefined ? { names: [name] } : { keys: [name] }),
    striped: true,
    draw: (frame) => {
      if (rows.length === 0) return {};
      const colour = options.colour ?? (name === undefined ? palette.blue : frame.look(name).colour);
      const at = rows.map((row) => frame.row(row.name) + lift);
      const traces = cutIntervals(marks, at, {
        ...{ range: frame.x.range, colour, symbol: options.symbol ?? "circle" },
        ...(name === undefined ? { name: "", showlegend: false } : frame.legend(name)),
      });
      return { traces: digits === undefined ? traces : [...traces, numbersAbove(marks, at, digits)] };
    },
  };
}

/** Numbers below 1 without the leading 0, as tables of the field write them. */
export const withoutZero = (value: number, digits: number): string =>
  value.toFixed(digits).replace(/^0\./, ".").replace(/^-0?/, "−");

function numbersAbove(marks: readonly IntervalMark[], at: readonly number[], digits: number): Part {
  return {
    ...{ type: "scatter", mode: "text", hoverinfo: "skip", showlegend: false, textfont: { size: 11 } },
    ...{ x: marks.map(({ value }) => value), y: at.map((place) => place + 0.3), cliponaxis: false },
    text: marks.map(({ value }) => withoutZero(value, digits)),
  };
}
