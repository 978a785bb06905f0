import { effectiveSize } from "../math/effectiveSize";
import type { About, Figure } from "./figure";
import { legendRows } from "./layout";
import { labelAnnotations, type PlacedLabel, placeLabels } from "./placeLabels";
import { dashes, palette, series, styled } from "./theme";

/** Importance weights of one log. */
export interface WeightedLog {
  readonly name: string;
  /** [n] none below 0 */
  readonly weights: Float64Array;
}

/** Share of all weight that the heaviest rounds hold together. */
export interface ShareCurve {
  /** How many of the heaviest rounds, at most 300 numbers from 1 to n. */
  readonly rounds: Float64Array;
  readonly shares: Float64Array;
  /** n_e = (Σ w)² / Σ w² */
  readonly effectiveSampleSize: number;
}

/**
 * @throws when there is no weight above 0, or one is negative or not finite.
 * @example shareCurve(Float64Array.of(1, 3)) // { rounds: [1, 2], shares: [.75, 1], effectiveSampleSize: 1.6 }
 */
export function shareCurve(weights: Float64Array, most = 300): ShareCurve {
  const sorted = weights.slice().sort().reverse();
  let sum = 0;
  for (const weight of sorted) {
    if (!(weight >= 0 && Number.isFinite(weight)))
      throw new Error(`shareCurve requires weights of 0 or more, got ${weight}`);
    sum += weight;
  }
  if (sum === 0) throw new Error("shareCurve requires a weight above 0, got none");
  // Evenly over a logarithmic axis, first and last among them.
  const steps = most - 1;
  const places = [
    ...new Set(Array.from({ length: most }, (_, i) => Math.round(sorted.length ** (i / steps)))),
  ];
  const shares = new Float64Array(places.length);
  let [held, next] = [0, 0];
  for (let i = 0; i < sorted.length; i++) {
    held += sorted[i]!;
    if (i + 1 === places[next]) shares[next++] = held / sum;
  }
  return { rounds: Float64Array.from(places), shares, effectiveSampleSize: effectiveSize(sorted) };
}

/**
 * The picture of the effective sample size: how much of all importance weight the heaviest round holds, the two, ten,
 * hundred heaviest. A curve that starts high is an estimate which hangs on a few rewards; the dot stands at n_e, the
 * number of equally heavy rounds that would tell as much. Dotted: all rounds weigh the same.
 *
 * @throws when there is no log, or a log without weight.
 */
export function weightShares(input: { readonly logs: readonly WeightedLog[] } & About): Figure {
  const { logs, ...about } = input;
  if (logs.length === 0) throw new Error("weightShares requires at least one log, got none");
  const curves = logs.map(({ name, weights }) => ({ name, size: weights.length, ...shareCurve(weights) }));
  const longest = Math.max(...curves.map(({ size }) => size));
  const marks = curves.map(({ rounds, shares, effectiveSampleSize: few }) => ({
    ...{ few, share: 100 * shareAt(few, { rounds, shares }) },
  }));
  const even = Array.from({ length: 60 }, (_, i) => longest ** (i / 59));
  const legend = curves.map(
    ({ name, size, effectiveSampleSize: few }) =>
      `${name}: ${count(size)} rounds, n<sub>e</sub> = ${shown(few)}`,
  );
  const traces = curves.flatMap(({ rounds, shares, effectiveSampleSize: few }, c) => {
    const colour = series[c % series.length]!;
    return [
      {
        ...{ type: "scatter", mode: "lines", cliponaxis: false },
        name: legend[c],
        ...{ x: Array.from(rounds), y: Array.from(shares, (share) => 100 * share) },
        line: { color: colour, width: 3, simplify: false, dash: dashes[c % dashes.length] },
        hovertemplate: "the %{x} heaviest hold %{y:.1f}%<extra></extra>",
      },
      {
        ...{ type: "scatter", mode: "markers", showlegend: false, hoverinfo: "skip", cliponaxis: false },
        ...{ x: [few], y: [marks[c]!.share] },
        marker: { size: 12, color: colour, line: { color: "#FFFFFF", width: 2 } },
      },
    ];
  });
  const range = { x: [0, Math.log10(longest)], y: [0, 105] } as const;
  const heaviest = curves.reduce((top, curve) => (curve.shares[0]! > top.shares[0]! ? curve : top));
  const labels = placeLabels(
    marks.map(({ few, share }) => ({ text: `n_e = ${shown(few)}`, x: Math.log10(few), y: share })),
    range,
    {
      ...{ width: 700, height: 300 },
      avoid: [
        ...curves.flatMap(({ rounds, shares }) =>
          Array.from(rounds, (each, i) => ({ x: Math.log10(each), y: 100 * shares[i]! })),
        ),
        ...even.map((each) => ({ x: Math.log10(each), y: (100 * each) / longest })),
      ],
    },
  ).map((label) => ({ ...label, text: label.text.replace("n_e", "n<sub>e</sub>") }));
  const rows = legendRows([...legend, equal], 712);
  return styled(
    [
      ...traces,
      {
        ...{ type: "scatter", mode: "lines", name: equal, hoverinfo: "skip" },
        ...{ x: even, y: even.map((each) => (100 * each) / longest) },
        line: { color: palette.grey, width: 1.5, dash: "dot" },
      },
    ],
    {
      xaxis: {
        ...{ type: "log", range: [-0.02, Math.log10(longest)] },
        title: { text: "heaviest rounds counted in (logarithmic)" },
        ...tensUpTo(longest),
      },
      yaxis: { title: { text: "share of all weight, %" }, range: range.y },
      annotations: labelAnnotations([...labels, ...firstOf(heaviest.shares[0]!)]).map(fromLeft),
      margin: { t: 76 + 22 * rows },
    },
    {
      title: "How few rounds carry the estimate",
      caption: `${curves.map(({ name, size, effectiveSampleSize: few }) => `${name}: ${count(size)} rounds tell as much as ${shown(few)}`).join("; ")}. In ${heaviest.name} a single round holds ${percent(heaviest.shares[0]!)} of all weight.`,
      ...about,
    },
  );
}

const equal = "all rounds weigh the same";

/** What one round holds, below the start of its curve, or above it where there is no room below. */
function firstOf(share: number): PlacedLabel[] {
  if (share < 0.05) return [];
  return [
    { text: `one round holds ${percent(share)}`, x: 0, y: 100 * share, ax: 12, ay: share < 0.2 ? -40 : 40 },
  ];
}

/** A label of the first round begins at its place instead of having its middle there. */
function fromLeft(label: Record<string, unknown>): Record<string, unknown> {
  return label.x === 0 ? { ...label, xanchor: "left" } : label;
}

/** The curve's height at a number of rounds that need not be whole. */
function shareAt(place: number, { rounds, shares }: Pick<ShareCurve, "rounds" | "shares">): number {
  const after = Math.max(
    1,
    rounds.findIndex((each) => each >= place),
  );
  if (rounds.length === 1) return shares[0]!;
  const [x0, x1] = [Math.log(rounds[after - 1]!), Math.log(rounds[after]!)];
  const part = Math.min(1, Math.max(0, (Math.log(place) - x0) / (x1 - x0)));
  return shares[after - 1]! + part * (shares[after]! - shares[after - 1]!);
}

function tensUpTo(most: number): Record<string, unknown> {
  const tickvals = Array.from({ length: Math.floor(Math.log10(most)) + 1 }, (_, power) => 10 ** power);
  return { tickvals, ticktext: tickvals.map(count) };
}

const count = (value: number): string => value.toLocaleString("en-US");
const shown = (value: number): string => (value < 100 ? value.toFixed(1) : count(Math.round(value)));
const percent = (share: number): string => `${(100 * share).toFixed(share < 0.1 ? 1 : 0)}%`;
