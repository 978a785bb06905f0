import { robustRange } from "./marks/intervals";
import type { Mark, Part, Scale } from "./marks/mark";

/** How an axis is drawn. A text alone is its title. */
export interface Axis {
  readonly title?: string;
  readonly log?: boolean;
  /** In the units of the data, also where the axis is logarithmic. */
  readonly range?: readonly [number, number];
  /** Begins at 0, so that heights can be compared as they look. */
  readonly zero?: boolean;
  /** Where the ticks stand, and what stands there instead of their numbers. */
  readonly ticks?: readonly number[];
  readonly tickNames?: readonly string[];
  /** Names of rows or columns in another order than that of the marks. */
  readonly order?: readonly string[];
  /** No ticks, no numbers, no grid. */
  readonly bare?: boolean;
  readonly grid?: boolean;
  /** Anything else that Plotly's axes take. */
  readonly plotly?: Part;
}

/** Parts of a range that are left free at its ends, where nothing else is said. */
const room = { usual: 0.06, besideBars: 0.14, besideLabels: 0.16 };

/**
 * From the least to the greatest value that some marks have to show, with some room.
 *
 * @param names of the rows or columns on this axis, if it has any
 */
export function rangeOf(
  marks: readonly Mark[],
  side: "x" | "y",
  { axis, names }: { readonly axis: Axis; readonly names: readonly string[] },
): [number, number] {
  if (axis.range !== undefined) return [...axis.range];
  if (names.length > 0) return [-0.5, names.length - 0.5];
  const values = marks.flatMap((mark) => Array.from(mark[side] ?? [])).filter(Number.isFinite);
  const intervals = side === "x" ? marks.flatMap((mark) => mark.intervals ?? []) : [];
  if (intervals.length > 0) return robustRange(intervals, values);
  if (axis.log === true) return logarithmic(values.filter((value) => value > 0));
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) [low, high] = [Math.min(low, value), Math.max(high, value)];
  if (low > high) return [0, 1];
  if (marks.some((mark) => mark.tight === true)) return [low, high];
  const based = marks.some((mark) => mark.base === side);
  if (axis.zero === true || based) [low, high] = [Math.min(0, low), Math.max(0, high)];
  const labelled = side === "y" && marks.some((mark) => mark.labelled === true);
  const part = based && side === "x" ? room.besideBars : labelled ? room.besideLabels : room.usual;
  const free = part * (high - low || Math.abs(high) || 1);
  // What begins at 0 stands on it, but dots at 0 are drawn whole.
  const floor =
    low === 0 && (axis.zero === true || based) ? low - (based ? 0 : 0.01 * (high - low)) : low - free;
  return [floor, high === 0 && based ? high : high + free];
}

function logarithmic(values: readonly number[]): [number, number] {
  if (values.length === 0) return [1, 10];
  let [low, high] = [Number.POSITIVE_INFINITY, 0];
  for (const value of values) [low, high] = [Math.min(low, value), Math.max(high, value)];
  const free = (high / low) ** 0.04 * (high === low ? 1.5 : 1);
  return [low / free, high * free];
}

/** What marks are told of an axis. */
export function scaleOf(range: readonly [number, number], log: boolean, pixels: number): Scale {
  return { range, log, pixels, at: (value) => (log ? Math.log10(value) : value) };
}

/** Plotly's layout of an axis, without its place. */
export function axisLayout(
  axis: Axis,
  { range, log }: Scale,
  {
    names,
    places,
    labelled,
  }: { readonly names: readonly string[]; readonly places: readonly number[]; readonly labelled: boolean },
): Part {
  const ticks = ticksOf(axis, { range, log, names, places });
  return {
    ...(axis.title === undefined ? {} : { title: { text: axis.title } }),
    range: log ? range.map(Math.log10) : [...range],
    ...(log ? { type: "log" } : {}),
    ...(ticks === undefined ? {} : { tickmode: "array", ...ticks }),
    ...(names.length > 0 ? { ticks: "", showgrid: false } : {}),
    ...(axis.grid === undefined ? {} : { showgrid: axis.grid }),
    ...(labelled ? {} : { showticklabels: false, ticks: "" }),
    ...(axis.bare === true ? { showgrid: false, showticklabels: false, ticks: "", showline: false } : {}),
    ...axis.plotly,
  };
}

/** Ticks that are set: given ones, names, few whole numbers (half an epoch makes no sense), steps of 1, 2 and 5. */
function ticksOf(
  axis: Axis,
  about: {
    range: readonly [number, number];
    log: boolean;
    names: readonly string[];
    places: readonly number[];
  },
): { tickvals: readonly number[]; ticktext?: readonly string[] } | undefined {
  const { range, log, names, places } = about;
  if (axis.ticks !== undefined)
    return { tickvals: axis.ticks, ...(axis.tickNames === undefined ? {} : { ticktext: axis.tickNames }) };
  if (axis.tickNames !== undefined) return { tickvals: [...new Set(places)], ticktext: axis.tickNames };
  if (names.length > 0) return { tickvals: names.map((_, place) => place), ticktext: names };
  if (log) {
    const decades = Math.log10(range[1] / range[0]);
    const tickvals = Array.from(
      { length: 60 },
      (_, i) => [1, 2, 5][i % 3] * 10 ** (Math.floor(i / 3) - 9),
    ).filter((value, i) => value >= range[0] && value <= range[1] && (decades < 2.6 || i % 3 === 0));
    return { tickvals, ticktext: tickvals.map(tenths) };
  }
  const whole = [...new Set(places)];
  return whole.length > 0 && whole.length <= 12 && whole.every(Number.isInteger)
    ? { tickvals: whole }
    : undefined;
}

const tenths = (value: number): string =>
  value < 1e-4
    ? value.toExponential(0)
    : Number(value.toPrecision(3)).toLocaleString("en-US", { maximumFractionDigits: 9 });
