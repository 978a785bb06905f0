import type { About, Figure } from "./figure";
import { transparent } from "./marks/mark";
import { rowPanels } from "./rowPanels";
import { palette, series, styled } from "./theme";

/** In how many of the logs the intervals of one method held the truth. */
export interface CoveragePoint {
  readonly method: string;
  readonly held: number;
  readonly runs: number;
}

/** A situation, and what became of each estimator in it. */
export interface CoveragePanel {
  readonly heading: string;
  readonly note?: string;
  readonly rows: readonly { readonly name: string; readonly points: readonly CoveragePoint[] }[];
}

const symbols = ["circle", "diamond", "square", "triangle-up", "cross", "star", "x"] as const;

/**
 * How often intervals that promise 95% held the truth: a row an estimator, a symbol a method, over many logs of a world
 * whose truth is known. The green stripe is where a method that keeps its promise lands in 95% of such studies; left of
 * it, in red, intervals are too narrow; right of it they are wider than they need be.
 *
 * @param input.from least coverage of the axis as a share; what lies below stands at the edge with its number
 * @throws when there is no panel, or one without a point.
 */
export function coverageByMethod(
  input: {
    readonly panels: readonly CoveragePanel[];
    readonly level?: number;
    readonly from?: number;
  } & About,
): Figure {
  const { panels, level = 0.95, from: given, ...about } = input;
  const pointsOf = ({ rows }: CoveragePanel): readonly CoveragePoint[] => rows.flatMap((row) => row.points);
  if (panels.length === 0 || panels.some((panel) => pointsOf(panel).length === 0))
    throw new Error("coverageByMethod requires at least one panel with points, got none");
  const all = panels.flatMap(pointsOf);
  const methods = [...new Set(all.map(({ method }) => method))];
  const lowest = Math.min(...all.map(({ held, runs }) => held / runs));
  const from = 100 * (given ?? Math.max(0.6, Math.min(0.9, Math.floor(20 * lowest) / 20)));
  const luck = `what luck allows of ${100 * level}%`;
  const narrow = "too narrow";
  const edge = from - 0.02 * (100 - from);
  const tens = [0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100].filter(
    (each) => each >= from && (from >= 50 || each % 20 === 0),
  );
  const place = rowPanels({
    headings: panels,
    rows: [...new Set(panels.flatMap(({ rows }) => rows.map(({ name }) => name)))],
    xTitle: "intervals that held the truth, % of the logs",
    x: panels.map(() => ({ range: [edge, 100 + from - edge], tickvals: [...tens, 100 * level] })),
    rowHeight: Math.max(34, 16 + 7 * methods.length),
    legend: [...methods, luck, narrow],
    ruled: true,
  });
  const bands = panels.map((panel) => {
    const runs = Math.min(...pointsOf(panel).map((point) => point.runs));
    const [low, high] = luckOf(runs, level);
    return { low: (100 * low) / runs, high: (100 * high) / runs };
  });
  const shapes = panels.flatMap((_, p) => {
    const { axes } = place.panels[p]!;
    const { low, high } = bands[p]!;
    const stripe = (x0: number, x1: number, fillcolor: string) => ({
      ...{ type: "rect", xref: axes.xaxis, x0, x1, yref: `${axes.yaxis} domain`, y0: 0, y1: 1 },
      ...{ layer: "below", fillcolor, line: { width: 0 } },
    });
    return [stripe(edge, low, tooNarrow), stripe(low, high, allowed)];
  });
  const lift = (method: string): number =>
    ((methods.length - 1) / 2 - methods.indexOf(method)) * (0.7 / Math.max(1, methods.length - 1));
  const traces = methods.flatMap((method, m) =>
    panels.map(({ rows }, p) => {
      const members = rows.flatMap(({ name, points }) =>
        points
          .filter((point) => point.method === method)
          .map(({ held, runs }) => ({ at: place.placeOf.get(name)! + lift(method), held, runs })),
      );
      const share = members.map(({ held, runs }) => (100 * held) / runs);
      return {
        ...{ type: "scatter", mode: "markers", name: method, legendgroup: method, showlegend: p === 0 },
        ...{ x: share.map((each) => Math.max(each, from)), y: members.map(({ at }) => at) },
        ...{ ...place.panels[p]!.axes, cliponaxis: false },
        marker: {
          ...{ size: 8, color: series[m % series.length], opacity: 1 },
          symbol: share.map((each) => (each < from ? "triangle-left-open" : symbols[m % symbols.length])),
          line: { width: share.map((each) => (each < from ? 2 : 0)), color: series[m % series.length] },
        },
        text: members.map(({ held, runs }) => `${method}: ${held} of ${runs}`),
        hovertemplate: "%{text}<extra></extra>",
      };
    }),
  );
  const promise = place.panels.map(({ axes }) => ({
    ...{ type: "scatter", mode: "lines", showlegend: false, hoverinfo: "skip", ...axes },
    ...{ x: [100 * level, 100 * level], y: place.upright, line: { color: palette.ink, width: 1.5 } },
  }));
  const numbers = panels.flatMap(({ rows }, p) =>
    rows.flatMap(({ name, points }) => {
      const below = points
        .map(({ held, runs }) => Math.round((100 * held) / runs))
        .filter((each) => each < from);
      if (below.length === 0) return [];
      const [least, most] = [Math.min(...below), Math.max(...below)];
      return [
        {
          ...{ text: least === most ? `${least}%` : `${least} to ${most}%`, showarrow: false },
          ...{ x: from, y: place.placeOf.get(name)!, xanchor: "left", xshift: 8 },
          ...{ xref: place.panels[p]!.axes.xaxis, yref: place.panels[p]!.axes.yaxis },
          font: { size: 12, color: palette.red },
        },
      ];
    }),
  );
  const worst = panels
    .flatMap((panel, p) =>
      panel.rows.flatMap(({ name, points }) =>
        points.map(({ method, held, runs }) => ({
          share: (100 * held) / runs,
          low: bands[p]!.low,
          words: `${method} intervals of ${name} (${panel.heading})`,
        })),
      ),
    )
    .sort((a, b) => a.share - b.share);
  const short = worst.filter(({ share, low }) => share < low).length;
  return styled(
    [
      ...promise,
      ...traces,
      swatch(allowed, luck, place.panels[0]!.axes),
      swatch(tooNarrow, narrow, place.panels[0]!.axes),
    ],
    {
      ...place.layout,
      shapes: [...shapes, ...place.layout.shapes],
      annotations: [...place.layout.annotations, ...numbers],
    },
    {
      title: `How often a ${100 * level}% interval holds the truth`,
      caption: `${short} of ${worst.length} kinds of interval hold the truth too rarely for ${100 * level}%; the rarest are ${worst[0]!.words} with ${worst[0]!.share.toFixed(1)}%.`,
      ...{ width: place.width, height: place.height },
      ...about,
    },
  );
}

const allowed = transparent(palette.green, 0.22);
const tooNarrow = palette.alarm;

/** A square in the legend for what is drawn as a shape. */
function swatch(colour: string, name: string, axes: Record<string, unknown>): Record<string, unknown> {
  return {
    ...{ type: "scatter", mode: "markers", name, x: [null], y: [null], ...axes },
    marker: { symbol: "square", size: 14, color: colour, line: { width: 1, color: palette.grey } },
  };
}

/**
 * Fewest and most successes that n trials of the given chance have: the middle 95% of the binomial distribution.
 *
 * @example luckOf(200) // [184, 196]: 92% to 98%
 */
export function luckOf(trials: number, chance = 0.95): [number, number] {
  let [logarithm, below] = [trials * Math.log(1 - chance), 0];
  let low = -1;
  for (let successes = 0; successes <= trials; successes++) {
    below += Math.exp(logarithm);
    if (low < 0 && below >= 0.025) low = successes;
    if (below >= 0.975) return [low, successes];
    logarithm += Math.log(((trials - successes) / (successes + 1)) * (chance / (1 - chance)));
  }
  return [Math.max(low, 0), trials];
}
