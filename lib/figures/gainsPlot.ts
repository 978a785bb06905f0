import type { About, Figure } from "./figure";
import { type Interval, intervals, middleOf, withoutZero } from "./marks/intervals";
import { rule } from "./marks/rules";
import { plot } from "./plot";

/** Where one panel has room for so many times the smaller differences, no second one enlarges them. */
const enough = 6;

/**
 * What learning changed: the difference of each agent from step 0 with its interval. Where one lies far from the
 * others, a second panel enlarges those near 0; what it cuts off stands at its edge with its number.
 *
 * @param input.gains mean difference and interval by agent, in the order in which they are drawn
 * @param input.metric what is compared
 * @param input.base what it is compared with
 * @param input.over what the interval covers, e.g. "readers and three seeds"
 * @throws without gains.
 * @example await show(gainsPlot({ gains, over: "readers and three seeds", dataset: label }), "05-step-zero");
 */
export function gainsPlot(
  input: {
    readonly gains: readonly Interval[];
    readonly metric?: string;
    readonly base?: string;
    readonly over: string;
    /** Places after the point; 4 by default. */
    readonly digits?: number;
  } & About,
): Figure {
  const { gains, metric = "NDCG@10", base = "step 0", over, digits = 4, ...about } = input;
  if (gains.length === 0) throw new Error("gainsPlot requires at least one gain, got none");
  const furthest = gains.map((gain) => Math.max(Math.abs(gain.lower), Math.abs(gain.upper)));
  const widest = Math.max(...furthest);
  const near = furthest.filter((reach) => reach < widest / enough);
  const marks = [rule({ x: 0 }, { label: base, side: "start", below: true }), intervals(gains, { digits })];
  const reach = 1.35 * Math.max(...near, 0);
  const panels =
    near.length === 0
      ? [{ marks }]
      : [
          { heading: "all", marks, x: { range: rangeFrom(gains) } },
          { heading: "enlarged", marks, x: { range: [-reach, reach] as const } },
        ];
  const told = gains.map((gain) => `${gain.name} ${withoutZero(middleOf(gain), digits)}`).join("; ");
  return plot({
    panels,
    share: { x: false, y: true },
    x: `${metric} less that of ${base}`,
    lead: [`dots are means, whiskers 95% intervals over ${over}`],
    legend: "none",
    title: "What learning changed",
    caption: `${metric} less that of ${base}: ${told}.`,
    ...about,
  });
}

/** All intervals and 0, with some room. */
function rangeFrom(gains: readonly Interval[]): readonly [number, number] {
  const low = Math.min(0, ...gains.map(({ lower }) => lower));
  const high = Math.max(0, ...gains.map(({ upper }) => upper));
  const room = 0.1 * (high - low || 1);
  return [low - room, high + room];
}
