import type { About, Figure } from "./figure";
import { intervals } from "./marks/intervals";
import { rule } from "./marks/rules";
import { plot } from "./plot";
import { kindNames, type MethodKind, methodKinds } from "./rankingPlot";
import { palette } from "./theme";

/** One method: how much better it is than the one that all are compared with, for the same users. */
export interface DifferenceRow {
  readonly name: string;
  readonly kind: MethodKind;
  readonly mean: number;
  readonly lower: number;
  readonly upper: number;
}

/**
 * How far methods stand from one that everybody can have, the furthest ahead at the top: a whisker that crosses the line
 * means that no difference is shown. A ranking cannot tell that: two intervals may overlap and the difference of the two,
 * user by user, may still be sure.
 *
 * @param input.from what all are compared with; it is the line at 0
 * @throws when there is no row.
 * @example
 * differencePlot({ rows: [{ name: "DDPG", kind: "agent", mean: 0.01, lower: 0.002, upper: 0.018 }],
 *   from: "RecentPop", metric: "NDCG@10", dataset: "goodbooks" })
 */
export function differencePlot(
  input: {
    readonly rows: readonly DifferenceRow[];
    readonly from: string;
    /** e.g. "NDCG@10" */
    readonly metric: string;
  } & About,
): Figure {
  const { rows, from, metric, ...about } = input;
  if (rows.length === 0) throw new Error("differencePlot requires at least one row, got none");
  const sorted = [...rows].sort((a, b) => b.mean - a.mean);
  const [ahead, behind] = [
    sorted.filter(({ lower }) => lower > 0).length,
    sorted.filter(({ upper }) => upper < 0).length,
  ];
  const sentence =
    `${ahead} of ${rows.length} methods are shown to be ahead of ${from} in ${metric}, ` +
    `${behind} behind; of ${rows.length - ahead - behind} no difference is shown.`;
  return plot({
    marks: [
      rule({ x: 0 }, { label: from, colour: palette.ink, width: 2, dash: "solid" }),
      ...kindNames.flatMap((kind) => {
        const members = sorted.filter((row) => row.kind === kind);
        return members.length === 0 ? [] : [intervals(members, methodKinds[kind])];
      }),
    ],
    x: { title: `difference in ${metric} from ${from}, user by user, and 95% interval` },
    y: { order: sorted.map(({ name }) => name), grid: true },
    rows: "plain",
    legend: "bottom",
    rowHeight: 30,
    title: `${ahead} of ${rows.length} methods beat ${from}`,
    caption: sentence,
    ...about,
  });
}
