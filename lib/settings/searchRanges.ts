/** Where a search looks for a setting whose own range has no end, or that is thought of in powers of ten. */
export interface SearchRange {
  readonly low: number;
  readonly high: number;
  /** Equal factors are equally far. */
  readonly log?: boolean;
  readonly step?: number;
}

const range = (low: number, high: number): SearchRange => ({ low, high });
const factors = (low: number, high: number): SearchRange => ({ low, high, log: true });
const rate = factors(1e-5, 1e-2);
const weight = factors(0.05, 20);

/**
 * The range in which each setting is searched when only its name is given, by its path in a run's settings without
 * "agent." at its head. Settings that are not here are searched in the whole of their own range, where that has both ends.
 */
export const searchRanges: Readonly<Record<string, SearchRange>> = {
  steps: factors(500, 10_000),
  batchSize: factors(32, 1024),
  actorLearningRate: rate,
  criticLearningRate: rate,
  behaviourLearningRate: rate,
  targetRate: factors(1e-4, 0.1),
  behaviourWeight: weight,
  criticWeight: weight,
  warmUp: range(0, 1000),
  maximumNorm: factors(0.1, 100),
  policyNoise: range(0, 1),
  noiseClip: range(0.1, 2),
  policyDelay: range(1, 4),
  temperature: factors(1e-4, 1),
  logDeviation: range(-3, 1),
  expectile: range(0.5, 0.95),
  beta: factors(0.3, 30),
  weightCap: factors(1, 1000),
  perturbation: factors(0.005, 1),
  candidates: factors(5, 500),
  latentWeight: factors(0.01, 1),
  latentClip: range(0.1, 2),
  conservativeWeight: factors(0.05, 20),
  listSize: range(1, 20),
  shrinkage: factors(0.1, 100),
  pessimism: factors(0.1, 100),
  clusters: factors(5, 500),
  vectorWidth: factors(8, 128),
  ridge: factors(0.01, 100),
  alpha: factors(0.01, 10),
  negatives: range(0, 30),
  recency: range(0.5, 1),
  "nextItem.learningRate": factors(5e-4, 2e-2),
  "nextItem.averageRate": factors(5e-4, 0.1),
  "nextItem.batchSize": factors(16, 512),
  "nextItem.dropout": range(0, 0.8),
  "nextItem.units": factors(32, 256),
  "nextItem.width": factors(16, 128),
  "nextItem.window": factors(10, 100),
  "nextItem.epochs": range(4, 40),
  "nextItem.startTemperature": factors(0.02, 1),
};
