import { binomialRange } from "../math/binomialRange";
import type { About, Figure } from "./figure";
import { dots } from "./marks/dots";
import { transparent } from "./marks/mark";
import { band, rule } from "./marks/rules";
import { plot } from "./plot";
import { palette } from "./theme";

/** In how many of the logs of one situation each estimator's intervals held the truth. */
export interface Coverage {
  readonly heading: string;
  readonly note?: string;
  /** By estimator, by the way in which the interval was made: so many logs. */
  readonly held: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

/**
 * Do 95% intervals hold the truth 95 times in 100? A row for each estimator, a dot for each way of making intervals; the
 * green stripe is where a method that keeps its promise lies by luck in 95 of 100 such counts.
 *
 * @param input.runs logs of a situation
 * @param input.range of the axis in percent, [−2, 101] by default; what is less stands at its edge with its number
 * @throws when there is no situation.
 */
export function coverageFigure(
  input: {
    readonly situations: readonly Coverage[];
    readonly runs: number;
    readonly range?: readonly [number, number];
  } & About,
): Figure {
  const { situations, runs, range = [-2, 101], ...about } = input;
  if (situations.length === 0) throw new Error("coverageFigure requires a situation, got none");
  const names = Object.keys(situations[0].held);
  const ways = Object.keys(Object.values(situations[0].held)[0] ?? {});
  const luck = binomialRange(runs).map((count) => (100 * count) / runs) as [number, number];
  const share = (held: Coverage["held"], name: string, way: string): number => (100 * held[name][way]) / runs;
  const step = ways.length === 1 ? 0 : 0.6 / (ways.length - 1);
  const all = situations.flatMap(({ held }) =>
    names.flatMap((name) => ways.map((way) => share(held, name, way))),
  );
  const few = all.filter((each) => each < luck[0]).length;
  return plot({
    panels: situations.map(({ heading, note, held }) => ({
      heading,
      ...(note !== undefined && { note }),
      marks: [
        band({ x: luck }, { colour: transparent(palette.green, 0.28), name: "what luck allows of 95%" }),
        rule({ x: 95 }, { colour: palette.green, dash: "solid" }),
        dots(
          ways.map((way, w) => ({
            ...(ways.length > 1 && { name: way }),
            ...{ lift: ways.length === 1 ? 0 : 0.3 - step * w, size: 9 },
            write: (value: number) => `${value.toFixed(0)}%`,
            x: names.map((name) => share(held, name, way)),
            y: names,
          })),
        ),
      ],
    })),
    x: { title: "intervals that held the truth, % of the logs", range, ticks: ticksOf(range) },
    y: { order: names },
    ...{ rows: "striped", rowHeight: ways.length === 1 ? 32 : 52, legend: "bottom", width: 1000 },
    title: "Does a 95% interval hold the truth 95 times in 100?",
    caption: `${few} of ${all.length} kinds of interval hold the truth too rarely for 95%.`,
    ...about,
  });
}

const ticksOf = ([low, high]: readonly [number, number]): number[] =>
  [0, 20, 40, 60, 80, 95].filter((tick) => tick >= low && tick <= high);
