import type { About, Figure, Numbers } from "./figure";
import { columns } from "./marks/bars";
import { transparent } from "./marks/mark";
import { note, rule } from "./marks/rules";
import { plot } from "./plot";
import { palette } from "./theme";

/** What one estimator said of many logs that differ by luck alone. */
export interface Guesses {
  readonly heading: string;
  /** A grey line below the heading. */
  readonly note?: string;
  readonly truth: number;
  /** [runs] one estimate a log. */
  readonly values: Numbers;
}

/**
 * Many guesses at one number, beside that number: a panel for each situation, all on one axis, so that what is off (the
 * dashed mean beside the green truth) and what is unsteady (wide bars) can be told apart. Guesses beyond the axis are
 * counted at its end.
 *
 * @param input.range of the level axis, in the units of the guesses
 * @param input.bins bars from end to end; 40 by default
 * @throws when a situation has no guess.
 */
export function estimatesPlot(
  input: {
    readonly situations: readonly Guesses[];
    readonly range: readonly [number, number];
    readonly bins?: number;
    readonly metric?: string;
    /** Panels beside each other; all of them by default. */
    readonly columns?: number;
  } & About,
): Figure {
  const { situations, range, bins = 40, metric = "reward a round", ...about } = input;
  const { columns: across = situations.length, ...words } = about;
  const lines = Math.ceil(situations.length / across);
  for (const { heading, values } of situations)
    if (values.length === 0) throw new Error(`estimatesPlot requires guesses of "${heading}", got none`);
  const [low, high] = range;
  const width = (high - low) / bins;
  const centres = Array.from({ length: bins }, (_, b) => low + (b + 0.5) * width);
  const panels = situations.map(({ heading, note: below, truth, values }) => {
    const heights = new Float64Array(bins);
    let [under, over, sum] = [0, 0, 0];
    for (let i = 0; i < values.length; i++) {
      sum += values[i];
      const bin = Math.floor((values[i] - low) / width);
      if (bin < 0) under++;
      else if (bin >= bins) over++;
      else heights[bin]++;
    }
    const mean = sum / values.length;
    const beyond = (count: number, corner: "top left" | "top right", words: string) =>
      count === 0 ? [] : [note(`${count} ${words}`, { corner, colour: palette.red })];
    return {
      heading,
      ...(below !== undefined && { note: below }),
      mean,
      truth,
      marks: [
        columns({ x: centres, heights, widths: 0.92 * width, colour: transparent(palette.blue, 0.55) }),
        rule({ x: truth }, { name: "the truth", colour: palette.green, dash: "solid", width: 2.5 }),
        rule({ x: mean }, { name: "mean of the guesses", colour: palette.ink, width: 2 }),
        ...beyond(under, "top left", "further left"),
        ...beyond(over, "top right", "further right"),
      ],
    };
  });
  const said = panels.map(
    ({ heading, mean, truth }) => `${heading} ${mean.toFixed(3)} on average, the truth ${truth.toFixed(3)}`,
  );
  return plot({
    panels: panels.map(({ mean: _mean, truth: _truth, ...panel }) => panel),
    x: { title: `${metric}, as guessed from one log`, range },
    y: { bare: true, zero: true },
    ...{
      columns: across,
      share: { x: true, y: false },
      legend: "top",
      width: 1000,
      height: 190 + 140 * lines,
    },
    title: "What one estimator says of many logs",
    caption: `${said.join("; ")}.`,
    ...words,
  });
}
