import type { About, Figure } from "./figure";
import { palette, styled } from "./theme";

/** One method: its mean over users and the interval around it. */
export interface RankingRow {
  readonly name: string;
  readonly mean: number;
  readonly lower: number;
  readonly upper: number;
  /** "baseline" methods are grey, "supervised" ones orange, "agent"s blue. */
  readonly kind?: "baseline" | "supervised" | "agent";
  /** What another implementation of the same method reaches, drawn as an open diamond. */
  readonly reference?: number;
}

const kinds = {
  agent: { name: "trained by reinforcement", colour: palette.blue, symbol: "circle" },
  supervised: { name: "supervised", colour: palette.orange, symbol: "square" },
  baseline: { name: "baseline", colour: palette.grey, symbol: "circle" },
} as const;

/** A ranking table as a picture: dots are means over users, whiskers their 95% intervals, best at the top. */
export function rankingPlot(
  input: {
    rows: readonly RankingRow[];
    /** e.g. "NDCG@10" */
    metric: string;
    /** a value worth beating, drawn from top to bottom */
    best?: { readonly value: number; readonly name: string };
  } & About,
): Figure {
  const { rows, metric, best, ...about } = input;
  if (rows.length === 0) throw new Error("rankingPlot requires at least one row, got none");
  const sorted = [...rows].sort((a, b) => a.mean - b.mean);
  const traces: Record<string, unknown>[] = (["agent", "supervised", "baseline"] as const).flatMap((kind) => {
    const members = sorted.filter((row) => (row.kind ?? "baseline") === kind);
    if (members.length === 0) return [];
    const { name, colour, symbol } = kinds[kind];
    return [
      {
        type: "scatter",
        mode: "markers+text",
        name,
        x: members.map((row) => row.mean),
        y: members.map((row) => row.name),
        text: members.map((row) => row.mean.toFixed(3).replace(/^0/, "")),
        textposition: "top center",
        textfont: { size: 11 },
        error_x: {
          type: "data",
          symmetric: false,
          array: members.map((row) => row.upper - row.mean),
          arrayminus: members.map((row) => row.mean - row.lower),
          thickness: 2,
          width: 5,
          color: colour,
        },
        marker: { color: colour, size: 10, symbol },
        hovertemplate: "%{y}: %{x:.4f}<extra></extra>",
      },
    ];
  });
  const known = sorted.filter((row) => row.reference !== undefined);
  if (known.length > 0)
    traces.push({
      type: "scatter",
      mode: "markers",
      name: "another implementation",
      x: known.map((row) => row.reference),
      y: known.map((row) => row.name),
      marker: { symbol: "diamond-open", size: 12, color: palette.red, line: { width: 2 } },
    });
  const furthest = Math.max(
    best?.value ?? 0,
    ...sorted.map((row) => Math.max(row.upper, row.reference ?? 0)),
  );
  const top = sorted[sorted.length - 1]!;
  return styled(
    traces,
    {
      xaxis: {
        title: { text: `${metric}, mean over users and 95% interval` },
        range: [-0.03 * furthest, 1.06 * furthest],
      },
      yaxis: {
        type: "category",
        categoryorder: "array",
        categoryarray: sorted.map((row) => row.name),
        range: [-0.6, sorted.length - 0.3],
        ticks: "",
        showgrid: true,
      },
      // The best are at the top and far to the right: the corner left of them is free.
      legend: {
        orientation: "v",
        x: 0.01,
        y: 1,
        xanchor: "left",
        yanchor: "top",
        bgcolor: "rgba(255,255,255,0.8)",
        font: { size: 12 },
      },
      margin: { t: 92 },
      ...(best === undefined
        ? {}
        : {
            shapes: [
              {
                type: "line",
                x0: best.value,
                x1: best.value,
                yref: "paper",
                y0: 0,
                y1: 1,
                line: { color: palette.red, width: 1.5, dash: "dash" },
              },
            ],
            annotations: [
              {
                x: best.value,
                y: 1,
                yref: "paper",
                text: best.name,
                showarrow: false,
                xanchor: "right",
                yanchor: "bottom",
                xshift: -4,
                font: { size: 12, color: palette.red },
              },
            ],
          }),
    },
    {
      title: `Ranking: ${metric}`,
      caption: `${metric} of ${rows.length} methods; ${top.name} is highest with ${top.mean.toFixed(4)} [${top.lower.toFixed(4)}, ${top.upper.toFixed(4)}].`,
      height: Math.max(320, 170 + 34 * rows.length),
      ...about,
    },
  );
}
