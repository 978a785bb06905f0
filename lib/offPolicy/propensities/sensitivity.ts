import { random } from "../../math/random";
import { statisticIntervals } from "../../math/statisticIntervals";
import type { Estimator } from "../bandit/estimator";
import { importanceWeights } from "../bandit/importanceWeights";
import type { LoggedRounds } from "../bandit/loggedRounds";
import { diagnosticsOf } from "../report/diagnostics";

/** The estimate as it would be if the log's policy were flatter or sharper than fitted, and weights clipped. */
export interface SensitivityCell {
  readonly temperature: number;
  /** The largest weight allowed; Infinity where none is changed. */
  readonly clip: number;
  readonly value: number;
  /** 95% interval (Student's t, by user where users are known). */
  readonly lower: number;
  readonly upper: number;
  readonly effectiveSampleSize: number;
  readonly meanWeight: number;
}

export interface SensitivityBand {
  readonly estimator: string;
  /** Temperatures in the order given, within each the clips in theirs. */
  readonly cells: readonly SensitivityCell[];
  /** The cell at temperature 1 and the widest clip; absent where the grid has no temperature 1. */
  readonly asFitted?: SensitivityCell;
  /** Smallest and largest value over the grid. */
  readonly lowest: number;
  readonly highest: number;
}

export interface SensitivityOptions {
  /** [n] the propensities at a temperature: `propensitiesOf(atTemperature(estimated, t), actions)`. */
  readonly propensitiesAt: (temperature: number) => Float64Array;
  /** 1/2 to 2 by default, a convention: twice as sure of itself, or half. */
  readonly temperatures?: readonly number[];
  /** 10, 30, 100 and none by default. */
  readonly clips?: readonly number[];
}

export const sensitivityTemperatures: readonly number[] = [0.5, 0.7, 1, 1.4, 2];
export const sensitivityClips: readonly number[] = [10, 30, 100, Number.POSITIVE_INFINITY];

/**
 * What an estimate owes to guessed propensities: taken again over a grid of temperatures on the log's policy and of
 * clips. A conclusion that does not survive the band (its sign, the better of two policies) is not one. It shows two
 * ways in which a model of the log's policy may be wrong, not all: what the policy looked at and the log does
 * not hold is beyond any band.
 *
 * @param rounds the log; its own propensities are not read
 * @throws when the grid is empty, or a temperature or clip is not above 0.
 * @example sensitivityOf(rounds, snips, { propensitiesAt }).highest
 */
export function sensitivityOf(
  rounds: LoggedRounds,
  estimator: Estimator,
  { propensitiesAt, temperatures = sensitivityTemperatures, clips = sensitivityClips }: SensitivityOptions,
): SensitivityBand {
  if (temperatures.length === 0 || clips.length === 0)
    throw new Error("sensitivityOf requires at least one temperature and one clip, got none");
  const cells = temperatures.flatMap((temperature) => {
    const shifted = { ...rounds, propensities: propensitiesAt(temperature) };
    return clips.map((clip) => cellOf(shifted, estimator, { temperature, clip }));
  });
  const values = cells.map(({ value }) => value);
  const widest = Math.max(...clips);
  const asFitted = cells.find(({ temperature, clip }) => temperature === 1 && clip === widest);
  return {
    estimator: estimator.name,
    cells,
    ...(asFitted && { asFitted }),
    lowest: Math.min(...values),
    highest: Math.max(...values),
  };
}

function cellOf(
  rounds: LoggedRounds,
  estimator: Estimator,
  { temperature, clip }: Pick<SensitivityCell, "temperature" | "clip">,
): SensitivityCell {
  const weights = importanceWeights(rounds, clip);
  const { effectiveSampleSize, meanWeight } = diagnosticsOf(rounds, weights);
  // Student's interval draws nothing, so whose stream is passed does not matter.
  const options = { method: "t", units: rounds.users } as const;
  const [found] = statisticIntervals([estimator.on(rounds, weights)], random(0), options);
  const { value, lower, upper } = found;
  return { temperature, clip, value, lower, upper, effectiveSampleSize, meanWeight };
}
