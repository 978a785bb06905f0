import type { EstimatorSettings } from "./banditEstimators";
import {
  candidatesOf,
  optimisticShrinkageFamily,
  subGaussianDrFamily,
  subGaussianIpsFamily,
  switchDrFamily,
} from "./estimatorFamilies";
import type { LoggedRounds } from "./loggedRounds";
import { slope } from "./slope";

/**
 * Switch-DR's τ and the λ of DRos and of the sub-Gaussian pair, chosen from the log itself by SLOPE: as much bias as the
 * spread it saves can hide. Intervals taken with them do not know of the choice.
 *
 * @throws as candidatesOf.
 * @example slopeSettings(rounds).tau // 50
 */
export function slopeSettings(rounds: LoggedRounds): Required<EstimatorSettings> {
  const chosen = (family: Parameters<typeof candidatesOf>[0]): number =>
    slope(candidatesOf(family, rounds)).setting;
  if (!rounds.model) return { tau: 2, shrinkage: 1, subGaussian: chosen(subGaussianIpsFamily()) };
  return {
    tau: chosen(switchDrFamily()),
    shrinkage: chosen(optimisticShrinkageFamily()),
    subGaussian: chosen(subGaussianDrFamily()),
  };
}
