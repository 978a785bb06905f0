import { deltaError, momentsOf } from "../../math/deltaMethod";
import type { SumStatistic } from "../../math/sumStatistic";
import { sumUnits } from "../../math/sumUnits";
import { optimisticShrinkage, subGaussianDr, switchDr } from "./doublyRobust";
import type { Estimator } from "./estimator";
import { importanceWeights } from "./importanceWeights";
import { subGaussianIps } from "./inversePropensity";
import type { LoggedRounds } from "./loggedRounds";

/** An estimator with a setting that buys less spread with more bias. */
export interface EstimatorFamily {
  readonly name: string;
  /** From the least biased, which is taken to be right on average, to the most. */
  readonly settings: readonly number[];
  at(setting: number, rounds: LoggedRounds): SumStatistic;
}

/** The largest weight that a setting lets through, from any to none above 1. */
const largestWeights: readonly number[] = [
  Number.POSITIVE_INFINITY,
  ...[1000, 500, 200, 100, 50, 20, 10, 5, 2, 1],
];

/** An estimator with its weights clipped, by the clip. */
export function clippedFamily(estimator: Estimator, settings = largestWeights): EstimatorFamily {
  return {
    name: estimator.name,
    settings,
    at: (clip, rounds) => estimator.on(rounds, importanceWeights(rounds, clip)),
  };
}

/** Switch-DR by τ, from DR (∞) to the model alone (0). */
export function switchDrFamily(settings: readonly number[] = [...largestWeights, 0]): EstimatorFamily {
  return family("switchDr", settings, switchDr);
}

/** DRos by λ, from DR (∞) to the model alone (0). Its weights stay below √λ / 2. */
export function optimisticShrinkageFamily(
  settings: readonly number[] = [...largestWeights.map((weight) => 4 * weight * weight), 0],
): EstimatorFamily {
  return family("dros", settings, optimisticShrinkage);
}

/** λ above ½ goes back towards an average weight of 1, at λ = 1 for all: there more λ is no longer more bias. */
const largestSubGaussian = largestWeights.filter((weight) => weight >= 2).map((weight) => 1 / weight);

/** IPS with the sub-Gaussian weight by λ, from IPS (0) on. Its weights stay below 1 / λ. */
export function subGaussianIpsFamily(settings: readonly number[] = largestSubGaussian): EstimatorFamily {
  return family("sgIps", settings, subGaussianIps);
}

/** DR with the sub-Gaussian weight by λ, from DR (0) on. */
export function subGaussianDrFamily(settings: readonly number[] = largestSubGaussian): EstimatorFamily {
  return family("sgDr", settings, subGaussianDr);
}

function family(
  name: string,
  settings: readonly number[],
  estimator: (setting: number) => Estimator,
): EstimatorFamily {
  return {
    name,
    settings,
    at: (setting, rounds) => estimator(setting).on(rounds, importanceWeights(rounds)),
  };
}

/** One setting, measured on a log. */
export interface Candidate {
  readonly setting: number;
  readonly value: number;
  /** To first order, over users where rounds say whose they are. */
  readonly standardError: number;
}

/**
 * Every setting of a family on a log, in the family's order.
 *
 * @throws when the family has no setting, the log has fewer than two users, or an estimate is not finite.
 */
export function candidatesOf(family: EstimatorFamily, rounds: LoggedRounds): readonly Candidate[] {
  const { name, settings } = family;
  if (settings.length === 0) throw new Error("candidatesOf requires at least one setting, got none");
  return settings.map((setting) => {
    const statistic = family.at(setting, rounds);
    const units = sumUnits([statistic], { units: rounds.users });
    const moments = momentsOf(units, units.columns[0]);
    const value = statistic.of(moments.sums.subarray(1), moments.sums[0]);
    const standardError = deltaError(statistic, moments);
    if (!(Number.isFinite(value) && Number.isFinite(standardError)))
      throw new Error(
        `candidatesOf requires finite estimates, got ${value} ± ${standardError} from ${name} at ${setting}`,
      );
    return { setting, value, standardError };
  });
}
