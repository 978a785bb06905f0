import type { SumStatistic } from "../../math/sumStatistic";
import type { StepModel, Trajectories } from "./trajectories";

/**
 * A way to guess from a log of steps what another policy would have earned a user, Σ γᵗ rₜ in the mean.
 *
 * It is a function of sums over trajectories, one a user, so that a bootstrap draws users and takes the whole
 * statistic again; and an object written in a notebook cell is one.
 */
export interface SequentialEstimator {
  /** As reports call it, e.g. "pdis". */
  readonly name: string;
  /** What the log must come with. */
  readonly needs: "nothing" | "model";
  /**
   * The statistic on a log; its terms are [m].
   *
   * @param clip the largest cumulative weight allowed; see cumulativeWeights
   * @throws when the log lacks what it needs.
   */
  on(log: Trajectories, clip?: number): SumStatistic;
}

/**
 * The most steps of an estimator that divides step by step: it is made of two sums a step, and a bootstrap adds all of
 * them up. Long before that few trajectories have any weight left.
 */
export const mostSteps = 100;

/** @throws when the longest trajectory has more steps than an estimator that divides step by step takes. */
export function requireFewSteps(name: string, { horizon }: Trajectories): void {
  if (horizon > mostSteps)
    throw new Error(`${name} requires trajectories of at most ${mostSteps} steps, got ${horizon}`);
}

/** @throws when the log has no model of returns. */
export function stepModelOf(name: string, { model }: Trajectories): StepModel {
  if (!model) throw new Error(`${name} requires a log with a model of returns, got none`);
  return model;
}
