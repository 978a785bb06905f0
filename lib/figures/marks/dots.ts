import type { Numbers } from "../figure";
import { labelAnnotations, placeLabels } from "../placeLabels";
import { series as colours, palette } from "../theme";
import { whiskersOf } from "./lines";
import { type Drawn, type Frame, type Mark, short } from "./mark";

/** Some points that belong together. */
export interface Dots {
  readonly name?: string;
  readonly x: Numbers;
  /** Heights, or names of rows: then what lies outside of the axis stands at its edge with its number. */
  readonly y: Numbers | readonly string[];
  /** Of rows: moves the dots up, in parts of a row's height, so that several can share a row. */
  readonly lift?: number;
  /** Writes the number of what lies outside. */
  readonly write?: (value: number) => string;
  /** One colour, or a number for each dot, which `colours` turns into one. */
  readonly colour?: string | Numbers;
  /** Of numbers: from the lowest to the highest value of `colours.range`. */
  readonly colours?: {
    readonly scale: readonly (readonly [number, string])[];
    readonly range?: readonly [number, number];
  };
  readonly size?: number;
  readonly symbol?: string | readonly string[];
  readonly opacity?: number;
  /** A thin edge around each dot. */
  readonly edge?: string;
  /** Width of that edge, or of the lines of an open symbol. */
  readonly edgeWidth?: number;
  /** Level and upright whiskers. */
  readonly xLower?: Numbers;
  readonly xUpper?: Numbers;
  readonly yLower?: Numbers;
  readonly yUpper?: Numbers;
  /** What the pointer shows at each dot. */
  readonly text?: readonly string[];
  /** Names that are written beside their dots so that none covers another; `undefined` where there is none. */
  readonly labels?: readonly (string | undefined)[];
}

const glyphs: Readonly<Record<string, string>> = {
  circle: "●",
  square: "■",
  diamond: "◆",
  "triangle-up": "▲",
  "triangle-down": "▼",
};

/**
 * Dots in a plane, some of them with their names beside them.
 *
 * @param options.avoid curves that labels had better not cover
 * @example dots({ x: [1, 2], y: [3, 5], labels: ["Emma", undefined], text: ["Emma", "Dune"] })
 */
export function dots(
  series: Dots | readonly Dots[],
  { avoid = [] }: { readonly avoid?: readonly { readonly x: Numbers; readonly y: Numbers }[] } = {},
): Mark {
  const all = "x" in series ? [series] : series;
  const seen = (own: readonly (keyof Dots)[]): number[] =>
    all.flatMap((each) => own.flatMap((key) => Array.from((each[key] ?? []) as Numbers)));
  const upright = seen(["y", "yLower", "yUpper"]) as readonly (number | string)[];
  const rows = upright.filter((value): value is string => typeof value === "string");
  return {
    x: seen(["x", "xLower", "xUpper"]),
    y: upright.filter((value): value is number => typeof value === "number"),
    ...(rows.length === 0 ? {} : { rows: [...new Set(rows)] }),
    labelled: all.some(({ labels }) => labels !== undefined),
    names: all.flatMap(({ name, colour }) => (name === undefined || colour !== undefined ? [] : [name])),
    keys: all.flatMap(({ name, colour }) => (name === undefined || colour === undefined ? [] : [name])),
    draw: (frame) => {
      const drawn = all.map((each) => drawnDots(each, frame));
      return {
        traces: drawn.flatMap(({ traces }) => traces ?? []),
        annotations: labelsOf(all, avoid, frame),
        ends: drawn.flatMap(({ ends }) => ends ?? []),
      };
    },
  };
}

/** Shapes beside colours, so that groups differ without colour as well. */
const groupSymbols = ["circle", "square", "diamond", "triangle-up", "cross", "star"];

/**
 * Dots by group: the largest groups have a colour and a symbol of their own, all other dots are small and grey. Where
 * there are no groups, all dots are alike.
 *
 * @param all.groups [n] group of each dot; "" where it has none
 * @example dots(inGroups({ x, y, text: titles, groups: genres }))
 */
export function inGroups(all: {
  readonly x: Numbers;
  readonly y: Numbers;
  readonly groups: readonly string[];
  readonly text?: readonly string[];
  readonly labels?: readonly (string | undefined)[];
}): Dots[] {
  const { groups, text, labels } = all;
  const sizes = new Map<string, number>();
  for (const group of groups) if (group !== "") sizes.set(group, (sizes.get(group) ?? 0) + 1);
  const largest = [...sizes.keys()]
    .sort((a, b) => sizes.get(b)! - sizes.get(a)! || (a < b ? -1 : 1))
    .slice(0, groupSymbols.length);
  const some = (name: string, look: Partial<Dots>, belongs: (group: string) => boolean): Dots => {
    const members = groups.flatMap((group, i) => (belongs(group) ? [i] : []));
    return {
      ...{ name, x: members.map((i) => all.x[i]), y: members.map((i) => all.y[i]), ...look },
      ...(text === undefined ? {} : { text: members.map((i) => text[i]) }),
      ...(labels === undefined ? {} : { labels: members.map((i) => labels[i]) }),
    };
  };
  if (largest.length === 0) return [some("all", { colour: palette.blue, size: 6, opacity: 0.8 }, () => true)];
  return [
    some("other", { colour: "#C9C9C9", size: 4 }, (group) => !largest.includes(group)),
    ...largest.map((name, g) =>
      some(
        name,
        { colour: colours[g], size: 6, symbol: groupSymbols[g], opacity: 0.8 },
        (group) => group === name,
      ),
    ),
  ].filter(({ x }) => x.length > 0);
}

function drawnDots(own: Dots, frame: Frame): Drawn {
  const look = own.name === undefined || own.colour !== undefined ? undefined : frame.look(own.name);
  const colour = typeof own.colour === "string" ? own.colour : (look?.colour ?? palette.blue);
  const symbol = own.symbol ?? look?.symbol ?? "circle";
  const marker = {
    size: own.size ?? 9,
    symbol,
    opacity: own.opacity ?? 1,
    color: own.colour === undefined || typeof own.colour === "string" ? colour : Array.from(own.colour),
    ...(own.colours === undefined
      ? {}
      : { colorscale: own.colours.scale, cmin: own.colours.range?.[0], cmax: own.colours.range?.[1] }),
    line: { color: own.edge ?? colour, width: own.edgeWidth ?? (own.edge === undefined ? 0 : 1) },
  };
  const { xLower, xUpper, yLower, yUpper } = own;
  const [low, high] = frame.x.range;
  const inRows = own.y.length > 0 && typeof own.y[0] === "string";
  const beyond = (value: number): boolean => inRows && (value < low || value > high);
  const x = Array.from(own.x, (value) => (inRows ? Math.min(high, Math.max(low, value)) : value));
  const y = heightsOf(own, frame);
  if (inRows && Array.from(own.x).some(beyond)) {
    marker.symbol = Array.from(own.x, (value, i) =>
      !beyond(value)
        ? typeof symbol === "string"
          ? symbol
          : symbol[i]
        : `triangle-${value < low ? "left" : "right"}-open`,
    );
    marker.line = { ...marker.line, width: Math.max(2, marker.line.width) };
  }
  const trace = {
    ...{ type: "scatter", mode: "markers", x, y, marker, cliponaxis: false },
    ...(own.name === undefined ? { showlegend: false } : frame.legend(own.name)),
    ...(xLower && xUpper ? { error_x: whiskersOf(xLower, x, xUpper, colour) } : {}),
    ...(yLower && yUpper ? { error_y: whiskersOf(yLower, y, yUpper, colour) } : {}),
    ...(own.text === undefined
      ? { hoverinfo: own.name === undefined ? "skip" : "x+y+name" }
      : { text: own.text, hovertemplate: `%{text}<extra>${own.name ?? ""}</extra>` }),
  };
  const glyph = glyphs[typeof symbol === "string" ? symbol : ""] ?? "●";
  const last = x.length - 1;
  const outside = Array.from(own.x).flatMap((value, i) => (beyond(value) ? [{ value, y: y[i] }] : []));
  const numbers = {
    ...{
      type: "scatter",
      mode: "text",
      hoverinfo: "skip",
      showlegend: false,
      textfont: { size: 10, color: colour },
    },
    x: outside.map(({ value }) => (value < low ? low : high)),
    y: outside.map((each) => each.y),
    text: outside.map(({ value }) => `${pad}${(own.write ?? short)(value)}${pad}`),
    textposition: outside.map(({ value }) => (value < low ? "middle right" : "middle left")),
  };
  return {
    traces: outside.length === 0 ? [trace] : [trace, numbers],
    ends:
      own.name === undefined || last < 0 ? [] : [{ name: own.name, x: x[last], y: y[last], colour, glyph }],
  };
}

/** Keeps words off an arrowhead. */
const pad = "\u00a0\u00a0\u00a0";

/** Heights of dots whose place may be a row's name. */
function heightsOf(own: Dots, frame: Frame): number[] {
  return Array.from(own.y as ArrayLike<number | string>, (place) =>
    typeof place === "string" ? frame.row(place) + (own.lift ?? 0) : place,
  );
}

/** The labels of all series together, so that those of one cover none of another. */
function labelsOf(
  all: readonly Dots[],
  curves: readonly { readonly x: Numbers; readonly y: Numbers }[],
  frame: Frame,
): Record<string, unknown>[] {
  const { x, y } = frame;
  const points = all.flatMap((own) => {
    if (own.labels === undefined) return [];
    const heights = heightsOf(own, frame);
    return Array.from(own.x, (value, i) => ({ text: own.labels![i], x: x.at(value), y: y.at(heights[i]) }));
  });
  const onCurves = curves.flatMap((curve) =>
    Array.from(curve.x, (value, i) => ({ x: x.at(value), y: y.at(curve.y[i]) })),
  );
  const labels = points.flatMap(({ text, ...place }) => (text === undefined ? [] : [{ text, ...place }]));
  const range = {
    x: [x.at(x.range[0]), x.at(x.range[1])] as const,
    y: [y.at(y.range[0]), y.at(y.range[1])] as const,
  };
  return labelAnnotations(
    placeLabels(labels, range, { width: x.pixels, height: y.pixels, avoid: [...labels, ...onCurves] }),
  );
}
