import type { About, Figure, Numbers } from "./figure";
import { lines } from "./marks/lines";
import { plot } from "./plot";

/** Shares per part of the log; the first part has no past, so it holds NaN. */
export interface Drift {
  /** Share of the part's rows whose item never occurred before the part. */
  readonly newItems: Float64Array;
  /** Share of the part's `top` most frequent items that were not among those of the part before. */
  readonly turnover: Float64Array;
}

/**
 * Cuts a log in time order into equal parts and measures how much changes from each to the next.
 *
 * @param items item row of each interaction, in time order
 */
export function drift(items: Numbers, catalogSize: number, { parts = 10, top = 100 } = {}): Drift {
  const seen = new Uint8Array(catalogSize);
  const result = {
    newItems: new Float64Array(parts).fill(Number.NaN),
    turnover: new Float64Array(parts).fill(Number.NaN),
  };
  let popularBefore = new Set<number>();
  for (let part = 0; part < parts; part++) {
    const start = Math.floor((part * items.length) / parts);
    const end = Math.floor(((part + 1) * items.length) / parts);
    const counts = new Float64Array(catalogSize);
    let fresh = 0;
    for (let i = start; i < end; i++) {
      counts[items[i]] += 1;
      if (seen[items[i]] === 0) fresh++;
    }
    for (let i = start; i < end; i++) seen[items[i]] = 1;
    const rows = Array.from(counts.keys()).filter((row) => counts[row] > 0);
    const popular = rows.sort((a, b) => counts[b] - counts[a] || a - b).slice(0, top);
    if (part > 0) {
      result.newItems[part] = fresh / Math.max(1, end - start);
      result.turnover[part] =
        popular.filter((row) => !popularBefore.has(row)).length / Math.max(1, popular.length);
    }
    popularBefore = new Set(popular);
  }
  return result;
}

/** What changes as the log goes on: items that were never seen before, and the popular ones that are replaced. */
export function driftOverTime(
  input: { items: Numbers; catalogSize: number; parts?: number; top?: number; order?: string } & About,
): Figure {
  const { items, catalogSize, parts = 10, top = 100, order = "time", ...about } = input;
  const { newItems, turnover } = drift(items, catalogSize, { parts, top });
  const x = Array.from({ length: parts }, (_, i) => i + 1);
  const percent = (shares: Float64Array): number[] => Array.from(shares, (share) => 100 * share);
  const last = parts - 1;
  const mean = (shares: Float64Array): number =>
    shares.slice(1).reduce((sum, s) => sum + s, 0) / Math.max(1, last);
  const popular = `the ${top} most popular that were not so in the part before`;
  return plot({
    marks: [
      lines(
        [
          { name: popular, x, y: percent(turnover) },
          { name: "ratings of items never rated before", x, y: percent(newItems) },
        ],
        {
          width: 3,
          dotSize: 9,
        },
      ),
    ],
    x: { title: `part of the log, in ${order}`, range: [0.7, parts + 0.3], grid: false },
    y: { title: "share (%)", zero: true },
    legend: "top",
    title: "The log drifts",
    caption:
      `From part to part ${(100 * mean(turnover)).toFixed(0)}% of the ${top} most popular items are replaced; ` +
      `in the last, ${(100 * newItems[last]).toFixed(1)}% of the ratings go to items never rated before.`,
    ...about,
  });
}
