import type { About, Figure, Numbers } from "./figure";
import { lines } from "./marks/lines";
import { rule } from "./marks/rules";
import { plot } from "./plot";

/** What one agent showed while it learned, at `steps`. Each measure is optional. */
export interface LearningCurve {
  readonly name: string;
  readonly steps: Numbers;
  readonly measures: Readonly<Record<string, Numbers>>;
  /** Where it stands for several runs: a band for a measure. */
  readonly bands?: Readonly<Record<string, { readonly lower: Numbers; readonly upper: Numbers }>>;
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
    readonly curves: readonly LearningCurve[];
    readonly measures: Readonly<Record<string, string>>;
    readonly references?: Readonly<Record<string, number>>;
  } & About,
): Figure {
  const { curves, measures, references = {}, ...about } = input;
  const [first] = Object.keys(measures) as [string];
  const story = curves.map((curve) => {
    const values = curve.measures[first] ?? [];
    const [start, end] = [values[0] ?? Number.NaN, values[values.length - 1] ?? Number.NaN];
    return `${curve.name} from ${Number(start.toPrecision(3))} to ${Number(end.toPrecision(3))}`;
  });
  return plot({
    panels: Object.entries(measures).map(([key, heading], panel) => {
      const reference = references[key];
      const drawn = curves.flatMap(({ name, steps: x, measures: { [key]: y }, bands }) =>
        y === undefined ? [] : [{ name, x, y, ...bands?.[key] }],
      );
      const base =
        reference === undefined
          ? []
          : [rule({ y: reference }, panel === 0 ? { label: "step 0", side: "start" } : {})]; // said once
      return { heading, marks: [...base, lines(drawn)] };
    }),
    x: { title: "training step", plotly: { tickmode: "auto", nticks: 5 } },
    y: { zero: true },
    title: "Agents while they learn",
    caption: `${measures[first]}: ${story.join("; ")}.`,
    ...about,
  });
}
