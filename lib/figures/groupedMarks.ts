import type { About, Figure } from "./figure";
import { series, styled } from "./theme";

/** A mean with its interval, and the group it belongs to. */
export interface GroupedMark {
  readonly name: string;
  readonly group: string;
  readonly mean: number;
  readonly lower: number;
  readonly upper: number;
}

/**
 * A few means as bars with their intervals, in the order given (top to bottom), coloured by group: honest and
 * peeking, before and after. For a whole ranking table see `rankingPlot`.
 *
 * @throws when there is no mark.
 */
export function groupedMarks(
  input: {
    readonly marks: readonly GroupedMark[];
    readonly metric: string;
    readonly title: string;
    /** places after the point beside each bar; 3 by default, small differences need 4 */
    readonly digits?: number;
  } & About,
): Figure {
  const { marks, metric, digits = 3, ...about } = input;
  if (marks.length === 0) throw new Error("groupedMarks requires at least one mark, got none");
  const groups = [...new Set(marks.map((mark) => mark.group))];
  const best = marks.reduce((top, mark) => (mark.mean > top.mean ? mark : top));
  return styled(
    groups.map((group, g) => {
      const members = marks.filter((mark) => mark.group === group);
      return {
        type: "bar",
        orientation: "h",
        name: group,
        x: members.map((mark) => mark.mean),
        y: members.map((mark) => mark.name),
        error_x: {
          type: "data",
          symmetric: false,
          array: members.map((mark) => mark.upper - mark.mean),
          arrayminus: members.map((mark) => mark.mean - mark.lower),
          thickness: 2,
          width: 6,
          color: "#444444",
        },
        marker: { color: series[g % series.length] },
        hovertemplate: "%{y}: %{x:.4f}<extra></extra>",
      };
    }),
    {
      xaxis: { title: { text: `${metric}, mean over users and 95% interval` }, rangemode: "tozero" },
      yaxis: {
        type: "category",
        categoryorder: "array",
        categoryarray: marks.map((mark) => mark.name).reverse(),
        ticks: "",
        showgrid: false,
      },
      bargap: 0.35,
      annotations: marks.map((mark) => ({
        x: Math.max(mark.upper, 0),
        y: mark.name,
        text: mark.mean.toFixed(digits).replace(/^0/, "").replace(/^-0?/, "−"),
        showarrow: false,
        xanchor: "left",
        xshift: 8,
        font: { size: 13 },
      })),
      showlegend: groups.length > 1,
      margin: { t: 104 },
    },
    {
      caption: `${metric} of ${marks.length} choices; "${best.name}" is highest with ${best.mean.toFixed(4)}.`,
      height: 190 + 48 * marks.length,
      ...about,
    },
  );
}
