/** Whether a curve has come to rest. */
export interface Convergence {
  /** Mean of the last tenth of the points. */
  readonly final: number;
  /** First step from which all points stay within the tolerance of it; absent where they never do. */
  readonly settledAt?: number;
  /** Change a thousand steps over the last half, by least squares: a curve still on its way. */
  readonly drift: number;
}

/**
 * Convergence of a training curve, such as an agent's mean Q: at which step it came to rest, and how fast it still
 * moves. A curve that only touches its end has not settled: some stretch of a tenth of all points must lie within.
 *
 * @param options.tolerance as a share of the curve's range; .05 by default
 * @throws when there are fewer than ten points, they are not finite, or the steps do not ascend.
 * @example convergenceOf({ steps, values: meanQ }).settledAt // 1200
 */
export function convergenceOf(
  { steps, values }: { readonly steps: ArrayLike<number>; readonly values: ArrayLike<number> },
  { tolerance = 0.05 }: { readonly tolerance?: number } = {},
): Convergence {
  const size = values.length;
  if (size < 10 || steps.length !== size)
    throw new Error(
      `convergenceOf requires at least ten points and a step each, got ${size} and ${steps.length}`,
    );
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < size; i++) {
    if (!Number.isFinite(values[i]))
      throw new Error(`convergenceOf requires finite values, got ${values[i]}`);
    if (i > 0 && !(steps[i] > steps[i - 1]))
      throw new Error(`convergenceOf requires ascending steps, got ${steps[i]} after ${steps[i - 1]}`);
    least = Math.min(least, values[i]);
    most = Math.max(most, values[i]);
  }
  const tenth = Math.max(1, Math.floor(size / 10));
  let final = 0;
  for (let i = size - tenth; i < size; i++) final += values[i] / tenth;
  let first = size;
  while (first > 0 && Math.abs(values[first - 1] - final) <= tolerance * (most - least)) first--;
  const half = Math.floor(size / 2);
  const drift = 1000 * slopeOf(steps, values, half);
  return { final, drift, ...(first < size - tenth && { settledAt: steps[first] }) };
}

/** Slope of the least-squares line through the points from `start` on. */
function slopeOf(steps: ArrayLike<number>, values: ArrayLike<number>, start: number): number {
  const count = values.length - start;
  let [meanStep, meanValue] = [0, 0];
  for (let i = start; i < values.length; i++) {
    meanStep += steps[i] / count;
    meanValue += values[i] / count;
  }
  let [above, below] = [0, 0];
  for (let i = start; i < values.length; i++) {
    above += (steps[i] - meanStep) * (values[i] - meanValue);
    below += (steps[i] - meanStep) ** 2;
  }
  return above / below;
}
