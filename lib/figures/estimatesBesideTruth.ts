import { cutIntervals, type IntervalMark, robustRange } from "./cutIntervals";
import type { About, Figure } from "./figure";
import { rowPanels } from "./rowPanels";
import { palette, styled } from "./theme";

/** One log and what each estimator made of it. */
export interface EstimatePanel {
  readonly heading: string;
  readonly note?: string;
  /** The policy's value, where it is known. */
  readonly truth?: number;
  readonly marks: readonly (IntervalMark & { readonly name: string })[];
}

/**
 * What several estimators say of the same policy, beside what is true: a row an estimator, a panel a log. Intervals that
 * hold the truth are blue, those that miss it red; without a truth all are blue. All panels share one scale; whatever
 * lies beyond it ends in an arrowhead.
 *
 * @param input.range of the axis; by default what most intervals span
 * @throws when there is no panel, or one without a mark.
 */
export function estimatesBesideTruth(
  input: {
    readonly panels: readonly EstimatePanel[];
    /** What is estimated, with its unit: "reward a round". */
    readonly metric: string;
    readonly range?: readonly [number, number];
  } & About,
): Figure {
  const { panels, metric, range: given, ...about } = input;
  if (panels.length === 0 || panels.some(({ marks }) => marks.length === 0))
    throw new Error("estimatesBesideTruth requires at least one panel with estimates, got none");
  const truths = panels.flatMap(({ truth }) => (truth === undefined ? [] : [truth]));
  const range =
    given ??
    robustRange(
      panels.flatMap(({ marks }) => marks),
      truths,
    );
  const place = rowPanels({
    headings: panels,
    rows: [...new Set(panels.flatMap(({ marks }) => marks.map(({ name }) => name)))],
    xTitle: `${metric}: estimate and 95% interval`,
    x: panels.map(() => ({ range })),
    rowHeight: 36,
    legend: truths.length > 0 ? ["the truth", holding, missing] : [],
  });
  const missed = panels.flatMap(({ heading, truth, marks }) =>
    marks.filter((mark) => !holds(mark, truth)).map(({ name }) => ({ heading, name })),
  );
  const total = panels.reduce((sum, { truth, marks }) => sum + (truth === undefined ? 0 : marks.length), 0);
  const legends = new Set<string>();
  const once = (name: string): { name: string; showlegend: boolean } => {
    const showlegend = !legends.has(name);
    legends.add(name);
    return { name, showlegend };
  };
  const traces = panels.flatMap(({ truth, marks }, p) => {
    const { axes } = place.panels[p]!;
    const line =
      truth === undefined
        ? []
        : [
            {
              ...{ type: "scatter", mode: "lines", ...once("the truth"), legendgroup: "the truth", ...axes },
              ...{ x: [truth, truth], y: place.upright, line: { color: palette.ink, width: 2 } },
              hovertemplate: `the truth: ${truth.toPrecision(4)}<extra></extra>`,
            },
          ];
    const drawn = [true, false].flatMap((good) => {
      const members = marks.filter((mark) => holds(mark, truth) === good);
      if (members.length === 0) return [];
      return cutIntervals(
        members,
        members.map(({ name }) => place.placeOf.get(name)!),
        {
          ...{ range, ...axes, ...once(good ? holding : missing) },
          ...(good ? { colour: palette.blue } : { colour: palette.red, symbol: "square" }),
        },
      );
    });
    return [...line, ...drawn];
  });
  return styled(traces, place.layout, {
    title: "What the estimators say, and what is true",
    caption:
      total === 0
        ? `${metric} by ${place.placeOf.size} estimators; the truth is not known.`
        : `${total - missed.length} of ${total} intervals hold the truth${missed.length === 0 ? "" : `; missed by ${list(missed)}`}.`,
    ...{ width: place.width, height: place.height },
    ...about,
  });
}

const holding = "interval holds the truth";
const missing = "interval misses it";

function holds({ lower, upper }: IntervalMark, truth: number | undefined): boolean {
  return truth === undefined || (lower <= truth && truth <= upper);
}

function list(missed: readonly { readonly heading: string; readonly name: string }[]): string {
  const headings = [...new Set(missed.map(({ heading }) => heading))];
  return headings
    .map((heading) => {
      const names = missed.filter((each) => each.heading === heading).map(({ name }) => name);
      return `${names.join(", ")} (${heading})`;
    })
    .join("; ");
}
