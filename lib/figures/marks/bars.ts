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
 * @example histogram(rewards, { bins: 25 })
 */
export function histogram(
  values: Numbers,
  { bins = mostValues, colour = palette.blue }: { readonly bins?: number; readonly colour?: string } = {},
): Mark {
  const { centres, shares, width } = binned(values, bins);
  const text = centres.map((centre, i) => `${Number(centre.toPrecision(3))}: ${shares[i].toFixed(1)}%`);
  return columns({ x: centres, heights: shares, widths: 0.92 * width, colour, text });
}

function binned(values: Numbers, bins: number): { centres: number[]; shares: number[]; width: number } {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const counts = new Map<number, number>();
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    low = Math.min(low, value);
    high = Math.max(high, value);
    if (counts.size <= bins) counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  if (counts.size <= bins) {
    const centres = [...counts.keys()].sort((a, b) => a - b);
    const gaps = centres.slice(1).map((centre, i) => centre - centres[i]);
    const shares = centres.map((centre) => (100 * counts.get(centre)!) / values.length);
    return { centres, shares, width: gaps.length > 0 ? Math.min(...gaps) : 1 };
  }
  const width = (high - low) / bins;
  const shares = new Array<number>(bins).fill(0);
  for (let i = 0; i < values.length; i++)
    shares[Math.min(bins - 1, Math.floor((values[i] - low) / width))] += 100 / values.length;
  return { centres: shares.map((_, i) => low + (i + 0.5) * width), shares, width };
}
