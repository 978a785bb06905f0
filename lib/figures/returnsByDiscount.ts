import type { About, Figure, Numbers } from "./figure";
import { palette, styled } from "./theme";

/** Quantile of sorted values, linear between neighbours. */
function quantile(sorted: Float64Array, share: number): number {
  const at = share * (sorted.length - 1);
  const low = Math.floor(at);
  const high = Math.min(low + 1, sorted.length - 1);
  return sorted[low]! + (at - low) * (sorted[high]! - sorted[low]!);
}

/**
 * The discounted returns of the log, one box for each discount: what there is to win, and how far apart
 * readers are. Boxes hold the middle half, whiskers the middle nine tenths.
 */
export function returnsByDiscount(
  input: {
    /** returns by the name of the discount, e.g. { "0.9": Float64Array } */
    returns: Readonly<Record<string, Numbers>>;
    /** highest return that can be: reward bound / (1 − discount), drawn as a mark where given */
    bounds?: Readonly<Record<string, number>>;
  } & About,
): Figure {
  const { returns, bounds = {}, ...about } = input;
  // Keys of an object that look like whole numbers come first, whatever their place: sort by value instead.
  const names = Object.keys(returns).sort((a, b) => Number(a) - Number(b));
  const sorted = names.map((name) => Float64Array.from(returns[name]!).sort());
  const at = (share: number): number[] => sorted.map((values) => quantile(values, share));
  const places = names.map((name) => `discount ${name}`);
  const bounded = names.filter((name) => bounds[name] !== undefined);
  return styled(
    [
      {
        type: "box",
        x: places,
        q1: at(0.25),
        median: at(0.5),
        q3: at(0.75),
        lowerfence: at(0.05),
        upperfence: at(0.95),
        mean: sorted.map((values) => values.reduce((sum, v) => sum + v, 0) / values.length),
        showlegend: false,
        marker: { color: palette.blue },
        line: { width: 2 },
        fillcolor: "rgba(86,180,233,0.35)",
      },
      {
        type: "scatter",
        mode: "markers",
        name: "highest possible",
        x: bounded.map((name) => `discount ${name}`),
        y: bounded.map((name) => bounds[name]!),
        marker: { color: palette.red, symbol: "line-ew-open", size: 34, line: { width: 3 } },
        showlegend: bounded.length > 0,
      },
    ],
    {
      xaxis: { showgrid: false },
      yaxis: { title: { text: "discounted return" }, zeroline: true, zerolinecolor: palette.grey },
      margin: { t: bounded.length > 0 ? 100 : 76 },
    },
    {
      title: "What there is to win",
      caption: `Discounted returns in the log; medians: ${names.map((name, i) => `${at(0.5)[i]!.toFixed(2)} at discount ${name}`).join(", ")}.`,
      ...about,
    },
  );
}
