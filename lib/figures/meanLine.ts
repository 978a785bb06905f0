import { interval } from "../math/bootstrap";
import type { Random } from "../math/random";
import type { Numbers } from "./figure";
import type { Line } from "./marks/lines";

/**
 * The line of some means, with the 95% interval of each as its band: one sample of values at every place of the axis.
 *
 * @param input.samples [places][values], at least one place
 * @throws when there is not one sample a place.
 * @example lines([meanLine({ name: "earned", x: [1, 10], samples: [[3, 4, 5], [0, 1, 2]], random: random(1) })])
 */
export function meanLine(input: {
  readonly name: string;
  readonly x: Numbers;
  readonly samples: readonly Numbers[];
  readonly random: Random;
  /** Of the bootstrap; 300 by default. */
  readonly resamples?: number;
}): Line & { readonly name: string; readonly y: number[] } {
  const { name, x, samples, random, resamples = 300 } = input;
  if (samples.length !== x.length)
    throw new Error(`meanLine requires a sample for each of ${x.length} places, got ${samples.length}`);
  const found = samples.map((values, place) =>
    interval({ values: Float64Array.from(values) }, random.fork(`place ${place}`), { resamples }),
  );
  const lower = found.map((each) => each.lower);
  const upper = found.map((each) => each.upper);
  return { name, x, y: found.map(({ mean }) => mean), lower, upper };
}
