import type { Numbers } from "../figure";
import { palette } from "../theme";
import { type Interval, middleOf, withoutZero } from "./intervals";
import { whiskersOf } from "./lines";
import type { Mark } from "./mark";

/** A row's value, with its interval where it has one, and the group that colours it. */
export type Bar = (Interval | { readonly name: string; readonly value: number }) & {
  readonly group?: string;
};

/**
 * Level bars, one a row in the order given, coloured by group, with their intervals as whiskers and their numbers beside
 * them.
 *
 * @param options.digits places after the point of the numbers; 3 by default, small differences need 4
 * @param options.colours of some groups, instead of the next in order
 * @param options.write writes the numbers instead
 * @param options.beyond [rows] where a number may begin, in the units of the data: behind whatever else stands there
 * @example
 * plot({ marks: [bars([{ name: "TD3", group: "agents", mean: 0.06, lower: 0.05, upper: 0.07 }])],
 *   x: "NDCG@10", title: "Ranking", dataset: "goodbooks", caption: "TD3 reaches .060." })
 */
export function bars(
  rows: readonly Bar[],
  {
    digits = 3,
    colour,
    colours = {},
    write = (value) => withoutZero(value, digits),
    beyond = [],
  }: {
    readonly digits?: number;
    readonly colour?: string;
    readonly colours?: Readonly<Record<string, string>>;
    readonly write?: (value: number) => string;
    readonly beyond?: Numbers;
  } = {},
): Mark {
  const groups = [...new Set(rows.flatMap(({ group }) => group ?? []))];
  const upperOf = (row: Bar): number => ("upper" in row ? row.upper : middleOf(row));
  const far = rows.map((row, i) => Math.max(upperOf(row), beyond[i] ?? 0, 0));
  const ends = rows.flatMap((row) => ("lower" in row ? [row.lower, row.upper] : [middleOf(row)]));
  return {
    rows: rows.map(({ name }) => name),
    x: [0, ...ends, ...far],
    base: "x",
    names: colour === undefined ? groups : [],
    keys: colour === undefined ? [] : groups,
    draw: (frame) => ({
      traces: (groups.length === 0 ? [undefined] : groups).map((group) => {
        const members = rows.filter((row) => row.group === group);
        const values = members.map(middleOf);
        const bounded = members.every((row) => "lower" in row);
        const own = group === undefined ? undefined : (colours[group] ?? frame.look(group).colour);
        return {
          ...{
            type: "bar",
            orientation: "h",
            x: values,
            y: members.map(({ name }) => frame.row(name)),
            width: 0.65,
          },
          ...(group === undefined ? { showlegend: false } : frame.legend(group)),
          ...(bounded
            ? {
                error_x: {
                  ...whiskersOf(members.map(lowerOf), values, members.map(upperOf), "#444444"),
                  ...{ thickness: 2, width: 6 },
                },
              }
            : {}),
          marker: { color: colour ?? own ?? palette.blue },
          customdata: members.map(({ name }) => name),
          hovertemplate: "%{customdata}: %{x:.4f}<extra></extra>",
        };
      }),
      annotations: rows.map((row, i) => ({
        ...{ x: far[i], y: frame.row(row.name), text: write(middleOf(row)), showarrow: false },
        ...{ xanchor: "left", xshift: 8, font: { size: 13 } },
      })),
    }),
  };
}

const lowerOf = (row: Bar): number => ("lower" in row ? row.lower : middleOf(row));

/**
 * Upright bars at places of a level axis.
 *
 * @param bars.widths in the units of the axis; all of one width where it is one number
 * @param bars.labels written above the bars
 * @example columns({ x: [1, 2, 3], heights: [20, 50, 30], labels: ["20%", "50%", "30%"] })
 */
export function columns(bars: {
  readonly x: Numbers;
  readonly heights: Numbers;
  readonly widths?: number | Numbers;
  readonly colour?: string;
  readonly labels?: readonly string[];
  /** What the pointer shows, and in which words of Plotly's. */
  readonly text?: readonly string[];
  readonly hover?: string;
}): Mark {
  const { heights, widths = 0.75, colour = palette.blue, labels, text } = bars;
  const hover = bars.hover ?? (text === undefined ? "%{x}: %{y:.4g}" : "%{customdata}");
  const x = Array.from(bars.x);
  const widthAt = (i: number): number => (typeof widths === "number" ? widths : widths[i]);
  return {
    x: x.flatMap((place, i) => [place - widthAt(i) / 2, place + widthAt(i) / 2]),
    base: "y",
    // Room for the words above the highest.
    y: [0, ...Array.from(heights, (height) => (labels === undefined ? height : 1.06 * height))],
    draw: () => ({
      traces: [
        {
          ...{
            type: "bar",
            x,
            y: Array.from(heights),
            width: x.map((_, i) => widthAt(i)),
            showlegend: false,
          },
          ...(labels === undefined ? {} : { text: labels, textposition: "outside", cliponaxis: false }),
          marker: { color: colour },
          ...(text === undefined ? {} : { customdata: text }),
          hovertemplate: `${hover}<extra></extra>`,
        },
      ],
    }),
  };
}

/** Values that are counted, not binned, where they are at most this many. */
const mostValues = 25;

/**
 * Shares of values in percent: a bar for each value where they are few, else bins of equal width.
 *
 * @param options.labelled writes the shares above the bars where each value has its own
 * @param options.counted how many values there are, not their shares
 * @param options.perDoubling for whole numbers that differ by orders of magnitude, on a logarithmic axis: so many bins from
 *   any number to its double; what is 0 or less is left out
 * @example histogram(rewards, { bins: 25 })
 * @example histogram(ratingsOfEachReader, { perDoubling: 3, counted: true })
 */
export function histogram(
  values: Numbers,
  {
    bins = mostValues,
    colour = palette.blue,
    labelled = false,
    counted = false,
    perDoubling,
  }: {
    readonly bins?: number;
    readonly colour?: string;
    readonly labelled?: boolean;
    readonly counted?: boolean;
    readonly perDoubling?: number;
  } = {},
): Mark {
  const found = perDoubling === undefined ? binned(values, bins) : doublings(values, perDoubling);
  const all = found.counts.reduce((sum, count) => sum + count, 0);
  const heights = found.counts.map((count) => (counted ? count : (100 * count) / all));
  const write = (height: number): string => (counted ? String(height) : `${height.toFixed(1)}%`);
  return columns({
    ...{ x: found.centres, heights, widths: found.widths, colour },
    ...(labelled && found.each ? { labels: heights.map(write) } : {}),
    text: heights.map((height, i) => `${found.names[i]}: ${write(height)}`),
  });
}

/** Bars of a histogram: where they stand, how wide they are, what is in them. */
interface Bins {
  readonly centres: readonly number[];
  readonly widths: readonly number[];
  readonly counts: readonly number[];
  readonly names: readonly string[];
  /** Whether each value has a bar of its own. */
  readonly each: boolean;
}

function binned(values: Numbers, bins: number): Bins {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const seen = new Map<number, number>();
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    low = Math.min(low, value);
    high = Math.max(high, value);
    if (seen.size <= bins) seen.set(value, (seen.get(value) ?? 0) + 1);
  }
  const named = (centre: number): string => String(Number(centre.toPrecision(3)));
  if (seen.size <= bins) {
    const centres = [...seen.keys()].sort((a, b) => a - b);
    const gaps = centres.slice(1).map((centre, i) => centre - centres[i]);
    const width = 0.92 * (gaps.length > 0 ? Math.min(...gaps) : 1);
    const counts = centres.map((centre) => seen.get(centre)!);
    return { centres, counts, widths: centres.map(() => width), names: centres.map(named), each: true };
  }
  const width = (high - low) / bins;
  const counts = new Array<number>(bins).fill(0);
  for (let i = 0; i < values.length; i++)
    counts[Math.min(bins - 1, Math.floor((values[i] - low) / width))] += 1;
  const centres = counts.map((_, i) => low + (i + 0.5) * width);
  return { centres, counts, widths: counts.map(() => 0.92 * width), names: centres.map(named), each: false };
}

/** Bins of equal width on a logarithmic axis: bin i runs from 2^((lowest + i) / perDoubling) to the next. */
function doublings(values: Numbers, perDoubling: number): Bins {
  const positive = Array.from(values).filter((value) => value > 0);
  const binOf = (value: number): number => Math.floor(Math.log2(value) * perDoubling + 1e-9);
  const [lowest, highest] = positive.reduce(
    ([low, high], value) => [Math.min(low, binOf(value)), Math.max(high, binOf(value))],
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  );
  const counts = new Array<number>(positive.length === 0 ? 0 : highest - lowest + 1).fill(0);
  for (const value of positive) counts[binOf(value) - lowest] += 1;
  const edge = (i: number): number => 2 ** ((lowest + i) / perDoubling);
  return {
    centres: counts.map((_, i) => Math.sqrt(edge(i) * edge(i + 1))),
    widths: counts.map((_, i) => 0.94 * (edge(i + 1) - edge(i))),
    counts,
    names: counts.map((_, i) => `${Math.ceil(edge(i))} to ${Math.ceil(edge(i + 1)) - 1}`),
    each: false,
  };
}
