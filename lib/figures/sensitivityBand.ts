import type { About, Figure } from "./figure";
import { transparent } from "./marks/mark";
import { dashes, palette, series, styled } from "./theme";

/** An estimate at one temperature and clip: `sensitivityOf(...).cells` as they are. */
export interface SensitivityMark {
  readonly temperature: number;
  readonly clip: number;
  readonly value: number;
  readonly lower: number;
  readonly upper: number;
}

/**
 * An estimate that rests on guessed propensities, taken again for flatter and sharper guesses (across) and for clipped
 * weights (lines). The shaded stripe is the whole range; a conclusion has to hold anywhere in it.
 *
 * @param input.reference a value to compare with, e.g. what the log's own policy earned
 * @throws when there is no cell.
 */
export function sensitivityBand(
  input: {
    /** As reports call it, e.g. "snips". */
    readonly estimator: string;
    readonly cells: readonly SensitivityMark[];
    readonly reference?: { readonly value: number; readonly name: string };
  } & About,
): Figure {
  const { estimator, cells, reference, ...about } = input;
  if (cells.length === 0) throw new Error("sensitivityBand requires at least one cell, got none");
  const temperatures = [...new Set(cells.map(({ temperature }) => temperature))].sort((a, b) => a - b);
  const clips = [...new Set(cells.map(({ clip }) => clip))].sort((a, b) => b - a);
  const values = cells.map(({ value }) => value);
  const [lowest, highest] = [Math.min(...values), Math.max(...values)];
  const traces = clips.map((clip, c) => {
    const own = cells.filter((cell) => cell.clip === clip).sort((a, b) => a.temperature - b.temperature);
    const colour = series[c % series.length]!;
    // Beside each other, so that one interval does not hide another.
    const aside = 1 + 0.02 * (c - (clips.length - 1) / 2);
    return {
      type: "scatter",
      mode: "lines+markers",
      name: Number.isFinite(clip) ? `weights up to ${clip}` : "no clip",
      x: own.map(({ temperature }) => temperature * aside),
      y: own.map(({ value }) => value),
      error_y: {
        type: "data",
        symmetric: false,
        array: own.map(({ value, upper }) => upper - value),
        arrayminus: own.map(({ value, lower }) => value - lower),
        ...{ color: transparent(colour, 0.55), thickness: 1.5, width: 4 },
      },
      marker: { size: 8, color: colour },
      line: { color: colour, width: 2, dash: dashes[c % dashes.length] },
    };
  });
  const first = temperatures[0]!;
  const last = temperatures[temperatures.length - 1]!;
  const edge = first === last ? 1.5 : 1.12;
  const across = [first / edge, last * edge];
  const compared =
    reference === undefined
      ? []
      : [
          {
            ...{ type: "scatter", mode: "lines", name: reference.name },
            ...{ x: across, y: [reference.value, reference.value] },
            line: { color: palette.grey, width: 1.5, dash: "longdash" },
          },
        ];
  return styled(
    [...traces, ...compared],
    {
      xaxis: {
        type: "log",
        title: { text: "temperature of the estimated log policy (1: as fitted; above: flatter)" },
        tickvals: temperatures,
        ticktext: temperatures.map(String),
        range: across.map(Math.log10),
      },
      yaxis: { title: { text: `estimated value (${estimator})` } },
      shapes: [
        {
          ...{ type: "rect", xref: "paper", x0: 0, x1: 1, y0: lowest, y1: highest, layer: "below" },
          fillcolor: transparent(palette.sky, 0.2),
          line: { width: 0 },
        },
      ],
      margin: { t: reference === undefined ? 100 : 128 }, // the legend takes two lines then
    },
    {
      title: "How much the guessed propensities decide",
      caption: `Over the grid of temperatures and clips the ${estimator} estimate runs from ${short(lowest)} to ${short(highest)}${sideOf(reference, lowest, highest)}.`,
      ...about,
      dataset: `${about.dataset}, propensities ESTIMATED`,
    },
  );
}

function sideOf(
  reference: { readonly value: number; readonly name: string } | undefined,
  lowest: number,
  highest: number,
): string {
  if (reference === undefined) return "";
  const side =
    reference.value < lowest ? "all above" : reference.value > highest ? "all below" : "on both sides of";
  return `, ${side} ${reference.name} (${short(reference.value)})`;
}

const short = (value: number): string => String(Number(value.toPrecision(3))).replace("-", "−");
