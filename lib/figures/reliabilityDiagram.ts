import type { About, Figure } from "./figure";
import { dashes, palette, series, styled } from "./theme";

/** Pairs (round, action) that were given about the same probability: `reliabilityOf(...).bins` as they are. */
export interface ReliabilityMark {
  readonly predicted: number;
  readonly frequency: number;
  readonly lower: number;
  readonly upper: number;
  readonly pairs: number;
}

/** One model of the log's policy. */
export interface ReliabilityLine {
  readonly name: string;
  readonly bins: readonly ReliabilityMark[];
  readonly expectedCalibrationError: number;
}

/**
 * Whether estimated propensities mean what they say: predicted probability against how often the action was then
 * chosen, both on logarithmic axes, because a propensity is used by its inverse: being twice too small is as bad at .001 as at .5.
 * On the diagonal a model is calibrated; a line flatter than the diagonal is too sure of itself, a steeper one too timid.
 *
 * @throws when there is no model, or one has no bin.
 */
export function reliabilityDiagram(input: { readonly models: readonly ReliabilityLine[] } & About): Figure {
  const { models, ...about } = input;
  if (models.length === 0 || models.some(({ bins }) => bins.length === 0))
    throw new Error("reliabilityDiagram requires at least one model with bins, got none");
  const shown = models
    .flatMap(({ bins }) => bins)
    .flatMap((bin) => [bin.predicted, bin.frequency, bin.lower]);
  const floor = 10 ** Math.floor(Math.log10(Math.min(1, ...shown.filter((value) => value > 0))));
  const range = [Math.log10(floor), 0.05];
  const traces = models.map(({ name, bins, expectedCalibrationError }, m) => {
    const colour = series[m % series.length]!;
    // What was never chosen lies below a logarithmic axis: its mark stands on the floor, its interval above.
    const heights = bins.map(({ frequency }) => Math.max(frequency, floor));
    return {
      type: "scatter",
      mode: "lines+markers",
      name: `${name} (error ${expectedCalibrationError.toPrecision(2)})`,
      x: bins.map(({ predicted }) => Math.max(predicted, floor)),
      y: heights,
      error_y: {
        type: "data",
        symmetric: false,
        array: bins.map(({ upper }, i) => upper - heights[i]!),
        arrayminus: bins.map(({ lower }, i) => heights[i]! - Math.max(lower, floor)),
        color: colour,
        thickness: 1.5,
        width: 4,
      },
      customdata: bins.map(({ pairs }) => pairs),
      hovertemplate: `${name}: told %{x:.3g}, chosen %{y:.3g} of %{customdata} pairs<extra></extra>`,
      marker: { size: 8, color: colour, symbol: m % 2 === 0 ? "circle" : "square" },
      line: { color: colour, width: 1.5, dash: dashes[m % dashes.length] },
    };
  });
  const ticks = tenths(floor);
  const axis = { type: "log", range, ...ticks };
  const worst = models.reduce((a, b) => (b.expectedCalibrationError > a.expectedCalibrationError ? b : a));
  const share = (100 * worst.expectedCalibrationError).toPrecision(2);
  return styled(
    traces,
    {
      xaxis: { ...axis, title: { text: "predicted probability of an action" } },
      yaxis: { ...axis, title: { text: "how often it was chosen" } },
      shapes: [
        {
          type: "line",
          ...{ x0: floor, y0: floor, x1: 1, y1: 1 },
          layer: "below",
          line: { color: palette.grey, width: 1.5, dash: "dash" },
        },
      ],
      annotations: [
        {
          ...{ xref: "paper", yref: "paper", x: 0.99, y: 0.02, xanchor: "right", yanchor: "bottom" },
          ...{ text: "flatter than the dashed line: too sure of itself", showarrow: false },
          font: { size: 12, color: palette.grey },
        },
      ],
      margin: { t: 76 + 24 * Math.ceil(models.length / 2) },
    },
    {
      title: "Do the estimated propensities mean what they say?",
      caption:
        models.length === 1
          ? `${share}% of the probability stands in the wrong bin; the dashed line is a model that is right.`
          : `${worst.name} has most probability in the wrong bin, ${share}%; the dashed line is a model that is right.`,
      height: 520,
      ...about,
    },
  );
}

/** Powers of ten down to the floor. */
function tenths(floor: number): { readonly tickvals: number[]; readonly ticktext: string[] } {
  const decades = Math.round(-Math.log10(floor));
  const tickvals = Array.from({ length: decades + 1 }, (_, i) => Number(`1e-${decades - i}`));
  return {
    tickvals,
    ticktext: tickvals.map((value) => (value < 1e-4 ? value.toExponential() : String(value))),
  };
}
