import type { Part } from "./marks/mark";
import type { Panel, Plot } from "./plot";
import type { Axis } from "./scales";
import { palette } from "./theme";

/** Widths of letters in pixels, for room that has to be left before anything is drawn. */
const letterOfLegend = 6;
const besideName = 43;

/**
 * How many lines a level legend takes, to leave room for it before it is drawn: one where all names fit beside each
 * other, else columns as wide as the longest name. Letters are counted, not measured.
 *
 * @param pixels width there is
 * @example legendRows(["men", "women"], 800) // 1
 */
export function legendRows(names: readonly string[], pixels: number): number {
  const widths = names.map((name) => besideName + letterOfLegend * name.replace(/<[^>]*>/g, "").length);
  if (widths.reduce((sum, width) => sum + width, 0) <= pixels) return 1;
  return Math.ceil(names.length / Math.max(1, Math.floor(pixels / Math.max(...widths))));
}

/**
 * Breaks a text between words into lines of at most so many letters, for places where Plotly does not break by itself.
 * A word longer than a line keeps a line of its own.
 *
 * @example wrapText("far from the log", 8) // ["far from", "the log"]
 */
export function wrapText(text: string, letters: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/).filter((each) => each !== "")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= letters)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** A panel's place in the figure. */
export interface Cell {
  /** What a trace of this panel refers to. */
  readonly axes: { readonly xaxis: string; readonly yaxis: string };
  /** Layout keys of this panel's axes. */
  readonly keys: { readonly x: string; readonly y: string };
  /** Shares of the drawn width and height. */
  readonly across: readonly [number, number];
  readonly upwards: readonly [number, number];
  /** Whether it stands in the first column, and in the last row. */
  readonly first: boolean;
  readonly last: boolean;
}

/**
 * Splits a figure into panels, in rows from the top and columns from the left.
 *
 * @param gaps shares of the width and height between two panels; axis labels need about 0.12
 * @example grid(2, { columns: 2, gaps: [0.2, 0] }).map((cell) => cell.across) // [[0, 0.4], [0.6, 1]]
 */
export function grid(
  count: number,
  { columns, gaps: [beside, below] }: { readonly columns: number; readonly gaps: readonly [number, number] },
): Cell[] {
  const rows = Math.ceil(count / columns);
  const width = (1 - beside * (columns - 1)) / columns;
  const height = (1 - below * (rows - 1)) / rows;
  const round = (value: number): number => Math.round(value * 1e6) / 1e6;
  return Array.from({ length: count }, (_, i) => {
    const suffix = i === 0 ? "" : String(i + 1);
    const [row, column] = [Math.floor(i / columns), i % columns];
    const [left, bottom] = [column * (width + beside), (rows - 1 - row) * (height + below)];
    return {
      axes: { xaxis: `x${suffix}`, yaxis: `y${suffix}` },
      keys: { x: `xaxis${suffix}`, y: `yaxis${suffix}` },
      across: [round(left), round(left + width)] as const,
      upwards: [round(bottom), round(bottom + height)] as const,
      first: column === 0,
      last: i + columns >= count,
    };
  });
}

/** Margins, gaps, headings and the legend: what is known before anything is drawn. */
export function roomFor(
  input: Plot,
  about: {
    readonly panels: readonly Panel[];
    readonly columns: number;
    readonly rows: readonly string[];
    readonly entries: readonly string[];
    readonly legend: string;
    readonly shared: { readonly x: boolean; readonly y: boolean };
    readonly axes: readonly { readonly x: Axis; readonly y: Axis }[];
  },
) {
  const { panels, columns, rows, entries, legend, shared, axes } = about;
  const width =
    input.width ??
    (panels.length > 2 && panels.some(({ marks }) => marks.some((mark) => mark.striped === true))
      ? 1000
      : 800);
  const bare = axes.every(({ y }) => y.bare === true);
  const usualGap =
    columns === 1 ? 0 : shared.y || bare ? (columns > 2 ? 0.035 : 0.05) : columns > 2 ? 0.09 : 0.13;
  const gap = input.gap ?? usualGap;
  const lead = input.lead ?? [];
  const usualRow = panels.some(({ marks }) => marks.some((mark) => mark.base === "x")) ? 48 : 36;
  const l = rows.length > 0 ? 18 + 6.8 * Math.max(...rows.map(letters)) : bare ? 40 : 64;
  const named = legend === "direct" ? 62 + 7 * Math.max(0, ...entries.map(letters)) : bare ? 16 : 24;
  let r = Math.max(named, input.right ?? 0);
  const share = (1 - gap * (columns - 1)) / columns;
  const lines = Math.ceil(panels.length / columns);
  const heads = panels.map((panel) => headingLines(panel, share * (width - l - r)));
  const headRows = Math.max(...heads.map((each) => each.length));
  const legendLines = legendRows(entries, width - l - r);
  const t =
    76 +
    (legend === "top" ? 2 + 22 * legendLines : 0) +
    (headRows > 0 ? 4 + 18 * headRows : 0) +
    (lead.length > 0 ? 8 + 19 * lead.length : 0);
  // One title below all panels, where it is the same for all.
  const titles = panels.length > 1 && shared.x && new Set(axes.map(({ x }) => x.title)).size === 1;
  const b =
    (axes.some(({ x }) => x.title !== undefined) ? 60 : bare ? 16 : 44) +
    (legend === "bottom" ? 12 + 22 * legendLines : 0);
  const rowGap = lines === 1 ? 0 : (headRows * 18 + 62) / (300 * lines);
  let height = input.height ?? 450;
  if (input.aspect !== undefined) {
    // Panels larger than this are no easier to read.
    const side = Math.min(380, share * (width - l - r));
    if (share * (width - l - r) > side) r = Math.round(width - l - side / share);
    height = Math.round(side * input.aspect * lines * (1 / (1 - rowGap * (lines - 1)))) + t + b;
  } else if (input.rowHeight !== undefined || (input.height === undefined && rows.length > 0))
    height = t + b + (input.rowHeight ?? usualRow) * rows.length * lines;
  const shown = {
    ...{
      orientation: "h",
      x: legend === "top" ? l / width : 0.5,
      xref: "container",
      yref: "container",
      font: { size: 13 },
    },
    ...(legend === "top"
      ? { xanchor: "left", y: 1 - 72 / height, yanchor: "top" }
      : { xanchor: "center", y: 0.015, yanchor: "bottom" }),
  };
  return {
    ...{ width, height, gap, rowGap, titles, legend: shown, margin: { l, r, t, b } },
    ...{ across: width - l - r, upwards: height - t - b },
    headings: (cells: readonly Cell[]): Part[] => [
      ...(lead.length === 0 ? [] : [leadAbove(lead, { left: l, headings: headRows })]),
      ...cells.flatMap((cell, p) => (heads[p]!.length === 0 ? [] : [headingAt(cell, heads[p]!)])),
      ...(titles && axes[0]!.x.title !== undefined ? [titleBelow(axes[0]!.x.title)] : []),
    ],
  };
}

const letters = (text: string): number => text.replace(/<[^>]*>/g, "").length;

function headingLines({ heading, note }: Panel, pixels: number): string[] {
  return [
    ...wrapText(heading ?? "", pixels / 7.8).map((line) => (note === undefined ? line : `<b>${line}</b>`)),
    ...wrapText(note ?? "", pixels / 6.2).map(
      (line) => `<span style="font-size:12px;color:${palette.grey}">${line}</span>`,
    ),
  ];
}

const headingAt = (cell: Cell, lines: readonly string[]): Part => ({
  ...{ text: lines.join("<br>"), align: "left", showarrow: false, font: { size: 14 } },
  ...{
    x: cell.across[0],
    y: cell.upwards[1],
    xref: "paper",
    yref: "paper",
    xanchor: "left",
    yanchor: "bottom",
  },
});

const leadAbove = (
  lines: readonly string[],
  { left, headings }: { left: number; headings: number },
): Part => ({
  ...{ text: lines.join("<br>"), align: "left", showarrow: false, font: { size: 14 } },
  ...{ x: 0, xref: "paper", xanchor: "left", xshift: 16 - left },
  ...{ y: 1, yref: "paper", yanchor: "bottom", yshift: 10 + 18 * headings },
});

const titleBelow = (text: string): Part => ({
  ...{ text, showarrow: false, font: { size: 14 } },
  ...{ x: 0.5, y: 0, xref: "paper", yref: "paper", xanchor: "center", yanchor: "top", yshift: -26 },
});
