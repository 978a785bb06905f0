import type { About, Figure } from "./figure";
import { type Cell, grid } from "./layout";
import { type Drawn, type Frame, type Look, type Mark, type Part, transparent } from "./marks/mark";
import { spreadApart } from "./placeLabels";
import { roomFor, type Size } from "./room";
import { type Axis, axisLayout, rangeOf, scaleOf } from "./scales";
import { dashes, series, styled, symbols } from "./theme";

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
export interface Plot extends About, Size {
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
  if (panels.length === 0 || panels.some(({ marks }) => marks.length === 0))
    throw new Error(`plot requires at least one mark in each panel of "${input.title}", got none`);
  const all = panels.flatMap(({ marks }) => marks);
  const named = all.some((mark) => mark.rows !== undefined);
  const matrix = all.some((mark) => mark.columns !== undefined);
  const share = { x: input.share?.x ?? (named && !matrix), y: input.share?.y ?? named };
  const sides = panels.map((panel) => sideOf(panel, { input, share, all }));
  const names = [...new Set(all.flatMap((mark) => mark.names ?? []))];
  const keys = [...new Set(all.flatMap((mark) => mark.keys ?? []))];
  const about = { names, keys, panels: panels.length, range: sides[0].rangeY };
  const legend = input.legend ?? legendFor(all, about);
  const columns = Math.min(panels.length, input.columns ?? panels.length);
  const room = roomFor(input, {
    ...{
      heads: panels,
      columns,
      rows: sides[0].rows,
      entries: [...names, ...keys],
      legend,
      share,
      axes: sides,
    },
    usualRow: all.some((mark) => mark.base === "x") ? 48 : 36,
    usualWidth: panels.length > 2 && all.some((mark) => mark.striped === true) ? 1000 : 800,
  });
  const cells = grid(panels.length, { columns, gaps: room.gaps });
  const looks = new Map(names.map((name, place) => [name, lookAt(place)]));
  const legendOf = legendEntries(legend === "top" || legend === "bottom");
  const drawn = panels.map(({ marks }, p) => {
    const [side, cell] = [sides[p], cells[p]];
    const frame: Frame = {
      x: scaleOf(side.rangeX, side.x.log === true, (cell.across[1] - cell.across[0]) * room.across),
      y: scaleOf(side.rangeY, side.y.log === true, (cell.upwards[1] - cell.upwards[0]) * room.upwards),
      row: (name) => side.rows.indexOf(name),
      column: (name) => side.columns.indexOf(name),
      look: (name) => looks.get(name) ?? lookAt(0),
      legend: legendOf,
    };
    return { frame, cell, side, marks, parts: marks.map((mark) => mark.draw(frame)) };
  });
  const ofPanels = (part: "shapes" | "annotations"): Part[] =>
    drawn.flatMap(({ parts, cell }) =>
      parts.flatMap((each) => (each[part] ?? []).map((one) => placed(one, cell))),
    );
  const ends = legend === "direct" ? endsOf(drawn.at(-1)!) : { shapes: [], annotations: [] };
  const rows = input.rows ?? (all.some((mark) => mark.striped === true) ? "striped" : "plain");
  const grounds =
    rows === "plain" ? [] : drawn.flatMap((panel) => rowGrounds(panel.side.rows.length, rows, panel.cell));
  const layouts = drawn.map((panel) =>
    panelLayout(panel, { share, aspect: input.aspect, titled: !room.oneTitle }),
  );
  return styled(
    drawn.flatMap(({ parts, cell }) =>
      parts.flatMap(({ traces = [] }) => traces.map((trace) => ({ ...trace, ...cell.axes }))),
    ),
    {
      ...Object.assign({}, ...layouts),
      // Stripes lie behind all bands, lines between rows before them.
      shapes:
        rows === "ruled"
          ? [...ofPanels("shapes"), ...grounds, ...ends.shapes]
          : [...grounds, ...ofPanels("shapes"), ...ends.shapes],
      annotations: [...room.words(cells), ...ofPanels("annotations"), ...ends.annotations],
      showlegend: legend === "top" || legend === "bottom",
      legend: room.legend,
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

/** A panel's axes: what is said of them, the names on them and the values they show. */
interface Side {
  readonly x: Axis;
  readonly y: Axis;
  /** From the bottom up: the first name is at the top. */
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  readonly rangeX: readonly [number, number];
  readonly rangeY: readonly [number, number];
}

function sideOf(
  panel: Panel,
  about: {
    readonly input: Plot;
    readonly share: { readonly x: boolean; readonly y: boolean };
    readonly all: readonly Mark[];
  },
): Side {
  const { input, share, all } = about;
  const [x, y] = [
    { ...axisOf(input.x), ...axisOf(panel.x) },
    { ...axisOf(input.y), ...axisOf(panel.y) },
  ];
  const [ofX, ofY] = [share.x ? all : panel.marks, share.y ? all : panel.marks];
  const rows = [...(y.order ?? new Set(ofY.flatMap((mark) => mark.rows ?? [])))].reverse();
  const columns = [...(x.order ?? new Set(panel.marks.flatMap((mark) => mark.columns ?? [])))];
  const rangeX = rangeOf(ofX, "x", { axis: x, names: columns });
  const rangeY = rangeOf(ofY, "y", { axis: y, names: rows });
  return { x, y, rows, columns, rangeX, rangeY };
}

const axisOf = (axis: string | Axis | undefined): Axis =>
  typeof axis === "string" ? { title: axis } : (axis ?? {});

/** Lets each name into the legend once, or none at all. */
function legendEntries(shown: boolean): Frame["legend"] {
  const met = new Set<string>();
  return (name) => {
    const showlegend = shown && !met.has(name);
    met.add(name);
    return { name, legendgroup: name, showlegend };
  };
}

/** Colours in their order, and dashes and symbols in theirs: together more looks than a picture bears. */
const lookAt = (place: number): Look => ({
  colour: series[place % series.length],
  dash: dashes[place % dashes.length],
  symbol: symbols[place % symbols.length],
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
  const crowded = 18 * (ends.length - 1) > spread + 36;
  if (panels === 1 && keys.length === 0 && ended && !crowded) return "direct";
  return marks.some((mark) => mark.striped === true) ? "bottom" : "top";
}

/** The layout of a panel's two axes. */
function panelLayout(
  { frame, cell, side, marks }: { frame: Frame; cell: Cell; side: Side; marks: readonly Mark[] },
  about: {
    readonly share: { readonly x: boolean; readonly y: boolean };
    readonly aspect: number | undefined;
    /** Whether each panel has the title of its level axis, not the figure one for all. */
    readonly titled: boolean;
  },
): Part {
  const { share, aspect, titled } = about;
  const places = marks.filter((mark) => mark.ends !== undefined).flatMap((mark) => Array.from(mark.x ?? []));
  const [labelledX, labelledY] = [!share.x || side.columns.length > 0 || cell.last, !share.y || cell.first];
  const { title: _x, ...untitledX } = side.x;
  const { title: _y, ...untitledY } = side.y;
  const x = axisLayout(titled ? side.x : untitledX, frame.x, {
    names: side.columns,
    places,
    labelled: labelledX,
  });
  const y = axisLayout(labelledY ? side.y : untitledY, frame.y, {
    names: side.rows,
    places: [],
    labelled: labelledY,
  });
  const [square, left] =
    aspect === undefined
      ? [{}, {}]
      : [
          { scaleanchor: cell.axes.xaxis, constrain: "domain", constraintoward: "top" },
          { constrain: "domain", constraintoward: "left" },
        ];
  return {
    [cell.keys.x]: { domain: cell.across, anchor: cell.axes.yaxis, ...left, ...x },
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
function rowGrounds(count: number, kind: "striped" | "ruled", { axes }: Cell): Part[] {
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
function endsOf(panel: { frame: Frame; cell: Cell; parts: readonly Drawn[] }): {
  shapes: Part[];
  annotations: Part[];
} {
  const { x, y } = panel.frame;
  const { axes } = panel.cell;
  const ends = panel.parts.flatMap((part) => part.ends ?? []);
  const [low, high] = y.range.map(y.at) as [number, number];
  const heights = ends.map((end) => Math.min(high, Math.max(low, y.at(end.y))));
  const down = heights.map((height) => ((high - height) / (high - low)) * y.pixels);
  const apart = spreadApart(down, { least: 18, most: y.pixels });
  const right = x.range[1];
  return {
    shapes: ends.map((end, e) => ({
      ...{ type: "line", layer: "below", xref: axes.xaxis, x0: end.x, x1: right, yref: axes.yaxis },
      ...{ y0: y.log ? 10 ** heights[e] : heights[e], y1: y.log ? 10 ** heights[e] : heights[e] },
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
        ay: apart[e] - down[e],
        showarrow: true,
        arrowhead: 0,
        arrowwidth: 1.2,
        arrowcolor: end.colour,
      },
    })),
  };
}
