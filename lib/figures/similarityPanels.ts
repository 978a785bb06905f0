import type { About, Figure } from "./figure";
import { panelAxes, panels, panelTitle } from "./panels";
import { bothSides, styled } from "./theme";

/** Cosines of some vectors, each with each, under a heading. */
export interface SimilarityPanel {
  readonly heading: string;
  /** [n × n] */
  readonly cosines: Float64Array;
}

/** What stands left, right, above and below the panels, in pixels: the colour bar is on the right. */
const around = { l: 40, r: 92, t: 108, b: 40 };
const full = 800;
const gap = 0.03;
const largestSide = 300;

/**
 * Similarity matrices side by side on one colour scale, without numbers on the axes: what matters is the texture.
 * Rows are sorted so that likes stand together, each matrix for itself. Panels are square, and the figure is as
 * high as they need.
 *
 * @throws when there is no matrix or one is not square.
 */
export function similarityPanels(
  input: {
    readonly matrices: readonly SimilarityPanel[];
    /** what a row is, below and beside the panels: "readers" */
    readonly rows: string;
    readonly title: string;
    readonly caption: string;
  } & About,
): Figure {
  const { matrices, rows, ...about } = input;
  if (matrices.length === 0) throw new Error("similarityPanels requires at least one matrix, got none");
  const places = panels(matrices.length, gap);
  const share = places[0]!.domain[1];
  const side = Math.min(largestSide, share * (full - around.l - around.r));
  let layout: Record<string, unknown> = {};
  const bare = { showgrid: false, showticklabels: false, ticks: "", zeroline: false, constrain: "domain" };
  const axisTitle = { title: { text: rows, standoff: 6 } };
  const traces = matrices.map(({ heading, cosines }, m) => {
    const n = Math.sqrt(cosines.length);
    if (!Number.isInteger(n) || n < 1)
      throw new Error(
        `similarityPanels requires square matrices, got ${cosines.length} numbers in "${heading}"`,
      );
    const order = likesTogether(cosines, n);
    const panel = places[m]!;
    layout = {
      ...layout,
      ...panelAxes(
        panel,
        { ...bare, ...axisTitle, constraintoward: "left" },
        {
          ...{ ...bare, ...(m === 0 ? axisTitle : {}), autorange: "reversed" },
          ...{ scaleanchor: panel.axes.xaxis, constraintoward: "top" },
        },
      ),
    };
    return {
      type: "heatmap",
      ...panel.axes,
      z: order.map((i) => order.map((j) => Math.round(100 * cosines[i * n + j]!) / 100)), // keeps pages small
      zmin: -1,
      zmax: 1,
      colorscale: bothSides,
      showscale: m === matrices.length - 1,
      colorbar: { title: { text: "cosine" }, thickness: 12, outlinewidth: 0, tickvals: [-1, 0, 1] },
      hovertemplate: "%{z:.2f}<extra></extra>",
    };
  });
  return styled(
    traces,
    {
      ...layout,
      annotations: matrices.map(({ heading }, m) => panelTitle(places[m]!, heading)),
      margin: { ...around, r: Math.round(full - around.l - side / share) },
    },
    { width: full, height: Math.round(side) + around.t + around.b, ...about },
  );
}

/** Rows by a walk that always goes on to the most similar row not yet visited, from the most typical one. */
function likesTogether(cosines: Float64Array, n: number): number[] {
  const sums = Array.from({ length: n }, (_, i) =>
    cosines.subarray(i * n, (i + 1) * n).reduce((sum, each) => sum + each, 0),
  );
  const left = new Set(sums.keys());
  let at = sums.indexOf(Math.max(...sums));
  const order: number[] = [];
  for (;;) {
    order.push(at);
    left.delete(at);
    if (left.size === 0) return order;
    let best = -1;
    for (const row of left) if (best === -1 || cosines[at * n + row]! > cosines[at * n + best]!) best = row;
    at = best;
  }
}
