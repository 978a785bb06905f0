import type { About, Figure } from "./figure";
import { cutIntervals, type IntervalMark, robustRange } from "./marks/intervals";
import { transparent } from "./marks/mark";
import { rowPanels } from "./rowPanels";
import { palette, styled } from "./theme";

/** One log and what each estimator made of it. */
export interface EstimatePanel {
  readonly heading: string;
  readonly note?: string;
  /** The policy's value, where it is known. */
  readonly truth?: number;
  /** Interval of the truth, where it was measured and not computed: an interval that meets it does not miss the truth. */
  readonly truthRange?: readonly [number, number];
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
    /** What the line is: "the truth" by default. */
    readonly truthName?: string;
    /** What a mark and its whisker are; "estimate and 95% interval" unless told. */
    readonly shows?: string;
  } & About,
): Figure {
  const { panels, metric, shows, range: given, truthName = "the truth", ...about } = input;
  if (panels.length === 0 || panels.some(({ marks }) => marks.length === 0))
    throw new Error("estimatesBesideTruth requires at least one panel with estimates, got none");
  const verb = panels.some(({ truthRange }) => truthRange !== undefined) ? "meet" : "hold";
  const what = shows === undefined ? "interval" : "whisker";
  const holding = `${what} ${verb}s ${truthName}`;
  const truths = panels.flatMap(({ truth, truthRange }) =>
    truth === undefined ? [] : [truth, ...(truthRange ?? [])],
  );
  const range =
    given ??
    robustRange(
      panels.flatMap(({ marks }) => marks),
      truths,
    );
  const place = rowPanels({
    headings: panels,
    rows: [...new Set(panels.flatMap(({ marks }) => marks.map(({ name }) => name)))],
    xTitle: `${metric}: ${shows ?? "estimate and 95% interval"}`,
    x: panels.map(() => ({ range })),
    rowHeight: 36,
    legend: truths.length > 0 ? [truthName, holding, missing] : [],
  });
  const missed = panels.flatMap(({ heading, marks, ...known }) =>
    marks.filter((mark) => !holds(mark, known)).map(({ name }) => ({ heading, name })),
  );
  const total = panels.reduce((sum, { truth, marks }) => sum + (truth === undefined ? 0 : marks.length), 0);
  const legends = new Set<string>();
  const once = (name: string): { name: string; showlegend: boolean } => {
    const showlegend = !legends.has(name);
    legends.add(name);
    return { name, showlegend };
  };
  const traces = panels.flatMap(({ marks, ...known }, p) => {
    const { truth } = known;
    const { axes } = place.panels[p]!;
    const line =
      truth === undefined
        ? []
        : [
            {
              ...{ type: "scatter", mode: "lines", ...once(truthName), legendgroup: truthName, ...axes },
              ...{ x: [truth, truth], y: place.upright, line: { color: palette.ink, width: 2 } },
              hovertemplate: `${truthName}: ${truth.toPrecision(4)}<extra></extra>`,
            },
          ];
    const drawn = [true, false].flatMap((good) => {
      const members = marks.filter((mark) => holds(mark, known) === good);
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
  const bands = panels.flatMap(({ truth, truthRange }, p) =>
    truth === undefined || truthRange === undefined
      ? []
      : [
          {
            ...{ type: "rect", layer: "below", xref: place.panels[p]!.axes.xaxis },
            ...{ x0: truthRange[0], x1: truthRange[1], line: { width: 0 } },
            ...{ yref: `${place.panels[p]!.axes.yaxis} domain`, y0: 0, y1: 1 },
            fillcolor: transparent(palette.grey, 0.22),
          },
        ],
  );
  const layout = { ...place.layout, shapes: [...place.layout.shapes, ...bands] };
  return styled(traces, layout, {
    title: "What the estimators say, and what is true",
    caption:
      total === 0
        ? `${metric} by ${place.placeOf.size} estimators; the truth is not known.`
        : `${total - missed.length} of ${total} intervals ${verb} ${truthName}${missed.length === 0 ? "" : `; missed by ${list(missed)}`}.`,
    ...{ width: place.width, height: place.height },
    ...about,
  });
}

const missing = "misses it";

function holds(
  { lower, upper }: IntervalMark,
  { truth, truthRange }: Pick<EstimatePanel, "truth" | "truthRange">,
): boolean {
  if (truth === undefined) return true;
  const [least, most] = truthRange ?? [truth, truth];
  return lower <= most && least <= upper;
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
