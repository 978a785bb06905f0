import type { Numbers } from "../figure";
import { palette, series } from "../theme";
import { type Mark, transparent } from "./mark";

/** Quantile of sorted values, linear between neighbours. */
function quantile(sorted: Float64Array, share: number): number {
  const at = share * (sorted.length - 1);
  const low = Math.floor(at);
  const high = Math.min(low + 1, sorted.length - 1);
  return sorted[low] + (at - low) * (sorted[high] - sorted[low]);
}

/**
 * Distributions beside each other: a box holds the middle half, its line is the median, whiskers hold the middle nine
 * tenths. No single values are drawn, however many there are.
 *
 * @example boxes([{ name: "discount 0.9", values: returns }])
 */
export function boxes(groups: readonly { readonly name: string; readonly values: Numbers }[]): Mark {
  const sorted = groups.map(({ values }) => Float64Array.from(values).sort());
  const at = (share: number): number[] => sorted.map((values) => quantile(values, share));
  const columns = groups.map(({ name }) => name);
  return {
    columns,
    y: [...at(0.05), ...at(0.95)],
    draw: (frame) => ({
      traces: [
        {
          ...{ type: "box", x: columns.map((name) => frame.column(name)), showlegend: false },
          ...{ q1: at(0.25), median: at(0.5), q3: at(0.75), lowerfence: at(0.05), upperfence: at(0.95) },
          mean: sorted.map((values) => values.reduce((sum, value) => sum + value, 0) / values.length),
          ...{
            marker: { color: palette.blue },
            line: { width: 2 },
            fillcolor: transparent(series[5], 0.35),
          },
        },
      ],
    }),
  };
}
