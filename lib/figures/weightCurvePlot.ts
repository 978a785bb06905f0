import type { About, Figure, Numbers } from "./figure";
import { dots } from "./marks/dots";
import { lines } from "./marks/lines";
import { plot } from "./plot";
import { palette } from "./theme";

/** Importance weights of a log, and how many equal ones would tell as much. */
export interface WeightsOfLog {
  readonly name: string;
  readonly weights: Numbers;
  readonly effectiveSampleSize: number;
}

/**
 * How much of all weight the heaviest rounds hold: the share of the first, of the first two, ...
 *
 * @returns [n] from 0 to 1, rising
 * @example heldByHeaviest([1, 6, 3]) // [.6, .9, 1]
 */
export function heldByHeaviest(weights: Numbers): Float64Array {
  const sorted = Float64Array.from(weights).sort().reverse();
  const total = sorted.reduce((sum, weight) => sum + weight, 0);
  let sum = 0;
  return sorted.map((weight) => {
    sum += weight;
    return sum / total;
  });
}

/** Points of a curve over a logarithmic axis. */
const points = 200;

/**
 * What a log's weights hang on: a curve that starts high is an estimate that hangs on a few rounds. Dots stand at the
 * effective sample size, and at the single heaviest round of the last log.
 *
 * @throws when a log has no round.
 */
export function weightCurvePlot(input: { readonly logs: readonly WeightsOfLog[] } & About): Figure {
  const { logs, ...about } = input;
  for (const { name, weights } of logs)
    if (weights.length === 0) throw new Error(`weightCurvePlot requires weights of ${name}, got none`);
  const size = Math.max(...logs.map(({ weights }) => weights.length));
  const counts = Array.from({ length: points }, (_, i) => Math.round(size ** (i / (points - 1))));
  const written = logs.map(({ effectiveSampleSize: few }) => few.toFixed(few < 100 ? 1 : 0));
  const held = logs.map(({ weights }) => heldByHeaviest(weights));
  const at = (own: Float64Array, count: number): number => 100 * own[Math.min(own.length, count) - 1];
  const curves = logs.map(({ name, weights }, l) => ({
    name: `${name}: ${weights.length.toLocaleString("en")} rounds, n<sub>e</sub> = ${written[l]}`,
    x: counts,
    y: counts.map((count) => at(held[l], count)),
  }));
  const even = {
    ...{ name: "all rounds weigh the same", colour: palette.grey, dash: "dot" },
    ...{ x: counts, y: counts.map((count) => (100 * count) / size) },
  };
  const few = logs.map(({ effectiveSampleSize }) => effectiveSampleSize);
  const last = held.length - 1;
  const first = at(held[last], 1).toFixed(0);
  return plot({
    marks: [
      lines(curves, { width: 3, dots: false }),
      lines(even, { width: 1.5, dots: false }),
      dots(
        [
          {
            ...{ x: few, y: few.map((count, l) => at(held[l], Math.round(count))), colour: palette.ink },
            labels: written.map((count) => `n<sub>e</sub> = ${count}`),
          },
          { x: [1], y: [at(held[last], 1)], colour: palette.ink, labels: [`one round holds ${first}%`] },
        ],
        { avoid: [...curves, even] },
      ),
    ],
    x: { title: "heaviest rounds counted in (logarithmic)", log: true },
    y: { title: "share of all weight, %", range: [0, 105] },
    legend: "top",
    title: "How much of all weight the heaviest rounds hold",
    caption:
      `${logs.map(({ name, weights }, l) => `${name}: ${weights.length.toLocaleString("en")} rounds tell as much as ${written[l]}`).join("; ")}. ` +
      `In ${logs[last].name} a single round holds ${first}% of all weight.`,
    ...about,
  });
}
