import { pdis, wpdis } from "./perDecision";
import { sdm, sdr, wsdr } from "./sequentialDoublyRobust";
import { mostSteps, type SequentialEstimator } from "./sequentialEstimator";
import type { Trajectories } from "./trajectories";
import { tis, wtis } from "./trajectorySampling";

/**
 * The seven, in the order in which reports list them: those that need a model only where there is one, those that
 * divide step by step only where trajectories have at most `mostSteps`.
 */
export function sequentialEstimators(
  log: Pick<Trajectories, "model" | "horizon">,
): readonly SequentialEstimator[] {
  return [tis, wtis, pdis, wpdis, sdm, sdr, wsdr].filter(
    (estimator) =>
      (estimator.needs === "nothing" || log.model !== undefined) &&
      (log.horizon <= mostSteps || (estimator !== wpdis && estimator !== wsdr)),
  );
}
