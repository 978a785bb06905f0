import type { Numbers } from "../figure";
import { palette } from "../theme";
import { type Drawn, type Frame, type Mark, type Part, transparent } from "./mark";

/** One line. Where `lower` and `upper` are given, a band (an interval, quartiles) or whiskers lie around it. */
export interface Line {
  readonly name?: string;
  readonly x: Numbers;
  readonly y: Numbers;
  readonly lower?: Numbers;
  readonly upper?: Numbers;
  /** Instead of the one that its name gets. */
  readonly colour?: string;
  readonly dash?: string;
}

export interface LineOptions {
  readonly width?: number;
  /** A dot at each point; by default where a line has at most 30. */
  readonly dots?: boolean;
  readonly dotSize?: number;
  /** Whiskers from `lower` to `upper` instead of a band. */
  readonly whiskers?: boolean;
  /** What the pointer shows, in Plotly's words. */
  readonly hover?: string;
}

/** Beyond so many points a line carries no dots. */
const mostDots = 30;

/**
 * Lines over a common axis, each with its own colour and dash: `plot` writes their names at their right ends.
 *
 * @example
 * plot({ marks: [lines([{ name: "plain", x: steps, y: loss }, { name: "held", x: steps, y: other }])],
 *   x: "step", y: "loss", title: "Two agents learn", dataset: "goodbooks", caption: "Loss by step." })
 * @example
 * // What `sensitivityOf` found: an estimate by temperature, in the whole stretch over which the guess moves it.
 * plot({ marks: [band({ y: [lowest, highest] }), lines({ x: heats, y: values, lower, upper }, { whiskers: true })],
 *   x: { title: "temperature of the guess", log: true, ticks: heats }, y: "estimated value",
 *   title: "How much the guess decides", dataset: "a log, propensities ESTIMATED", caption: "From 0.45 to 0.52." })
 */
export function lines(series: Line | readonly Line[], options: LineOptions = {}): Mark {
  const all = "x" in series ? [series] : series;
  const shown = all.flatMap((line) => [line.y, line.lower ?? [], line.upper ?? []]);
  return {
    x: all.flatMap((line) => Array.from(line.x)),
    y: shown.flatMap((values) => Array.from(values)),
    names: all.flatMap(({ name }) => name ?? []),
    ends: all.flatMap(({ name, y }) => (name === undefined || y.length === 0 ? [] : [y[y.length - 1]])),
    draw: (frame) => {
      const drawn = all.map((line) => drawnLine(line, frame, options));
      return {
        traces: drawn.flatMap(({ traces }) => traces ?? []),
        ends: drawn.flatMap(({ ends }) => ends ?? []),
      };
    },
  };
}

function drawnLine(
  line: Line,
  frame: Frame,
  { width = 2.5, dots, dotSize = 6, whiskers, hover }: LineOptions,
): Drawn {
  const look = line.name === undefined ? undefined : frame.look(line.name);
  const colour = line.colour ?? look?.colour ?? palette.blue;
  const [x, y] = [Array.from(line.x), Array.from(line.y)];
  const common = { type: "scatter", x };
  const traces: Part[] = [];
  const bounded = line.lower !== undefined && line.upper !== undefined;
  if (bounded && whiskers !== true) {
    const edge = { ...common, mode: "lines", line: { width: 0 }, showlegend: false, hoverinfo: "skip" };
    traces.push({ ...edge, y: Array.from(line.lower) });
    traces.push({
      ...edge,
      y: Array.from(line.upper),
      fill: "tonexty",
      fillcolor: transparent(colour, 0.18),
    });
  }
  traces.push({
    ...common,
    ...(line.name === undefined ? { showlegend: false } : frame.legend(line.name)),
    y,
    mode: (dots ?? x.length <= mostDots) ? "lines+markers" : "lines",
    marker: { size: dotSize, color: colour },
    line: { color: colour, width, dash: line.dash ?? look?.dash ?? "solid" },
    cliponaxis: false, // a point on the edge is drawn whole
    ...(bounded && whiskers === true
      ? { error_y: whiskersOf(line.lower, y, line.upper, transparent(colour, 0.55)) }
      : {}),
    ...(hover === undefined ? {} : { hovertemplate: `${hover}<extra></extra>` }),
  });
  const last = lastKnown(y);
  const end = {
    name: line.name ?? "",
    x: x[last] ?? Number.NaN,
    y: y[last] ?? Number.NaN,
    colour,
    glyph: "<b>—</b>",
  };
  return { traces, ends: line.name === undefined || last < 0 ? [] : [end] };
}

/** Plotly's error bars from the ends of an interval; the lengths are counted from the middle. */
export function whiskersOf(lower: Numbers, middle: Numbers, upper: Numbers, color: string): Part {
  return {
    ...{ type: "data", symmetric: false, color, thickness: 1.5, width: 4 },
    array: Array.from(middle, (value, i) => upper[i] - value),
    arrayminus: Array.from(middle, (value, i) => value - lower[i]),
  };
}

function lastKnown(values: readonly number[]): number {
  for (let i = values.length - 1; i >= 0; i--) if (Number.isFinite(values[i])) return i;
  return -1;
}
