import type { Figure } from "./figure";
import { palette, styled } from "./theme";

/** A box of a diagram: its middle and size in grid units (x to the right, y downwards). */
export interface Box {
  readonly id: string;
  readonly title: string;
  readonly text?: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly colour?: string;
}

/** An arrow from one box to another, by their ids; `via` are corners on the way, in grid units. */
export interface Arrow {
  readonly from: string;
  readonly to: string;
  readonly text?: string;
  readonly dashed?: boolean;
}

/**
 * Boxes and arrows as a Plotly figure: rectangles are shapes, words and arrows are annotations, so that diagrams
 * are made, shown and saved as all other figures are. Not Mermaid: it places boxes itself, where these stand row by row,
 * and is no picture in exported pages, in a terminal's viewer or in the gallery.
 *
 * @param size of the grid; one unit is as wide as it is high
 * @throws when an arrow names a box that is not there.
 */
export function diagram(
  boxes: readonly Box[],
  arrows: readonly Arrow[],
  look: {
    readonly title: string;
    readonly caption: string;
    readonly subtitle: string;
    readonly columns: number;
    readonly rows: number;
    readonly width?: number;
  },
): Figure {
  const { title, caption, subtitle, columns, rows, width = 960 } = look;
  const byId = new Map(boxes.map((box) => [box.id, box]));
  const boxOf = (id: string): Box => {
    const box = byId.get(id);
    if (box === undefined) throw new Error(`diagram requires arrows between its boxes, got ${id}`);
    return box;
  };
  const words = boxes.map((box) => ({
    x: box.x,
    y: box.y,
    text: `<b>${box.title}</b>${box.text === undefined ? "" : `<br>${box.text}`}`,
    showarrow: false,
    font: { size: 13, color: palette.ink },
  }));
  const lines = arrows.map((arrow) => {
    const [from, to] = [boxOf(arrow.from), boxOf(arrow.to)];
    const start = edgePoint(from, to);
    const end = edgePoint(to, from);
    return {
      x: end.x,
      y: end.y,
      ax: start.x,
      ay: start.y,
      axref: "x",
      ayref: "y",
      text: "",
      showarrow: true,
      arrowhead: 2,
      arrowsize: 1.1,
      arrowwidth: 1.8,
      arrowcolor: arrow.dashed === true ? palette.orange : palette.grey,
    };
  });
  const notes = arrows.flatMap((arrow) => {
    if (arrow.text === undefined) return [];
    const [from, to] = [boxOf(arrow.from), boxOf(arrow.to)];
    const [start, end] = [edgePoint(from, to), edgePoint(to, from)];
    return [
      {
        x: (start.x + end.x) / 2,
        y: (start.y + end.y) / 2,
        text: arrow.text,
        showarrow: false,
        font: { size: 12, color: palette.grey },
        bgcolor: "rgba(255,255,255,0.9)",
      },
    ];
  });
  const hidden = { visible: false, fixedrange: true };
  const unit = (width - 32) / columns;
  return styled(
    [
      {
        type: "scatter",
        mode: "markers",
        x: [0],
        y: [0],
        marker: { opacity: 0 },
        hoverinfo: "skip",
        showlegend: false,
      },
    ],
    {
      xaxis: { ...hidden, range: [0, columns] },
      yaxis: { ...hidden, range: [rows, 0] },
      margin: { l: 16, r: 16, t: 76, b: 16, pad: 0 },
      shapes: boxes.map((box) => ({
        type: "rect",
        x0: box.x - box.width / 2,
        x1: box.x + box.width / 2,
        y0: box.y - box.height / 2,
        y1: box.y + box.height / 2,
        fillcolor: box.colour ?? "#EAF3FA",
        line: { color: palette.blue, width: 1.2 },
        layer: "below",
      })),
      annotations: [...lines, ...notes, ...words],
    },
    { title, caption, dataset: subtitle, width, height: Math.round(rows * unit) + 92 },
  );
}

/** Where the line between the middles of two boxes leaves the first one. */
function edgePoint(from: Box, to: Box): { x: number; y: number } {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const [rx, ry] = [from.width / 2 / Math.abs(dx || 1e-9), from.height / 2 / Math.abs(dy || 1e-9)];
  const share = Math.min(rx, ry);
  return { x: from.x + dx * share, y: from.y + dy * share };
}
