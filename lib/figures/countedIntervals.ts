import type { About, Figure, Numbers } from "./figure";
import type { Mark, Part } from "./marks/mark";
import { rule } from "./marks/rules";
import { plot } from "./plot";
import { palette } from "./theme";

/** Intervals that one method made, one from each of many logs. */
export interface ManyIntervals {
  readonly heading: string;
  readonly truth: number;
  /** [runs] */
  readonly lower: Numbers;
  readonly upper: Numbers;
}

/** How many of the intervals hold the truth. */
export const heldBy = ({ truth, lower, upper }: Omit<ManyIntervals, "heading">): number =>
  Array.from(lower).filter((low, i) => low <= truth && truth <= upper[i]).length;

/**
 * What "95%" means, as a picture: intervals from many logs, one below another, red where they miss the truth. The note
 * over each panel counts all of them; the picture shows the first ones.
 *
 * @param input.range of the level axis; what is longer is cut at its ends
 * @param input.shown how many are drawn; 60 by default
 * @throws when there is no interval, or the ends are not as many.
 */
export function countedIntervals(
  input: {
    readonly panels: readonly ManyIntervals[];
    readonly range: readonly [number, number];
    readonly shown?: number;
    readonly metric?: string;
  } & About,
): Figure {
  const { panels, range, shown = 60, metric = "reward a round", ...about } = input;
  for (const { heading, lower, upper } of panels)
    if (lower.length === 0 || lower.length !== upper.length)
      throw new Error(
        `countedIntervals requires intervals of "${heading}", got ${lower.length} and ${upper.length} ends`,
      );
  const counts = panels.map((panel) => `${heldBy(panel)} of ${panel.lower.length}`);
  const drawn = panels.flatMap(({ lower, upper }) =>
    [lower, upper].flatMap((ends) => Array.from(ends).slice(0, shown)),
  );
  const cut = drawn.some((end) => end < range[0] || end > range[1]) ? "; long ones are cut" : "";
  return plot({
    panels: panels.map((panel, p) => ({
      heading: panel.heading,
      note: `${counts[p]} hold the truth`,
      marks: [
        stacked(panel, { shown, range }),
        rule({ x: panel.truth }, { name: "the truth", colour: palette.green, dash: "solid", width: 2.5 }),
      ],
    })),
    x: {
      title: `${metric}: intervals from the first ${Math.min(shown, panels[0].lower.length)} logs${cut}`,
      range,
    },
    y: { bare: true },
    ...{ share: { x: true, y: true }, legend: "top", width: 1000, height: 430 },
    title: "How many of the intervals hold the truth",
    caption: `${panels.map(({ heading }, p) => `${heading}: ${counts[p]} intervals hold the truth`).join("; ")}.`,
    ...about,
  });
}

/** The first intervals as level lines, the first at the top. */
function stacked(
  { truth, lower, upper }: ManyIntervals,
  { shown, range: [low, high] }: { readonly shown: number; readonly range: readonly [number, number] },
): Mark {
  const count = Math.min(shown, lower.length);
  const rows = Array.from({ length: count }, (_, i) => i);
  const holds = (i: number): boolean => lower[i] <= truth && truth <= upper[i];
  const kinds = [
    { name: "holds the truth", colour: palette.blue, of: rows.filter(holds) },
    { name: "misses it", colour: palette.red, of: rows.filter((i) => !holds(i)) },
  ];
  const inside = (value: number): number => Math.min(high, Math.max(low, value));
  return {
    y: [-1, count],
    tight: true,
    keys: kinds.map(({ name }) => name),
    draw: (frame) => ({
      traces: kinds.map(
        ({ name, colour, of }): Part => ({
          ...{ type: "scatter", mode: "lines", hoverinfo: "skip", line: { color: colour, width: 2.5 } },
          ...frame.legend(name),
          x: of.flatMap((i) => [inside(lower[i]), inside(upper[i]), null]),
          y: of.flatMap((i) => [count - 1 - i, count - 1 - i, null]),
        }),
      ),
    }),
  };
}
