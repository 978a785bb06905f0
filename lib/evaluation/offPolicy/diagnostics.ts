import type { LoggedRounds } from "./loggedRounds";

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
  let [sum, squares, maxWeight] = [0, 0, 0];
  for (const weight of weights) maxWeight = Math.max(maxWeight, weight);
  // In parts of the largest: products of many steps' ratios are too large or too small to be squared.
  for (const weight of weights) {
    const part = maxWeight === 0 ? 0 : weight / maxWeight;
    sum += part;
    squares += part * part;
  }
  const sorted = weights.slice().sort();
  let top = 0;
  for (let i = 0; i < Math.ceil(weights.length / 100); i++)
    top += maxWeight === 0 ? 0 : sorted[sorted.length - 1 - i]! / maxWeight;
  const { unsupported } = rounds;
  return {
    effectiveSampleSize: squares === 0 ? 0 : (sum * sum) / squares,
    maxWeight,
    meanWeight: (sum / weights.length) * maxWeight,
    topOnePercentShare: sum === 0 ? 0 : top / sum,
    ...(unsupported && {
      unsupportedMass: unsupported.reduce((total, mass) => total + mass, 0) / unsupported.length,
    }),
  };
}
