import type { Numbers } from "../figure";
import { shortTitle } from "../placeLabels";
import { palette } from "../theme";
import { type Drawn, type Frame, type Mark, type Part, type Scale, transparent } from "./mark";
import { note } from "./rules";

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
  /** Draws at most so many points of a line, evenly spread over the axis: a curve of 10,000 values needs no more. */
  readonly most?: number;
  /** Writes the names at the highest points of the lines instead of at their ends, apart from each other. */
  readonly names?: "ends" | "peaks";
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
  const atPeaks = options.names === "peaks";
  return {
    x: all.flatMap((line) => Array.from(line.x)),
    y: shown.flatMap((values) => Array.from(values)),
    names: all.flatMap(({ name }) => name ?? []),
    labelled: atPeaks,
    ends: all.flatMap(({ name, y }) => (name === undefined || y.length === 0 ? [] : [y[y.length - 1]])),
    draw: (frame) => {
      const { most } = options;
      const thinned = most === undefined ? all : all.map((line) => fewer(line, most, frame.x));
      const drawn = thinned.map((line) => drawnLine(line, frame, options));
      return {
        traces: drawn.flatMap(({ traces }) => traces ?? []),
        ends: atPeaks ? [] : drawn.flatMap(({ ends }) => ends ?? []),
        annotations: atPeaks ? namesAtPeaks(all, frame) : [],
      };
    },
  };
}

/** At most so many points of a line whose places rise, evenly spread over the axis, the first and the last among them. */
function fewer(line: Line, most: number, scale: Scale): Line {
  const places = Array.from(line.x, scale.at);
  const known = places.flatMap((place, i) => (Number.isFinite(place) ? [i] : []));
  if (known.length <= most) return line;
  const [low, high] = [places[known[0]], places[known.at(-1)!]];
  const kept = new Set<number>();
  for (let step = 0, k = 0; step < most; step++) {
    const from = low + (step * (high - low)) / (most - 1) - 1e-12 * (high - low);
    while (k < known.length - 1 && places[known[k]] < from) k++;
    kept.add(known[k]);
  }
  const chosen = [...kept];
  const at = (values: Numbers): number[] => chosen.map((i) => values[i]);
  const { lower, upper } = line;
  return {
    ...{ ...line, x: at(line.x), y: at(line.y) },
    ...(lower === undefined ? {} : { lower: at(lower) }),
    ...(upper === undefined ? {} : { upper: at(upper) }),
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

/** Names above the highest points of their lines; each is raised so that it clears those placed near it before. */
function namesAtPeaks(all: readonly Line[], frame: Frame): Part[] {
  const { x, y } = frame;
  const [left, bottom] = [x.at(x.range[0]), y.at(y.range[0])];
  const scaleX = x.pixels / (x.at(x.range[1]) - left);
  const scaleY = y.pixels / (y.at(y.range[1]) - bottom);
  const peaks = all
    .flatMap(({ name, x: places, y: heights, colour }) => {
      if (name === undefined || heights.length === 0) return [];
      const peak = Array.from(heights).reduce<number>(
        (top, height, i) => (height > heights[top] ? i : top),
        0,
      );
      const side = peak === 0 ? "left" : peak === heights.length - 1 ? "right" : "center";
      const [across, up] = [scaleX * (x.at(places[peak]) - left), scaleY * (y.at(heights[peak]) - bottom)];
      return [{ name, x: places[peak], y: heights[peak], side, across, up, colour } as const];
    })
    .sort((a, b) => a.up - b.up);
  const lifted: ((typeof peaks)[number] & { readonly lift: number })[] = [];
  for (const peak of peaks) {
    let lift = 0;
    for (const other of lifted) {
      const above = peak.up + lift - other.up - other.lift;
      if (Math.abs(peak.across - other.across) <= nearby && above < nameHeight) lift += nameHeight - above;
    }
    lifted.push({ ...peak, lift });
  }
  return lifted.flatMap(({ name, x: place, y: height, side, colour, lift }) => {
    const look = {
      colour: colour ?? frame.look(name).colour,
      anchor: { x: side },
      shift: [0, 5 + lift],
    } as const;
    return note(shortTitle(name, 30), { x: place, y: height, ...look }).draw(frame).annotations ?? [];
  });
}

/** Pixels within which two names could cover each other, and by which one then stands above the other. */
const [nearby, nameHeight] = [160, 18];

function lastKnown(values: readonly number[]): number {
  for (let i = values.length - 1; i >= 0; i--) if (Number.isFinite(values[i])) return i;
  return -1;
}
