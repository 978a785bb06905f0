import { effectiveSize } from "../../math/effectiveSize";
import type { LoggedRounds } from "../bandit/loggedRounds";

/** What the weights themselves say about how far an estimate can be trusted. */
export interface Diagnostics {
  /** n_e = (Σ w)² / Σ w² (Kong 1992): so many rounds of the target's own would tell as much; 0 without any weight. */
  readonly effectiveSampleSize: number;
  readonly maxWeight: number;
  /** Near 1 where propensities are right and every action of the target could be logged. */
  readonly meanWeight: number;
  /** Share of all weight in the ⌈n / 100⌉ largest; 0 without any weight. */
  readonly topOnePercentShare: number;
  /** Mean probability the target gives to what the log never shows; absent where nobody knows. */
  readonly unsupportedMass?: number;
}

/**
 * @param weights [n] importance weights as the estimators use them
 * @example diagnosticsOf(rounds, Float64Array.of(1, 3)).effectiveSampleSize // 1.6
 */
export function diagnosticsOf(rounds: Pick<LoggedRounds, "unsupported">, weights: Float64Array): Diagnostics {
  const sorted = weights.slice().sort();
  const maxWeight = sorted[sorted.length - 1] ?? 0;
  // In parts of the largest, so that sums of very large weights stay finite.
  let [sum, top] = [0, 0];
  if (maxWeight > 0) {
    for (const weight of weights) sum += weight / maxWeight;
    for (let i = 0; i < Math.ceil(weights.length / 100); i++)
      top += sorted[sorted.length - 1 - i] / maxWeight;
  }
  const { unsupported } = rounds;
  return {
    effectiveSampleSize: effectiveSize(weights),
    maxWeight,
    meanWeight: (sum / weights.length) * maxWeight,
    topOnePercentShare: sum === 0 ? 0 : top / sum,
    ...(unsupported && {
      unsupportedMass: unsupported.reduce((total, mass) => total + mass, 0) / unsupported.length,
    }),
  };
}
