import type { About, Figure } from "./figure";
import { wrapText } from "./layout";
import { transparent } from "./marks/mark";
import { panelAxes, panels } from "./panels";
import { spanOf } from "./placeLabels";
import { palette, series, styled } from "./theme";

/** A policy in one panel; its height should be the same in all, its name stands at that of the first. */
export interface PolicyPoint {
  readonly name: string;
  /** How this panel judges it. */
  readonly x: number;
  /** What it is really worth. */
  readonly y: number;
  /** Interval of x. */
  readonly lower?: number;
  readonly upper?: number;
  /** Standard error of y, or half of its interval. */
  readonly error?: number;
}

/** One way to judge policies. */
export interface PolicyPanel {
  /** With what is to be seen, e.g. "NDCG@10: rank correlation −.3". */
  readonly heading: string;
  readonly xLabel: string;
  readonly points: readonly PolicyPoint[];
  /** Whether x and y are the same quantity: then the line of equals is drawn. */
  readonly equals?: boolean;
}

/**
 * The same policies judged in several ways, each against what they are really worth, which is the common upright axis: a
 * way of judging is good when its dots rise from left to right. Each policy keeps its colour, symbol and height, at which
 * its name stands at the right.
 *
 * @throws when there is no panel, or one without a point.
 */
export function policyPanels(
  input: { readonly panels: readonly PolicyPanel[]; readonly yLabel: string } & About,
): Figure {
  const { panels: ways, yLabel, ...about } = input;
  if (ways.length === 0 || ways.some(({ points }) => points.length === 0))
    throw new Error("policyPanels requires at least one panel with policies, got none");
  const names = [...new Set(ways.flatMap(({ points }) => points.map(({ name }) => name)))];
  const [drawn, left, right] = [320, 72, 48 + 7 * Math.max(...names.map((name) => name.length))];
  const width = Math.min(1100, 300 * ways.length + left + right);
  const places = panels(ways.length, 0.045);
  const pixels = (width - left - right) * (places[0]!.domain[1] - places[0]!.domain[0]);
  const everyone = ways.flatMap(({ points }) => points);
  const upright = spanOf(
    everyone.flatMap(({ y, error = 0 }) => [y - error, y + error]),
    0.12,
  );
  const across = ways.map(({ points }) =>
    spanOf(points.flatMap(({ x, lower = x, upper = x }) => [x, lower, upper]).filter(Number.isFinite), 0.12),
  );
  const traces = ways.flatMap(({ points, equals }, p) => {
    const { axes } = places[p]!;
    const low = Math.max(across[p]![0], upright[0]);
    const high = Math.min(across[p]![1], upright[1]);
    const line =
      equals && low < high
        ? [
            {
              ...{
                type: "scatter",
                mode: "lines",
                hoverinfo: "skip",
                ...axes,
                x: [low, high],
                y: [low, high],
              },
              line: { color: palette.grey, width: 1.5, dash: "dash" },
            },
          ]
        : [];
    const dots = points.map(({ name, x, y, lower = x, upper = x, error = 0 }) => {
      const n = names.indexOf(name);
      const color = colourOf(n);
      const whisker = { type: "data", symmetric: false, thickness: 1.5, width: 4, color };
      return {
        ...{ type: "scatter", mode: "markers", name, ...axes, x: [x], y: [y] },
        error_x: { ...whisker, array: [upper - x], arrayminus: [x - lower], visible: upper > lower },
        error_y: { ...whisker, array: [error], arrayminus: [error], visible: error > 0 },
        marker: {
          size: 11,
          color,
          opacity: 1,
          symbol: symbols[n % symbols.length],
          line: { color: "#FFFFFF", width: 1 },
        },
        hovertemplate: `${name}: %{x:.4g}, worth %{y:.4g}<extra></extra>`,
      };
    });
    return [...line, ...dots];
  });
  const lines = names.map((name) => everyone.find((point) => point.name === name)!.y);
  const down = lines.map((y) => ((upright[1] - y) / (upright[1] - upright[0])) * drawn);
  const apart = spreadApart(down, { least: 18, most: drawn });
  const labels = names.map((name, n) => ({
    ...{
      text: `<span style="color:${colourOf(n)}">${glyphs[n % glyphs.length]}</span> ${name}`,
      align: "left",
    },
    ...{ x: 1, xref: "paper", y: lines[n]!, yref: "y", xanchor: "left", ax: 22, ay: apart[n]! - down[n]! },
    ...{ showarrow: true, arrowhead: 0, arrowwidth: 1.2, arrowcolor: colourOf(n), font: { size: 13 } },
  }));
  const guides = names.map((_, n) => ({
    ...{ type: "line", layer: "below", xref: "paper", x0: 0, x1: 1, yref: "y", y0: lines[n]!, y1: lines[n]! },
    line: { width: 1, color: transparent(colourOf(n), 0.4) },
  }));
  const heads = ways.map(({ heading }) => wrapText(heading, pixels / 7.8));
  const top = 84 + 18 * Math.max(...heads.map((lines) => lines.length));
  return styled(
    traces,
    {
      ...Object.assign(
        {},
        ...ways.map(({ xLabel }, p) =>
          panelAxes(
            places[p]!,
            { range: across[p], title: { text: wrapText(xLabel, pixels / 7).join("<br>") }, nticks: 5 },
            {
              ...{ range: upright, showgrid: false },
              ...(p === 0 ? { title: { text: yLabel } } : { showticklabels: false, ticks: "" }),
            },
          ),
        ),
      ),
      annotations: [
        ...places.map((panel, p) => ({
          ...{ text: `<b>${heads[p]!.join("<br>")}</b>`, align: "left", showarrow: false },
          ...{ x: panel.domain[0], y: 1, xref: "paper", yref: "paper", xanchor: "left", yanchor: "bottom" },
          font: { size: 14 },
        })),
        ...labels,
      ],
      shapes: guides,
      showlegend: false,
      margin: { l: left, r: right, t: top, b: 74 },
    },
    {
      title: "The same policies, judged in several ways",
      caption: `${names.length} policies against ${yLabel}: ${ways.map(({ heading }) => heading).join("; ")}.`,
      ...{ width, height: top + 74 + drawn },
      ...about,
    },
  );
}

const symbols = ["circle", "square", "diamond", "triangle-up", "triangle-down"] as const;
const glyphs = ["●", "■", "◆", "▲", "▼"] as const;
const colourOf = (place: number): string => series[place % series.length]!;

/**
 * Moves places along a line apart as little as keeps their order, the least distance and the ends.
 *
 * @example spreadApart([10, 12], { least: 6, most: 100 }) // [10, 16]
 */
export function spreadApart(
  places: readonly number[],
  { least, most }: { readonly least: number; readonly most: number },
): number[] {
  const order = places.map((_, i) => i).sort((a, b) => places[a]! - places[b]! || a - b);
  const moved = [...places];
  order.forEach((i, rank) => {
    if (rank > 0) moved[i] = Math.max(moved[i]!, moved[order[rank - 1]!]! + least);
  });
  order.reverse().forEach((i, rank) => {
    moved[i] = Math.min(moved[i]!, rank === 0 ? most : moved[order[rank - 1]!]! - least);
  });
  return moved;
}
