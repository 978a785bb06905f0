import {
  directMethod,
  doublyRobust,
  optimisticShrinkage,
  selfNormalisedDr,
  subGaussianDr,
  switchDr,
} from "./doublyRobust";
import type { Estimator } from "./estimator";
import { ips, snips, subGaussianIps } from "./inversePropensity";
import type { LoggedRounds } from "./loggedRounds";

export interface EstimatorSettings {
  /** Switch-DR's threshold; 2 by default. */
  readonly tau?: number;
  /** DRos's shrinkage; 1 by default. */
  readonly shrinkage?: number;
  /** λ of the sub-Gaussian pair; .1 by default. */
  readonly subGaussian?: number;
}

/** The nine, in the order in which reports list them; those that need a reward model only where there is one. */
export function banditEstimators(
  rounds: Pick<LoggedRounds, "model">,
  { tau = 2, shrinkage = 1, subGaussian = 0.1 }: EstimatorSettings = {},
): readonly Estimator[] {
  const all = [
    ips,
    snips,
    directMethod,
    doublyRobust,
    selfNormalisedDr,
    switchDr(tau),
    optimisticShrinkage(shrinkage),
    subGaussianIps(subGaussian),
    subGaussianDr(subGaussian),
  ];
  return all.filter(({ needs }) => needs === "nothing" || rounds.model !== undefined);
}
