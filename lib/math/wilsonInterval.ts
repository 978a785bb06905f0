import type { Bounds } from "./boundedIntervals";
import { normalQuantile } from "./normal";

/**
 * An interval of a share from a count (Wilson 1927): unlike p ± 1.96 √(p(1 − p)/n) it stays within [0, 1] and has a width
 * where nothing or everything was counted.
 *
 * @throws when the count is not between 0 and the number of trials, or there is no trial.
 * @example wilsonInterval(0, 10) // { lower: 0, upper: .2775 }
 */
export function wilsonInterval(count: number, trials: number, level = 0.95): Bounds {
  if (!(trials > 0 && count >= 0 && count <= trials))
    throw new Error(`wilsonInterval requires a count from 0 to the trials, got ${count} of ${trials}`);
  const z = normalQuantile((1 + level) / 2);
  const share = count / trials;
  const scale = 1 + (z * z) / trials;
  const centre = (share + (z * z) / (2 * trials)) / scale;
  const reach = (z / scale) * Math.sqrt((share * (1 - share)) / trials + (z * z) / (4 * trials * trials));
  return { lower: Math.max(0, centre - reach), upper: Math.min(1, centre + reach) };
}
