/** What a policy would be evaluated on: rounds of a log, one row a round, all columns of length n. */
export interface LoggedRounds {
  readonly size: number;
  /** [n] what the logged action earned. */
  readonly rewards: Float64Array;
  /** [n] probability with which the log's policy chose what it chose, in (0, 1]. */
  readonly propensities: Float64Array;
  /** Whether those were written down when the action was chosen, or fitted to the log afterwards. */
  readonly provenance: "known" | "estimated";
  /** [n] π(aᵢ | xᵢ): probability with which the policy under test would have chosen the logged action. */
  readonly targetProbabilities: Float64Array;
  readonly model?: RewardModel;
  /** [n] whose round it is, as rows from 0; rounds of one user are not independent. */
  readonly users?: Int32Array;
  /** [n] Σ π(a | xᵢ) over actions that the log's policy never takes in round i, or never shows anywhere. */
  readonly unsupported?: Float64Array;
}

/** What a model of rewards q̂ says of the rounds. */
export interface RewardModel {
  /** [n] q̂(xᵢ, aᵢ) */
  readonly logged: Float64Array;
  /** [n] Σ_a π(a | xᵢ) q̂(xᵢ, a) */
  readonly expected: Float64Array;
}

/**
 * Checks the columns of a log.
 *
 * @throws when there is no round, lengths differ, a number is not finite, a propensity lies outside (0, 1], or a
 *   target probability outside [0, 1].
 * @example
 * const [rewards, propensities] = [Float64Array.of(1, 0), Float64Array.of(0.5, 0.5)];
 * loggedRounds({ rewards, propensities, targetProbabilities: Float64Array.of(0.9, 0.1) }).size // 2
 */
export function loggedRounds(
  parts: Omit<LoggedRounds, "size" | "provenance"> & Partial<Pick<LoggedRounds, "provenance">>,
): LoggedRounds {
  const { rewards, propensities, targetProbabilities, model, users, unsupported, provenance } = parts;
  const size = rewards.length;
  if (size === 0) throw new Error("loggedRounds requires at least one round, got none");
  const columns: readonly (readonly [string, ArrayLike<number> | undefined, (value: number) => boolean])[] = [
    ["finite rewards", rewards, Number.isFinite],
    ["propensities in (0, 1]", propensities, (value) => value > 0 && value <= 1],
    ["target probabilities in [0, 1]", targetProbabilities, isShare],
    ["a finite reward model", model?.logged, Number.isFinite],
    ["a finite reward model", model?.expected, Number.isFinite],
    ["user rows from 0", users, (value) => value >= 0],
    ["unsupported mass in [0, 1]", unsupported, isShare],
  ];
  for (const [what, column, good] of columns) {
    if (column === undefined) continue;
    if (column.length !== size)
      throw new Error(`loggedRounds requires ${what} for ${size} rounds, got ${column.length}`);
    for (let i = 0; i < size; i++)
      if (!good(column[i]))
        throw new Error(`loggedRounds requires ${what}, got ${column[i]} in round ${i + 1}`);
  }
  return { ...parts, size, provenance: provenance ?? "known" };
}

/** Shares that were summed up from many numbers may pass 1 by rounding. */
function isShare(value: number): boolean {
  return value >= 0 && value <= 1 + 1e-6;
}
