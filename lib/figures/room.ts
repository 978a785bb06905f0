import { type Cell, legendRows, wrapText } from "./layout";
import type { Part } from "./marks/mark";
import type { Axis } from "./scales";
import { palette } from "./theme";

/** What can be said of a figure's size; what is not said follows from what it shows. */
export interface Size {
  readonly width?: number;
  readonly height?: number;
  /** Pixels of a row; the height follows from it. */
  readonly rowHeight?: number;
  /** Height of a panel by its width: 1 is a square, on which one unit is as long upwards as across. */
  readonly aspect?: number;
  /** Share of the width between two panels. */
  readonly gap?: number;
  /** Pixels to leave free at the right, e.g. for a colour bar. */
  readonly right?: number;
  /** Lines between the name of the data and the panels, e.g. a verdict. */
  readonly lead?: readonly string[];
}

/** What a figure holds, as far as it takes room. */
export interface Content {
  readonly heads: readonly { readonly heading?: string; readonly note?: string }[];
  readonly columns: number;
  /** Names of the rows of the first panel. */
  readonly rows: readonly string[];
  /** Pixels of a row where nothing is said of it. */
  readonly usualRow: number;
  readonly usualWidth: number;
  /** Names in the legend, and where it stands. */
  readonly entries: readonly string[];
  readonly legend: "direct" | "top" | "bottom" | "none";
  readonly share: { readonly x: boolean; readonly y: boolean };
  readonly axes: readonly { readonly x: Axis; readonly y: Axis }[];
}

/** Margins, gaps and pixels of a figure, before anything is drawn. */
export interface Room {
  readonly width: number;
  readonly height: number;
  readonly margin: { readonly l: number; readonly r: number; readonly t: number; readonly b: number };
  /** Shares of the drawn width and height between panels. */
  readonly gaps: readonly [number, number];
  /** The drawn area. */
  readonly across: number;
  readonly upwards: number;
  /** One title below all panels instead of one below each. */
  readonly oneTitle: boolean;
  readonly legend: Part;
  /** What stands above and below the panels. */
  readonly words: (cells: readonly Cell[]) => Part[];
}

/** The title and the name of the data above everything. */
const title = 76;
const line = 18;
/** Panels larger than this are no easier to read. */
const largestSide = 380;

export function roomFor(size: Size, content: Content): Room {
  const { heads, columns, rows, usualRow, entries, legend, share, axes } = content;
  const { lead = [], width = content.usualWidth } = size;
  const bare = axes.every(({ y }) => y.bare === true);
  const gap = size.gap ?? gapFor(columns, share.y || bare);
  const part = (1 - gap * (columns - 1)) / columns;
  const l = rows.length > 0 ? 18 + 6.8 * longest(rows) : bare ? 40 : 64;
  let r = Math.max(legend === "direct" ? 62 + 7 * longest(entries) : bare ? 16 : 24, size.right ?? 0);
  const headings = heads.map((head) => headingLines(head, part * (width - l - r)));
  const headRows = Math.max(...headings.map((lines) => lines.length));
  const legendLines = legendRows(entries, width - l - r);
  const [above, below] = [
    legend === "top" ? 2 + 22 * legendLines : 0,
    legend === "bottom" ? 12 + 22 * legendLines : 0,
  ];
  const t =
    title + above + (headRows > 0 ? 4 + line * headRows : 0) + (lead.length > 0 ? 8 + 19 * lead.length : 0);
  const b = below + (axes.some(({ x }) => x.title !== undefined) ? 60 : bare ? 16 : 44);
  const rowsOfPanels = Math.ceil(heads.length / columns);
  const rowGap = rowsOfPanels === 1 ? 0 : (headRows * line + 62) / (300 * rowsOfPanels);
  let height = size.height ?? 450;
  if (size.aspect !== undefined) {
    const side = Math.min(largestSide, part * (width - l - r));
    if (part * (width - l - r) > side) r = Math.round(width - l - side / part);
    height = t + b + Math.round((side * size.aspect * rowsOfPanels) / (1 - rowGap * (rowsOfPanels - 1)));
  } else if (size.rowHeight !== undefined || (size.height === undefined && rows.length > 0))
    height = t + b + (size.rowHeight ?? usualRow) * rows.length * rowsOfPanels;
  const oneTitle = heads.length > 1 && share.x && new Set(axes.map(({ x }) => x.title)).size === 1;
  const belowAll = oneTitle ? axes[0].x.title : undefined;
  return {
    ...{ width, height, margin: { l, r, t, b }, gaps: [gap, rowGap], oneTitle },
    ...{ across: width - l - r, upwards: height - t - b },
    legend: {
      ...{ orientation: "h", xref: "container", yref: "container", font: { size: 13 } },
      ...(legend === "top"
        ? { x: l / width, xanchor: "left", y: 1 - 72 / height, yanchor: "top" }
        : { x: 0.5, xanchor: "center", y: 0.015, yanchor: "bottom" }),
    },
    words: (cells) => [
      ...(lead.length === 0 ? [] : [leadAbove(lead, { left: l, up: 10 + line * headRows })]),
      ...cells.flatMap((cell, p) => (headings[p].length === 0 ? [] : [headingAt(cell, headings[p])])),
      ...(belowAll === undefined ? [] : [titleBelow(belowAll)]),
    ],
  };
}

/** Panels with numbers of their own at the left need more room between them. */
function gapFor(columns: number, close: boolean): number {
  if (columns === 1) return 0;
  if (close) return columns > 2 ? 0.035 : 0.05;
  return columns > 2 ? 0.09 : 0.13;
}

const longest = (texts: readonly string[]): number =>
  Math.max(0, ...texts.map((text) => text.replace(/<[^>]*>/g, "").length));

/** A heading, bold where a note stands below it, as lines that fit over their panel. */
function headingLines(
  { heading = "", note }: { readonly heading?: string; readonly note?: string },
  pixels: number,
): string[] {
  const small = `<span style="font-size:12px;color:${palette.grey}">`;
  return [
    ...wrapText(heading, pixels / 7.8).map((words) => (note === undefined ? words : `<b>${words}</b>`)),
    ...wrapText(note ?? "", pixels / 6.2).map((words) => `${small}${words}</span>`),
  ];
}

const plain = { showarrow: false, font: { size: 14 }, xref: "paper", yref: "paper" };

const headingAt = (cell: Cell, lines: readonly string[]): Part => ({
  ...{ ...plain, text: lines.join("<br>"), align: "left" },
  ...{ x: cell.across[0], y: cell.upwards[1], xanchor: "left", yanchor: "bottom" },
});

const leadAbove = (lines: readonly string[], { left, up }: { left: number; up: number }): Part => ({
  ...{ ...plain, text: lines.join("<br>"), align: "left" },
  ...{ x: 0, xanchor: "left", xshift: 16 - left, y: 1, yanchor: "bottom", yshift: up },
});

const titleBelow = (text: string): Part => ({
  ...{ ...plain, text, x: 0.5, y: 0, xanchor: "center", yanchor: "top", yshift: -26 },
});
