import type { About, Figure } from "./figure";
import { dots } from "./marks/dots";
import { type Interval, intervals, middleOf } from "./marks/intervals";
import { plot } from "./plot";
import { palette } from "./theme";

/** One way of judging policies: a number each, with an interval where the way gives one. */
export interface Judgement {
  readonly heading: string;
  readonly note?: string;
  /** What is measured, below the axis. */
  readonly x: string;
  readonly rows: readonly Interval[];
  /** Whether it is in the unit of the truth, which is then drawn beside it. */
  readonly sameUnit: boolean;
}

/**
 * Policies judged in several ways, the truly best at the top: a way that orders them rightly runs from the lower left to
 * the upper right. Where a way measures what the truth is told in, diamonds show the truth.
 *
 * @param input.truths by policy
 * @param input.marked a policy whose dots are red
 * @throws when a way does not judge every policy.
 */
export function judgementsPlot(
  input: {
    readonly truths: Readonly<Record<string, number>>;
    readonly ways: readonly Judgement[];
    readonly marked?: string;
  } & About,
): Figure {
  const { truths, ways, marked, ...about } = input;
  const order = Object.keys(truths).sort((a, b) => truths[b] - truths[a]);
  for (const { heading, rows } of ways)
    for (const name of order)
      if (!rows.some((row) => row.name === name))
        throw new Error(`judgementsPlot requires ${heading} of every policy, got none of ${name}`);
  const top = ways.map(({ heading, rows }) => {
    const best = [...rows].sort((a, b) => middleOf(b) - middleOf(a))[0].name;
    return `${heading} puts ${best} first`;
  });
  return plot({
    panels: ways.map(({ heading, note, x, rows, sameUnit }) => ({
      ...{ heading, x },
      ...(note !== undefined && { note }),
      marks: [
        ...(sameUnit
          ? [
              dots({
                ...{ name: "the truth", x: order.map((name) => truths[name]), y: order },
                ...{ symbol: "diamond-open", size: 13, colour: palette.green, edgeWidth: 2.5 },
              }),
            ]
          : []),
        intervals(
          rows.filter(({ name }) => name !== marked),
          { colour: palette.blue },
        ),
        ...(marked === undefined
          ? []
          : [
              intervals(
                rows.filter(({ name }) => name === marked),
                { colour: palette.red },
              ),
            ]),
      ],
    })),
    y: { order },
    ...{ share: { x: false, y: true }, rowHeight: 34, legend: "bottom", width: 1000 },
    title: "Policies, judged in several ways",
    caption: `The truly best is ${order[0]}; ${top.join(", ")}.`,
    ...about,
  });
}
