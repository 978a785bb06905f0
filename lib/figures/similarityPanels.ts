import type { About, Figure } from "./figure";
import { panelAxes, panels, panelTitle } from "./panels";
import { bothSides, styled } from "./theme";

/** Cosines of some vectors, each with each, under a heading. */
export interface SimilarityPanel {
  readonly heading: string;
  /** [n × n] */
  readonly cosines: Float64Array;
}

/**
 * Similarity matrices side by side on one colour scale, without labels: what matters is the texture. Rows are
 * sorted so that likes stand together, each matrix for itself.
 *
 * @throws when there is no matrix or one is not square.
 */
export function similarityPanels(
  input: {
    readonly matrices: readonly SimilarityPanel[];
    readonly title: string;
    readonly caption: string;
  } & About,
): Figure {
  const { matrices, ...about } = input;
  if (matrices.length === 0) throw new Error("similarityPanels requires at least one matrix, got none");
  const places = panels(matrices.length, 0.03);
  let layout: Record<string, unknown> = {};
  const bare = { showgrid: false, showticklabels: false, ticks: "", zeroline: false };
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
      ...panelAxes(panel, bare, { ...bare, autorange: "reversed" }),
    };
    return {
      type: "heatmap",
      ...panel.axes,
      z: order.map((i) => order.map((j) => Math.round(100 * cosines[i * n + j]!) / 100)), // keeps pages small
      zmin: -1,
      zmax: 1,
      colorscale: bothSides,
      showscale: m === matrices.length - 1,
      colorbar: { title: { text: "cosine" }, thickness: 12, outlinewidth: 0 },
      hovertemplate: "%{z:.2f}<extra></extra>",
    };
  });
  return styled(
    traces,
    {
      ...layout,
      annotations: matrices.map(({ heading }, m) => panelTitle(places[m]!, heading)),
      margin: { t: 108 },
    },
    { height: 330, ...about },
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
