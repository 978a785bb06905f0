import type { About, Figure, Numbers } from "./figure";
import { lines } from "./marks/lines";
import type { Mark } from "./marks/mark";
import { note, rule } from "./marks/rules";
import { plot } from "./plot";
import { stillMoving } from "./stillMoving";

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
 * from any item. Step 0 is the supervised model the actor starts from. A line that was cut while it still rose or fell
 * says so at its end (`stillMoving`).
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
    panels: Object.entries(measures).map(([key, heading]) => {
      const reference = references[key];
      const drawn = curves.flatMap(({ name, steps: x, measures: { [key]: y }, bands }) =>
        y === undefined ? [] : [{ name, x, y, ...bands?.[key] }],
      );
      const base =
        reference === undefined ? [] : [rule({ y: reference }, { label: "step 0", side: "start" })];
      return { heading, marks: [...base, lines(drawn), ...drawn.flatMap(cutMark)] };
    }),
    x: { title: "training step", plotly: { tickmode: "auto", nticks: 5 } },
    y: { zero: true },
    title: "Agents while they learn",
    caption: `${measures[first]}: ${story.join("; ")}.`,
    ...about,
  });
}

/** The word at the end of a line that was cut on its way, in the line's colour. */
function cutMark({
  name,
  x,
  y,
}: {
  readonly name: string;
  readonly x: Numbers;
  readonly y: Numbers;
}): Mark[] {
  const moving = stillMoving(y);
  if (moving === undefined) return [];
  const end = { x: x[x.length - 1], y: y[y.length - 1], anchor: { x: "right" }, shift: [0, 4] } as const;
  return [
    {
      draw: (frame) => note(`still ${moving}`, { ...end, colour: frame.look(name).colour }).draw(frame),
    },
  ];
}
