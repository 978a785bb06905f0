import { loggedRounds } from "../bandit/loggedRounds";

/** What users did step after step: m of them, n steps in all, those of a user together and in order. */
export interface Trajectories {
  /** m */
  readonly size: number;
  /** T, the steps of the longest */
  readonly horizon: number;
  /** γ in [0, 1]; a trajectory is worth Σ γᵗ rₜ, with t = 0 at its first step. */
  readonly discount: number;
  /** [m] the user of each, ascending */
  readonly users: Int32Array;
  /** [m + 1] trajectory i has steps offsets[i] .. offsets[i + 1], the end left out. */
  readonly offsets: Int32Array;
  /** [n] row of the log at each step */
  readonly rows: Int32Array;
  /** [n] */
  readonly rewards: Float64Array;
  /** [n] π₀(aₜ | sₜ), in (0, 1] */
  readonly propensities: Float64Array;
  readonly provenance: "known" | "estimated";
  /** [n] π(aₜ | sₜ) of the policy under test */
  readonly targetProbabilities: Float64Array;
  readonly model?: StepModel;
}

/** What a model of returns q̂ says of each step. Unlike a reward model it counts what comes later. */
export interface StepModel {
  /** [n] q̂(sₜ, aₜ) */
  readonly logged: Float64Array;
  /** [n] v̂(sₜ) = Σ_a π(a | sₜ) q̂(sₜ, a) */
  readonly expected: Float64Array;
}

/** A log with a row for each step, in any order. Columns of length n. */
export interface StepLog {
  /** Whose step it is, as rows from 0. */
  readonly users: Int32Array;
  /** What puts a user's steps in order: numbers that differ, with or without gaps. */
  readonly steps: ArrayLike<number>;
  readonly rewards: Float64Array;
  readonly propensities: Float64Array;
  /** "known" by default. */
  readonly provenance?: "known" | "estimated";
  readonly targetProbabilities: Float64Array;
  readonly model?: StepModel;
  readonly discount: number;
}

/**
 * Puts the rows of a log into trajectories, one a user: what is estimated is the mean over users of Σ γᵗ rₜ over the
 * steps that each has. Steps count by their order, 0, 1, 2, ...: a step that was never written down leaves no trace,
 * and its weight is missing from all that follow it.
 *
 * Trajectories may differ in length, because a world ended or because watching did. Both are read alike: after its
 * last step a trajectory earns nothing more and its weight stays what it is, as in a state that is never left and
 * where every policy does the one thing there is to do. Where worlds end, that is the truth. Where watching ends,
 * it evaluates the steps that were watched, and is right as long as how long someone is watched does not depend on what
 * was done.
 *
 * @throws as loggedRounds; when a step is not finite or a user has it twice, or the discount lies outside [0, 1].
 * @example two rows of user 7, step 2 before step 1: one trajectory with rows [1, 0]
 */
export function trajectories(log: StepLog): Trajectories {
  const { users, steps, discount } = log;
  if (!(discount >= 0 && discount <= 1))
    throw new Error(`trajectories requires a discount in [0, 1], got ${discount}`);
  const { size: n, provenance } = loggedRounds(log);
  if (steps.length !== n) throw new Error(`trajectories requires ${n} steps, got ${steps.length}`);
  for (let row = 0; row < n; row++)
    if (!Number.isFinite(steps[row]))
      throw new Error(`trajectories requires finite steps, got ${steps[row]} in row ${row + 1}`);
  const { owners, offsets, rows } = byUser(users);
  let horizon = 0;
  for (let i = 0; i < owners.length; i++) {
    const own = rows.subarray(offsets[i], offsets[i + 1]);
    if (own.some((row, t) => t > 0 && steps[row] <= steps[own[t - 1]]))
      own.sort((a, b) => steps[a] - steps[b] || a - b);
    for (let t = 1; t < own.length; t++)
      if (steps[own[t]] === steps[own[t - 1]])
        throw new Error(
          `trajectories requires each step of a user once, got step ${steps[own[t]]} of user ${owners[i]} in rows ${own[t - 1] + 1} and ${own[t] + 1}`,
        );
    horizon = Math.max(horizon, own.length);
  }
  const sorted = (column: Float64Array): Float64Array => Float64Array.from(rows, (row) => column[row]);
  const whole: Trajectories = {
    ...{ size: owners.length, horizon, discount, users: owners, offsets, rows, provenance },
    rewards: sorted(log.rewards),
    propensities: sorted(log.propensities),
    targetProbabilities: sorted(log.targetProbabilities),
  };
  return log.model ? withModel(whole, log.model) : whole;
}

/**
 * The same trajectories with a model of returns.
 *
 * @param model in the order of the log's rows
 * @throws when it has another number of rows or a number is not finite.
 */
export function withModel(log: Trajectories, model: StepModel): Trajectories {
  const sorted = (column: Float64Array): Float64Array => {
    if (column.length !== log.rows.length)
      throw new Error(`withModel requires ${log.rows.length} rows, got ${column.length}`);
    return Float64Array.from(log.rows, (row) => {
      if (!Number.isFinite(column[row]))
        throw new Error(`withModel requires finite numbers, got ${column[row]} in row ${row + 1}`);
      return column[row];
    });
  };
  return { ...log, model: { logged: sorted(model.logged), expected: sorted(model.expected) } };
}

/** Rows by user, in the log's order within each (a counting sort). */
function byUser(users: Int32Array) {
  let largest = 0;
  for (const user of users) largest = Math.max(largest, user);
  const ends = new Int32Array(largest + 2);
  for (const user of users) ends[user + 1]++;
  const owners = Int32Array.from(ends.keys()).filter((user) => user <= largest && ends[user + 1] > 0);
  for (let user = 0; user <= largest; user++) ends[user + 1] += ends[user];
  const offsets = Int32Array.from([...owners.map((user) => ends[user]), users.length]);
  const rows = new Int32Array(users.length);
  users.forEach((user, row) => {
    rows[ends[user]++] = row;
  });
  return { owners, offsets, rows };
}
