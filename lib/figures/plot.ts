import type { About, Figure } from "./figure";
import { type Cell, grid, legendRows, wrapText } from "./layout";
import type { End, Frame, Look, Mark, Part } from "./marks/mark";
import { transparent } from "./marks/mark";
import { spreadApart } from "./placeLabels";
import { type Axis, axisLayout, rangeOf, scaleOf } from "./scales";
import { dashes, palette, series, styled, symbols } from "./theme";

/** One of several small charts. */
export interface Panel {
  readonly heading?: string;
  /** A grey line below the heading. */
  readonly note?: string;
  readonly marks: readonly Mark[];
  /** Instead of the figure's axes; what is not said here is said there. */
  readonly x?: string | Axis;
  readonly y?: string | Axis;
}

/** A figure: marks, or panels of marks, and what stands around them. */
export interface Plot extends About {
  readonly title: string;
  /** One sentence for who cannot see the picture. */
  readonly caption: string;
  readonly marks?: readonly Mark[];
  readonly panels?: readonly Panel[];
  readonly x?: string | Axis;
  readonly y?: string | Axis;
  /** Panels beside each other; all of them unless told. */
  readonly columns?: number;
  /** Whether all panels have one scale; by default where they have the same rows. */
  readonly share?: { readonly x?: boolean; readonly y?: boolean };
  /** Where the names of series stand; "direct" is beside their right ends. */
  readonly legend?: "direct" | "top" | "bottom" | "none";
  /** How rows are told apart. */
  readonly rows?: "striped" | "ruled" | "plain";
  readonly width?: number;
  readonly height?: number;
  /** Pixels of a row; the height follows from it. */
  readonly rowHeight?: number;
  /** Height of a panel by its width: 1 is a square, on which one unit is as long upwards as across. */
  readonly aspect?: number;
  /** Lines between the name of the data and the panels, e.g. a verdict. */
  readonly lead?: readonly string[];
  /** Share of the width between two panels. */
  readonly gap?: number;
  /** Pixels to leave free at the right, e.g. for a colour bar. */
  readonly right?: number;
}

/**
 * Draws marks on common axes. The axes show what the marks hold, colours go to names in the order in which these are
 * met, and names stand where lines end.
 *
 * @returns a figure for `show` and `save`
 * @throws when there is no mark to draw, or no name of the data.
 * @example
 * await show(plot({
 *   marks: [rule({ y: 0 }, { label: "the truth" }), lines([{ name: "one guess", x: [1, 2, 3], y: [0, 0.6, 0.8] }])],
 *   x: "options", y: "what the picked guess says", title: "The luckiest error wins",
 *   dataset: "simulated", caption: "The highest of several guesses is too high.",
 * }), "luck")
 */
export function plot(input: Plot): Figure {
  const panels = input.panels ?? [{ marks: input.marks ?? [] }];
  const all = panels.flatMap(({ marks }) => marks);
  if (panels.length === 0 || panels.some(({ marks }) => marks.length === 0))
    throw new Error(`plot requires at least one mark in each panel of "${input.title}", got none`);
  const columns = Math.min(panels.length, input.columns ?? panels.length);
  const named = all.some((mark) => mark.rows !== undefined);
  const share = {
    x: input.share?.x ?? (named && all.every((mark) => mark.columns === undefined)),
    y: input.share?.y ?? named,
  };
  const axes = panels.map((panel) => ({ x: merged(input.x, panel.x), y: merged(input.y, panel.y) }));
  const namesIn = (
    marks: readonly Mark[],
    side: "rows" | "columns",
    order?: readonly string[],
  ): readonly string[] => order ?? [...new Set(marks.flatMap((mark) => mark[side] ?? []))];
  const sides = panels.map(({ marks }, p) => {
    const [ofX, ofY] = [share.x ? all : marks, share.y ? all : marks];
    // The first row is at the top, so the axis counts them from the last.
    const rows = [...namesIn(ofY, "rows", axes[p]!.y.order)].reverse();
    const cols = namesIn(marks, "columns", axes[p]!.x.order);
    const rangeX = rangeOf(ofX, "x", { axis: axes[p]!.x, names: cols });
    const rangeY = rangeOf(ofY, "y", { axis: axes[p]!.y, names: rows });
    return { rows, cols, rangeX, rangeY };
  });
  const names = [...new Set(all.flatMap((mark) => mark.names ?? []))];
  const keys = [...new Set(all.flatMap((mark) => mark.keys ?? []))];
  const legend =
    input.legend ?? legendFor(all, { names, keys, panels: panels.length, range: sides[0]!.rangeY });
  const room = roomFor(input, {
    panels,
    columns,
    rows: sides[0]!.rows,
    entries: [...names, ...keys],
    legend,
    shared: share,
    axes,
  });
  const cells = grid(panels.length, { columns, gaps: [room.gap, room.rowGap] });
  const legends = new Set<string>();
  const looks = new Map(names.map((name, place) => [name, lookAt(place)]));
  const drawn = panels.map(({ marks }, p) => {
    const { rows, cols, rangeX, rangeY } = sides[p]!;
    const cell = cells[p]!;
    const frame: Frame = {
      x: scaleOf(rangeX, axes[p]!.x.log === true, (cell.across[1] - cell.across[0]) * room.across),
      y: scaleOf(rangeY, axes[p]!.y.log === true, (cell.upwards[1] - cell.upwards[0]) * room.upwards),
      row: (name) => rows.indexOf(name),
      column: (name) => cols.indexOf(name),
      look: (name) => looks.get(name) ?? lookAt(0),
      legend: (name) => {
        const showlegend = legend !== "none" && legend !== "direct" && !legends.has(name);
        legends.add(name);
        return { name, legendgroup: name, showlegend };
      },
    };
    return { frame, cell, parts: marks.map((mark) => mark.draw(frame)) };
  });
  const inPanel = <T extends Part>(of: "shapes" | "annotations"): Part[] =>
    drawn.flatMap(({ parts, cell }) =>
      parts.flatMap((part) => (part[of] ?? []).map((one) => placed(one as T, cell))),
    );
  const last = drawn.at(-1)!;
  const ends =
    legend === "direct"
      ? endsOf(
          last.parts.flatMap((part) => part.ends ?? []),
          last.frame,
          last.cell,
        )
      : undefined;
  const striped = input.rows ?? (all.some((mark) => mark.striped === true) ? "striped" : "plain");
  return styled(
    drawn.flatMap(({ parts, cell }) =>
      parts.flatMap((part) => (part.traces ?? []).map((trace) => ({ ...trace, ...cell.axes }))),
    ),
    {
      ...Object.assign(
        {},
        ...drawn.map((one, p) =>
          panelLayout(one, {
            axis: axes[p]!,
            side: sides[p]!,
            share,
            marks: panels[p]!.marks,
            aspect: input.aspect,
            shared: room.titles,
          }),
        ),
      ),
      shapes: [
        ...drawn.flatMap(({ frame, cell }, p) => stripes(sides[p]!.rows.length, striped, frame, cell)),
        ...inPanel("shapes"),
        ...(ends?.shapes ?? []),
      ],
      annotations: [...room.headings(cells), ...inPanel("annotations"), ...(ends?.annotations ?? [])],
      showlegend: legend === "top" || legend === "bottom",
      ...(legend === "bottom" || legend === "top" ? { legend: room.legend } : {}),
      barmode: "overlay",
      margin: room.margin,
    },
    {
      title: input.title,
      caption: input.caption,
      dataset: input.dataset,
      width: room.width,
      height: room.height,
    },
  );
}

/** Colours in their order, and dashes and symbols in theirs: together more looks than a picture bears. */
const lookAt = (place: number): Look => ({
  colour: series[place % series.length]!,
  dash: dashes[place % dashes.length]!,
  symbol: symbols[place % symbols.length]!,
});

const axisOf = (axis: string | Axis | undefined): Axis =>
  typeof axis === "string" ? { title: axis } : (axis ?? {});
const merged = (figure: string | Axis | undefined, panel: string | Axis | undefined): Axis => ({
  ...axisOf(figure),
  ...axisOf(panel),
});

function legendFor(
  marks: readonly Mark[],
  about: {
    readonly names: readonly string[];
    readonly keys: readonly string[];
    readonly panels: number;
    readonly range: readonly [number, number];
  },
): NonNullable<Plot["legend"]> {
  const { names, keys, panels, range } = about;
  if (names.length + keys.length === 0 || (names.length === 1 && keys.length === 0)) return "none";
  const ended = marks.every((mark) => mark.ends !== undefined || (mark.names ?? []).length === 0);
  const ends = marks.flatMap((mark) => mark.ends ?? []);
  // Where all lines end at one height, names far from it would have to be followed back along thin lines.
  const spread = (300 * (Math.max(...ends) - Math.min(...ends))) / (range[1] - range[0]);
  const crowded = 18 * (ends.length - 1) > spread + 60;
  if (panels === 1 && keys.length === 0 && ended && !crowded) return "direct";
  return marks.some((mark) => mark.striped === true) ? "bottom" : "top";
}

/** Margins, gaps, headings and the legend: what is known before anything is drawn. */
function roomFor(
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
  const named = legend === "direct" ? 44 + 6.9 * Math.max(0, ...entries.map(letters)) : 24;
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

/** The layout of a panel's two axes. */
function panelLayout(
  { frame, cell }: { frame: Frame; cell: Cell },
  about: {
    readonly axis: { readonly x: Axis; readonly y: Axis };
    readonly side: { readonly rows: readonly string[]; readonly cols: readonly string[] };
    readonly share: { readonly x: boolean; readonly y: boolean };
    readonly marks: readonly Mark[];
    readonly aspect: number | undefined;
    readonly shared: boolean;
  },
): Part {
  const { axis, side, share, marks, aspect, shared } = about;
  const places = marks.filter((mark) => mark.ends !== undefined).flatMap((mark) => Array.from(mark.x ?? []));
  const [labelledX, labelledY] = [!share.x || side.cols.length > 0 || cell.last, !share.y || cell.first];
  const { title: _x, ...untitled } = axis.x;
  const { title: _y, ...unnamed } = axis.y;
  const x = axisLayout(shared ? untitled : axis.x, frame.x, {
    names: side.cols,
    places,
    labelled: labelledX,
  });
  const y = axisLayout(labelledY ? axis.y : unnamed, frame.y, {
    names: side.rows,
    places: [],
    labelled: labelledY,
  });
  const square =
    aspect === undefined ? {} : { scaleanchor: cell.axes.xaxis, constrain: "domain", constraintoward: "top" };
  return {
    [cell.keys.x]: {
      ...{
        domain: cell.across,
        anchor: cell.axes.yaxis,
        ...(aspect === undefined ? {} : { constrain: "domain", constraintoward: "left" }),
      },
      ...x,
    },
    [cell.keys.y]: { domain: cell.upwards, anchor: cell.axes.xaxis, ...square, ...y },
  };
}

/** Axes that a shape or annotation names, by those of its panel. */
function placed(part: Part, { axes }: Cell): Part {
  const of = (ref: unknown, own: string, letter: string): unknown =>
    ref === undefined || ref === letter ? own : ref === `${letter} domain` ? `${own} domain` : ref;
  const arrow = {
    ...(part.axref === "x" ? { axref: axes.xaxis } : {}),
    ...(part.ayref === "y" ? { ayref: axes.yaxis } : {}),
  };
  return { ...part, xref: of(part.xref, axes.xaxis, "x"), yref: of(part.yref, axes.yaxis, "y"), ...arrow };
}

/** Grey grounds of every other row, or white lines between rows that have grounds of their own. */
function stripes(count: number, kind: NonNullable<Plot["rows"]>, _frame: Frame, { axes }: Cell): Part[] {
  if (kind === "plain") return [];
  const across = { xref: `${axes.xaxis} domain`, x0: 0, x1: 1, layer: "below", yref: axes.yaxis };
  return Array.from({ length: count }, (_, row) => count - 1 - row).flatMap((place, row): Part[] => {
    if (kind === "ruled") {
      const y = place + 0.5;
      return row === 0
        ? []
        : [{ type: "line", ...across, y0: y, y1: y, line: { color: "#FFFFFF", width: 3 } }];
    }
    const ground = {
      type: "rect",
      ...across,
      y0: place - 0.5,
      y1: place + 0.5,
      fillcolor: "#F5F5F5",
      line: { width: 0 },
    };
    return row % 2 === 0 ? [ground] : [];
  });
}

/** Names beside the right ends of series, apart from each other, each with a thin line to its end. */
function endsOf(
  ends: readonly End[],
  { x, y }: Frame,
  { axes }: Cell,
): { shapes: Part[]; annotations: Part[] } {
  const [low, high] = y.range.map(y.at) as [number, number];
  const heights = ends.map((end) => Math.min(high, Math.max(low, y.at(end.y))));
  const down = heights.map((height) => ((high - height) / (high - low)) * y.pixels);
  const apart = spreadApart(down, { least: 18, most: y.pixels });
  const right = x.range[1];
  return {
    shapes: ends.map((end, e) => ({
      ...{ type: "line", layer: "below", xref: axes.xaxis, x0: end.x, x1: right, yref: axes.yaxis },
      ...{ y0: y.log ? 10 ** heights[e]! : heights[e], y1: y.log ? 10 ** heights[e]! : heights[e] },
      line: { width: 1, color: transparent(end.colour, 0.45) },
    })),
    annotations: ends.map((end, e) => ({
      ...{
        text: `<span style="color:${end.colour}">${end.glyph}</span> ${end.name}`,
        align: "left",
        font: { size: 13 },
      },
      ...{ x: 1, xref: `${axes.xaxis} domain`, y: heights[e], yref: axes.yaxis, xanchor: "left" },
      ...{
        ax: 22,
        ay: apart[e]! - down[e]!,
        showarrow: true,
        arrowhead: 0,
        arrowwidth: 1.2,
        arrowcolor: end.colour,
      },
    })),
  };
}
