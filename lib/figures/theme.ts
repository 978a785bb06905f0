import type { About, Figure } from "./figure";

/**
 * One look for all figures: a white ground, letters that stay readable at 800 pixels, and the colours of Okabe
 * and Ito (2008, "Color Universal Design"), which readers with any common colour vision can tell apart. Their
 * yellow is left out because it vanishes on white.
 */
export const palette = {
  blue: "#0072B2",
  orange: "#E69F00",
  green: "#009E73",
  red: "#D55E00",
  purple: "#CC79A7",
  sky: "#56B4E9",
  grey: "#7A7A7A",
  ink: "#222222",
  faint: "#E4E4E4",
  alarm: "rgba(213, 94, 0, 0.12)",
} as const;

/**
 * What the colours of words, grounds and lines become where the page is dark. Those that are not named here keep at
 * least the contrast they have on white.
 */
export const onDark: Readonly<Record<string, string>> = {
  "#FFFFFF": "#111111",
  "#F5F5F5": "#1D1D1D",
  "#E4E4E4": "#383838",
  [palette.ink]: "#E8E8E8",
  "#444444": "#C8C8C8",
  [palette.grey]: "#A6A6A6",
  [palette.blue]: "#3C9BDB",
  [palette.sky]: "#9BD4F5",
  "#C9C9C9": "#5A5A5A",
  "#D0D0D0": "#555555",
  "#BBBBBB": "#666666",
};

/** Colours in the order in which series take them. */
export const series: readonly string[] = [
  palette.blue,
  palette.orange,
  palette.green,
  palette.red,
  palette.purple,
  palette.sky,
  palette.grey,
];

/** Dashes in the same order, so that lines differ in print and without colour as well. */
export const dashes: readonly string[] = ["solid", "dash", "dot", "dashdot", "8px,2px", "solid", "dash"];

/** Symbols of dots in the same order. */
export const symbols: readonly string[] = ["circle", "square", "diamond", "triangle-up", "triangle-down"];

/** From light to dark blue: for heat maps of values from 0 upwards. */
export const lightToDark: readonly (readonly [number, string])[] = [
  [0, "#F7FBFF"],
  [0.25, "#C6DBEF"],
  [0.5, "#6BAED6"],
  [0.75, "#2171B5"],
  [1, "#08306B"],
];

/** From orange over white to blue: for values on both sides of 0. */
export const bothSides: readonly (readonly [number, string])[] = [
  [0, "#B35806"],
  [0.25, "#FDB863"],
  [0.5, "#F7F7F7"],
  [0.75, "#6BAED6"],
  [1, "#08519C"],
];

export const fontFamily = "Arial, 'Liberation Sans', Helvetica, 'DejaVu Sans', sans-serif";

const axis = {
  automargin: true,
  gridcolor: palette.faint,
  linecolor: palette.grey,
  zeroline: false,
  ticks: "outside",
  ticklen: 4,
  tickcolor: palette.grey,
  title: { font: { size: 14 }, standoff: 10 },
};

const plain = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);

/** Lays `over` on `under`, object by object; lists and values of `over` win. */
function merged(under: Record<string, unknown>, over: Record<string, unknown>): Record<string, unknown> {
  const result = { ...under };
  for (const [key, value] of Object.entries(over)) {
    const below = result[key];
    result[key] = plain(below) && plain(value) ? merged(below, value) : value;
  }
  return result;
}

/** Size, title and caption of a figure, beside what its builder draws. */
export interface Look extends About {
  readonly title: string;
  readonly caption: string;
  readonly width?: number;
  readonly height?: number;
}

/**
 * Gives traces and layout the common look: title at the left, the name of the data under it, readable letters.
 * Every `xaxis…` and `yaxis…` of the layout gets the same grid and ticks.
 *
 * @param traces Plotly traces
 * @param layout what this figure adds to the common layout
 * @throws when the name of the data is empty: no figure without saying what it shows.
 */
export function styled(
  traces: readonly Record<string, unknown>[],
  layout: Record<string, unknown>,
  { title, dataset, caption, width = 800, height = 450 }: Look,
): Figure {
  if (dataset.trim() === "")
    throw new Error(`styled requires the name of the data for "${title}", got an empty one`);
  const common: Record<string, unknown> = {
    title: {
      text: `<b>${title}</b>`,
      font: { size: 18, color: palette.ink },
      subtitle: { text: dataset, font: { size: 13, color: palette.grey } },
      x: 0,
      xref: "container",
      xanchor: "left",
      pad: { l: 16, t: 14 },
      y: 1,
      yref: "container",
      yanchor: "top",
    },
    font: { family: fontFamily, size: 13, color: palette.ink },
    paper_bgcolor: "#FFFFFF",
    plot_bgcolor: "#FFFFFF",
    colorway: series,
    margin: { l: 64, r: 24, t: 76, b: 56, pad: 2 },
    legend: {
      orientation: "h",
      x: 0,
      y: 1.01,
      xanchor: "left",
      yanchor: "bottom",
      font: { size: 13 },
    },
    hoverlabel: { font: { family: fontFamily, size: 13 } },
    height,
  };
  const styledAxes: Record<string, unknown> = {};
  for (const key of new Set(["xaxis", "yaxis", ...Object.keys(layout)]))
    if (/^[xy]axis\d*$/.test(key)) styledAxes[key] = axis;
  return { data: traces, layout: merged(merged(common, styledAxes), layout), caption, width, height };
}
