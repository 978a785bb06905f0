import { palette } from "../theme";
import type { Frame, Mark, Part } from "./mark";

/** A level or an upright line from end to end of the panel. */
export type Across = { readonly x: number } | { readonly y: number };

/**
 * A straight line across the panel at one value: the truth, a mean, what is possible.
 *
 * @param at.x an upright line; `at.y` a level one
 * @param options.label written beside the line: `"start"` and `"end"` are the left and right (or lower and upper) ends
 * @param options.name stands in the legend instead of beside the line
 * @example rule({ y: 0 }, { label: "the truth" })
 */
export function rule(
  at: Across,
  options: {
    readonly label?: string;
    readonly side?: "start" | "end";
    /** Below a level line instead of above it; right of an upright one instead of left. */
    readonly below?: boolean;
    readonly name?: string;
    readonly colour?: string;
    readonly dash?: string;
    readonly width?: number;
  } = {},
): Mark {
  const {
    label,
    side = "end",
    below = false,
    name,
    colour = palette.grey,
    dash = "dash",
    width = 1.5,
  } = options;
  const upright = "x" in at;
  const value = upright ? at.x : at.y;
  return {
    ...(upright ? { x: [value] } : { y: [value] }),
    ...(name === undefined ? {} : { keys: [name] }),
    labelled: upright && label !== undefined,
    draw: (frame) => {
      const ends = upright ? frame.y.range : frame.x.range;
      const trace = {
        ...{ type: "scatter", mode: "lines", hoverinfo: "skip", line: { color: colour, width, dash } },
        ...(upright ? { x: [value, value], y: [...ends] } : { x: [...ends], y: [value, value] }),
        ...(name === undefined ? { showlegend: false } : frame.legend(name)),
      };
      return {
        traces: [trace],
        annotations:
          label === undefined
            ? []
            : [beside({ text: label, value, upright, end: side === "end", below, colour }, frame)],
      };
    },
  };
}

function beside(
  label: { text: string; value: number; upright: boolean; end: boolean; below: boolean; colour: string },
  { x, y }: Frame,
): Part {
  const { text, value, upright, end, below, colour } = label;
  const common = { text, showarrow: false, font: { size: 12, color: colour } };
  if (upright)
    return {
      ...{ ...common, x: x.at(value), yref: "y domain", y: end ? 1 : 0, yanchor: end ? "top" : "bottom" },
      ...(below ? { xanchor: "left", xshift: 4 } : { xanchor: "right", xshift: -4 }),
    };
  return {
    ...{ ...common, xref: "x domain", x: end ? 1 : 0.005, xanchor: end ? "right" : "left" },
    ...{ y: y.at(value), yanchor: below ? "top" : "bottom" },
  };
}

/**
 * A stripe across the panel from one value to another, behind all else.
 *
 * @param between.x an upright stripe; `between.y` a level one
 * @param options.label written at the top of an upright stripe
 * @param options.name stands in the legend instead
 * @example band({ y: [10, 14] }, { colour: palette.alarm })
 */
export function band(
  between: { readonly x: readonly [number, number] } | { readonly y: readonly [number, number] },
  {
    colour = "rgba(122,122,122,0.2)",
    name,
    label,
  }: { readonly colour?: string; readonly name?: string; readonly label?: string } = {},
): Mark {
  const upright = "x" in between;
  const [from, to] = upright ? between.x : between.y;
  return {
    ...(upright ? { x: [from, to] } : { y: [from, to] }),
    ...(name === undefined ? {} : { keys: [name] }),
    labelled: label !== undefined,
    draw: (frame) => {
      const [low, high] = (upright ? frame.x : frame.y).range;
      const ends = [Math.min(high, Math.max(low, from)), Math.min(high, Math.max(low, to))];
      const whole = upright ? { yref: "y domain", y0: 0, y1: 1 } : { xref: "x domain", x0: 0, x1: 1 };
      const own = upright ? { xref: "x", x0: ends[0], x1: ends[1] } : { yref: "y", y0: ends[0], y1: ends[1] };
      return {
        shapes: [{ type: "rect", ...whole, ...own, fillcolor: colour, line: { width: 0 }, layer: "below" }],
        traces: name === undefined ? [] : [swatch(colour, name, frame)],
        annotations:
          label === undefined || !upright
            ? []
            : [
                {
                  ...{ text: label, showarrow: false, font: { size: 13, color: palette.ink } },
                  ...{ x: (frame.x.at(ends[0]) + frame.x.at(ends[1])) / 2, xanchor: "center" },
                  ...{ yref: "y domain", y: 0.99, yanchor: "top" },
                },
              ],
      };
    },
  };
}

/** A square in the legend for what is drawn as a shape. */
function swatch(colour: string, name: string, frame: Frame): Part {
  return {
    ...{ type: "scatter", mode: "markers", x: [null], y: [null], ...frame.legend(name) },
    marker: { symbol: "square", size: 14, color: colour, line: { width: 1, color: palette.grey } },
  };
}

/**
 * The line on which both axes have the same value, as far as both show it: where told equals chosen, or estimated true.
 */
export function diagonal(): Mark {
  return {
    draw: ({ x, y }) => {
      const ends = [Math.max(x.range[0], y.range[0]), Math.min(x.range[1], y.range[1])];
      const line = { color: palette.grey, width: 1.5, dash: "dash" };
      const trace = {
        type: "scatter",
        mode: "lines",
        x: ends,
        y: ends,
        line,
        hoverinfo: "skip",
        showlegend: false,
      };
      return { traces: ends[0] < ends[1] ? [trace] : [] };
    },
  };
}

/**
 * Words in the picture, at a point in the units of the data, or in a corner of the panel.
 *
 * @example note("too sure of itself", { corner: "bottom right" })
 */
export function note(
  text: string,
  at: (
    | { readonly x: number; readonly y: number }
    | { readonly corner: "top left" | "top right" | "bottom left" | "bottom right" }
  ) & {
    readonly colour?: string;
    readonly size?: number;
    /** Where the point lies as seen from the words; by default they stand above it. */
    readonly anchor?: { readonly x?: "left" | "center" | "right"; readonly y?: "top" | "middle" | "bottom" };
    /** Pixels to the right and up. */
    readonly shift?: readonly [number, number];
  },
): Mark {
  const { colour = palette.grey, size = 12, anchor = {}, shift = [0, 0] } = at;
  const common = {
    text,
    showarrow: false,
    font: { size, color: colour },
    xshift: shift[0],
    yshift: shift[1],
    bgcolor: "rgba(255,255,255,0.78)", // words stay readable on lines
  };
  if ("corner" in at) {
    const [upper, side] = [at.corner.startsWith("top"), at.corner.endsWith("right") ? "right" : "left"];
    const place = {
      xref: "x domain",
      yref: "y domain",
      x: side === "right" ? 0.99 : 0.01,
      y: upper ? 0.98 : 0.02,
    };
    return {
      draw: () => ({
        annotations: [{ ...common, ...place, xanchor: side, yanchor: upper ? "top" : "bottom" }],
      }),
    };
  }
  return {
    x: [at.x],
    y: [at.y],
    draw: ({ x, y }) => ({
      annotations: [
        {
          ...common,
          x: x.at(at.x),
          y: y.at(at.y),
          xanchor: anchor.x ?? "center",
          yanchor: anchor.y ?? "bottom",
        },
      ],
    }),
  };
}

/** An arrow from one point to another. */
export function arrow(
  from: readonly [number, number],
  to: readonly [number, number],
  { colour = palette.ink }: { readonly colour?: string } = {},
): Mark {
  return {
    x: [from[0], to[0]],
    y: [from[1], to[1]],
    draw: ({ x, y }) => ({
      annotations: [
        {
          ...{ x: x.at(to[0]), y: y.at(to[1]), ax: x.at(from[0]), ay: y.at(from[1]), axref: "x", ayref: "y" },
          ...{ text: "", showarrow: true, arrowhead: 2, arrowsize: 1.2, arrowwidth: 3, arrowcolor: colour },
        },
      ],
    }),
  };
}
