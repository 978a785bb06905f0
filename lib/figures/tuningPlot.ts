import type { About, Figure } from "./figure";
import { bars } from "./marks/bars";
import { dots } from "./marks/dots";
import { lines } from "./marks/lines";
import { rule } from "./marks/rules";
import { plot } from "./plot";
import { palette } from "./theme";

/** One trial of a search. */
export interface TrialMark {
  readonly number: number;
  /** Absent for a trial that was stopped early: then `reached` is what it had. */
  readonly value?: number;
  readonly reached?: number;
  /** What the pointer shows. */
  readonly text?: string;
}

/**
 * A search as a picture: every trial in the order it was made, the best so far as a line, and the default settings.
 *
 * @throws when no trial is complete.
 */
export function tuningHistory(
  input: { readonly trials: readonly TrialMark[]; readonly metric: string; readonly start?: number } & About,
): Figure {
  const { trials, metric, start, ...about } = input;
  const whole = trials.filter((trial): trial is TrialMark & { value: number } => trial.value !== undefined);
  if (whole.length === 0) throw new Error("tuningHistory requires a complete trial, got none");
  const ended = trials.filter(({ value, reached }) => value === undefined && reached !== undefined);
  // One trial far below would press all others together.
  const shown = [...whole.map(({ value }) => value), ...(start === undefined ? [] : [start])];
  const [low, high] = [Math.min(...shown), Math.max(...shown)];
  const span = high - low || 0.05 * Math.abs(high) || 0.01;
  const floor = low - 0.6 * span;
  const stopped = (name: string, symbol: string, isOf: (reached: number) => boolean) => {
    const members = ended.filter(({ reached }) => isOf(reached!));
    if (members.length === 0) return [];
    return [
      {
        ...{ name, symbol, colour: palette.sky, size: 10 },
        x: members.map(({ number }) => number),
        y: members.map(({ reached }) => Math.max(floor, reached!)),
        text: members.map(textOf),
      },
    ];
  };
  const line = bestSoFar(whole, Math.max(...trials.map(({ number }) => number)));
  const best = whole.reduce((a, b) => (b.value > a.value ? b : a));
  const gain = start === undefined ? "" : ` The default settings reach ${start.toFixed(4)}.`;
  return plot({
    marks: [
      ...(start === undefined
        ? []
        : [rule({ y: start }, { name: "default settings", colour: palette.grey })]),
      lines({ name: "best so far", ...line, colour: palette.orange }, { dots: false }),
      dots([
        {
          ...{ name: "trial", colour: palette.blue, size: 10 },
          x: whole.map(({ number }) => number),
          y: whole.map(({ value }) => value),
          text: whole.map(textOf),
        },
        ...stopped("stopped early", "x", (reached) => reached >= floor),
        ...stopped("stopped early, further down", "triangle-down", (reached) => reached < floor),
      ]),
    ],
    x: { title: "trial", plotly: { tickmode: "auto", tickformat: "d" } },
    y: { title: `${metric} on validation`, range: [floor - 0.1 * span, high + 0.15 * span] },
    legend: "bottom",
    title: "Trials of a search",
    caption: `The best of ${whole.length} trials is number ${best.number} with ${best.value.toFixed(4)}, which it owes to luck too.${gain}`,
    ...about,
  });
}

const textOf = ({ number, value, reached, text = "" }: TrialMark): string =>
  `trial ${number}: ${(value ?? reached ?? Number.NaN).toFixed(4)}${text === "" ? "" : `<br>${text}`}`;

/** Corners of the line of the best so far, up to the last trial. */
function bestSoFar(trials: readonly { readonly number: number; readonly value: number }[], last: number) {
  const [x, y]: [number[], number[]] = [[], []];
  let best = Number.NEGATIVE_INFINITY;
  for (const { number, value } of trials) {
    if (value > best && x.length > 0) {
      x.push(number);
      y.push(best);
    }
    best = Math.max(best, value);
    x.push(number);
    y.push(best);
  }
  x.push(last);
  y.push(best);
  return { x, y };
}

/** How much each setting had to do with how far trials differ, the most on top. */
export function tuningInfluence(
  input: { readonly shares: Readonly<Record<string, number>>; readonly trials: number } & About,
): Figure {
  const { shares, trials, ...about } = input;
  const sorted = Object.entries(shares).sort(([, a], [, b]) => b - a);
  const [first] = sorted as [[string, number]];
  return plot({
    marks: [
      bars(
        sorted.map(([name, value]) => ({ name, value })),
        { digits: 2, colour: palette.blue },
      ),
    ],
    x: { title: "influence (PED-ANOVA, shares of 1)", zero: true },
    title: "Which settings told the best trials from the others",
    caption: `Of ${sorted.length} settings ${first[0]} has the largest share, ${first[1].toFixed(2)}, in ${trials} trials: rough where trials are few.`,
    ...about,
  });
}
