import type { About, Figure } from "./figure";
import { lines } from "./marks/lines";
import { diagonal, note } from "./marks/rules";
import { plot } from "./plot";

/** A guess at probabilities, and how often what it gave about p came about: `reliabilityOf` makes these. */
export interface GuessedShares {
  readonly name: string;
  readonly bins: readonly {
    readonly predicted: number;
    readonly frequency: number;
    readonly lower: number;
    readonly upper: number;
  }[];
  /** Share of the probability that stands in the wrong bin. */
  readonly expectedCalibrationError: number;
}

/**
 * Does what is given probability p come about with frequency p? On the diagonal it does. What never came about lies below
 * a logarithmic axis: its dot stands on the floor.
 *
 * @throws when there is no guess.
 */
export function reliabilityPlot(input: { readonly guesses: readonly GuessedShares[] } & About): Figure {
  const { guesses, ...about } = input;
  if (guesses.length === 0) throw new Error("reliabilityPlot requires a guess, got none");
  const shown = guesses.flatMap(({ bins }) =>
    bins.flatMap(({ predicted, frequency, lower }) => [predicted, frequency, lower]),
  );
  const least = 10 ** Math.floor(Math.log10(Math.min(...shown.filter((value) => value > 0))));
  const seen = (value: number): number => Math.max(value, least);
  const percent = (share: number): string => `${Number((100 * share).toPrecision(2))}%`;
  const [worst] = [...guesses].sort((a, b) => b.expectedCalibrationError - a.expectedCalibrationError);
  const most = Math.min(1.1, 3 * Math.max(...shown));
  const axis = { log: true, range: [least, most] } as const;
  return plot({
    marks: [
      diagonal(),
      lines(
        guesses.map(({ name, bins, expectedCalibrationError }) => ({
          name: `${name}: ${percent(expectedCalibrationError)} misplaced`,
          x: bins.map(({ predicted }) => seen(predicted)),
          y: bins.map(({ frequency }) => seen(frequency)),
          lower: bins.map(({ lower }) => seen(lower)),
          upper: bins.map(({ upper }) => seen(upper)),
        })),
        { whiskers: true, dotSize: 8, width: 1.5 },
      ),
      note("misplaced: share of all probability in the wrong dot", { corner: "top left" }),
      note("flatter than the dashed line: too sure of itself", { corner: "bottom right" }),
    ],
    x: { title: "probability as guessed", ...axis },
    y: { title: "how often it was chosen", ...axis },
    legend: "top",
    title: "Do guessed probabilities mean what they say?",
    caption:
      `Most is misplaced where it is told ${worst.name}: ${percent(worst.expectedCalibrationError)} of the probability; ` +
      "the dashed line is a guess that is right.",
    height: 470,
    ...about,
  });
}
