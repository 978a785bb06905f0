import { legendRows, wrapText } from "./layout";
import { type Panel, panelAxes, panels } from "./panels";
import { palette } from "./theme";

/** Panels side by side whose rows have the same names: what to draw in, and the layout that goes with it. */
export interface RowPanels {
  readonly panels: readonly Panel[];
  /** Height of each row on every upright axis: the first name is at the top. */
  readonly placeOf: ReadonlyMap<string, number>;
  /** From below the lowest row to above the highest. */
  readonly upright: readonly [number, number];
  /** Axes, headings, stripes, margins and a legend below: shapes and annotations may be added to. */
  readonly layout: Record<string, unknown> & {
    readonly shapes: readonly Record<string, unknown>[];
    readonly annotations: readonly Record<string, unknown>[];
  };
  readonly width: number;
  readonly height: number;
}

/**
 * Lays out panels that compare the same rows in several situations: names once at the left, a heading with a grey note
 * above each panel, one title below all of the level axes, and the legend under it.
 *
 * @param input.x layout of each panel's level axis, without its title
 */
export function rowPanels(input: {
  readonly headings: readonly { readonly heading: string; readonly note?: string }[];
  readonly rows: readonly string[];
  readonly xTitle: string;
  readonly x: readonly Record<string, unknown>[];
  /** Pixels of a row. */
  readonly rowHeight: number;
  /** Names in the legend, to leave room for it; none: no legend. */
  readonly legend: readonly string[];
  /** Thin lines between the rows instead of grey stripes, for panels with stripes of their own. */
  readonly ruled?: boolean;
  readonly width?: number;
}): RowPanels {
  const { headings, rows, xTitle, x, rowHeight, legend, ruled = false } = input;
  const width = input.width ?? (headings.length > 2 ? 1000 : 800);
  const gap = headings.length > 2 ? 0.035 : 0.05;
  const places = panels(headings.length, gap);
  const left = 24 + 7.2 * Math.max(...rows.map((name) => name.length));
  const pixels = (width - left - 24) * (places[0]!.domain[1] - places[0]!.domain[0]);
  const heads = headings.map(({ heading, note }) => [
    ...wrapText(heading, pixels / 7.8).map((line) => `<b>${line}</b>`),
    ...wrapText(note ?? "", pixels / 6.2).map(
      (line) => `<span style="font-size:12px;color:${palette.grey}">${line}</span>`,
    ),
  ]);
  const top = 80 + 18 * Math.max(...heads.map((lines) => lines.length));
  const bottom = legend.length === 0 ? 60 : 70 + 22 * legendRows(legend, width - left - 24);
  const last = rows.length - 1;
  const upright = [-0.5, last + 0.5] as const;
  const named = {
    range: upright,
    tickmode: "array",
    tickvals: rows.map((_, row) => last - row),
    ticktext: rows,
    ticks: "",
    showgrid: false,
  };
  return {
    panels: places,
    placeOf: new Map(rows.map((name, row) => [name, last - row])),
    upright,
    layout: {
      ...Object.assign(
        {},
        ...places.map((panel, p) => panelAxes(panel, { ...x[p] }, { ...named, showticklabels: p === 0 })),
      ),
      annotations: [
        ...places.map((panel, p) => ({
          ...{ text: heads[p]!.join("<br>"), align: "left", showarrow: false, font: { size: 14 } },
          ...{ x: panel.domain[0], y: 1, xref: "paper", yref: "paper", xanchor: "left", yanchor: "bottom" },
        })),
        {
          ...{ text: xTitle, showarrow: false, font: { size: 14 } },
          ...{ x: 0.5, y: 0, xref: "paper", yref: "paper", xanchor: "center", yanchor: "top", yshift: -26 },
        },
      ],
      shapes: places.flatMap(({ axes }) =>
        rows.flatMap((_, row): Record<string, unknown>[] => {
          const across = { xref: `${axes.xaxis} domain`, x0: 0, x1: 1, layer: "below", yref: axes.yaxis };
          const [y0, y1] = [last - row - 0.5, last - row + 0.5];
          if (ruled)
            return row === 0
              ? []
              : [{ type: "line", ...across, y0: y1, y1, line: { color: "#FFFFFF", width: 3 } }];
          const stripe = { type: "rect", ...across, y0, y1, fillcolor: "#F5F5F5", line: { width: 0 } };
          return row % 2 === 0 ? [stripe] : [];
        }),
      ),
      showlegend: legend.length > 0,
      legend: {
        ...{ orientation: "h", x: 0.5, xref: "container", xanchor: "center" },
        ...{ y: 0.015, yref: "container", yanchor: "bottom", font: { size: 13 } },
      },
      margin: { l: left, r: 24, t: top, b: bottom },
    },
    ...{ width, height: top + bottom + rowHeight * rows.length },
  };
}
