import type { About, Figure } from "./figure";
import { bars } from "./marks/bars";
import { plot } from "./plot";

/** A mean with its interval, and the group it belongs to. */
export interface GroupedMark {
  readonly name: string;
  readonly group: string;
  readonly mean: number;
  readonly lower: number;
  readonly upper: number;
}

/**
 * A few means over users as bars with their intervals, in the order given, coloured by group: honest and peeking, before
 * and after. For a whole ranking table see `rankingPlot`.
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
  const best = marks.reduce((top, mark) => (mark.mean > top.mean ? mark : top));
  return plot({
    marks: [bars(marks, { digits })],
    x: `${metric}, mean over users and 95% interval`,
    legend: new Set(marks.map(({ group }) => group)).size > 1 ? "top" : "none",
    caption: `${metric} of ${marks.length} choices; "${best.name}" is highest with ${best.mean.toFixed(4)}.`,
    ...about,
  });
}
