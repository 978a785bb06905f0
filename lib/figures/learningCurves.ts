import { type BandedLine, bandedTraces } from "./bandedLines";
import type { About, Figure, Numbers } from "./figure";
import { panelAxes, panels, panelTitle } from "./panels";
import { palette, styled } from "./theme";

/** What one agent showed while it learned, at `steps`. Each measure is optional; `lower`/`upper` bound the ranking. */
export interface LearningCurve {
  readonly name: string;
  readonly steps: Numbers;
  readonly measures: Readonly<Record<string, Numbers>>;
}

/**
 * Agents side by side while they learn, one panel a measure: ranking on validation, how many different items
 * they recommend (one list for everybody is a failure even where ranking looks fine), how far their actions are
 * from any item. Step 0 is the supervised model the actor starts from.
 *
 * @param input.measures the measures to draw, in order: key of `measures` to heading
 * @param input.references a value to compare with, for some measures
 */
export function learningCurves(
  input: {
    curves: readonly LearningCurve[];
    measures: Readonly<Record<string, string>>;
    references?: Readonly<Record<string, number>>;
  } & About,
): Figure {
  const { curves, measures, references = {}, ...about } = input;
  const keys = Object.keys(measures);
  const places = panels(keys.length, 0.09);
  const traces: Record<string, unknown>[] = [];
  const shapes: Record<string, unknown>[] = [];
  let layout: Record<string, unknown> = {};
  keys.forEach((key, k) => {
    const panel = places[k]!;
    curves.forEach((curve, c) => {
      const y = curve.measures[key];
      if (y === undefined) return;
      const line: BandedLine = { name: curve.name, x: curve.steps, y };
      traces.push(...bandedTraces(line, c, { ...panel.axes, showlegend: k === 0 }));
    });
    const reference = references[key];
    if (reference !== undefined)
      shapes.push({
        type: "line",
        xref: `${panel.axes.xaxis} domain`,
        x0: 0,
        x1: 1,
        yref: panel.axes.yaxis,
        y0: reference,
        y1: reference,
        line: { color: palette.grey, width: 1.5, dash: "dash" },
      });
    layout = {
      ...layout,
      ...panelAxes(panel, { title: { text: "training step" }, nticks: 5 }, { rangemode: "tozero" }),
    };
  });
  const first = keys[0]!;
  const story = curves.map((curve) => {
    const values = curve.measures[first] ?? [];
    const [start, end] = [values[0] ?? Number.NaN, values[values.length - 1] ?? Number.NaN];
    return `${curve.name} from ${Number(start.toPrecision(3))} to ${Number(end.toPrecision(3))}`;
  });
  return styled(
    traces,
    {
      ...layout,
      shapes,
      annotations: keys.map((key, k) => panelTitle(places[k]!, measures[key]!)),
      legend: { y: 1.1 },
      margin: { t: 126 },
    },
    {
      title: "Agents while they learn",
      caption: `${measures[first]}: ${story.join("; ")}.`,
      ...about,
    },
  );
}
