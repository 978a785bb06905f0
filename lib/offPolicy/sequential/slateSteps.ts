import { type LoggedRounds, loggedRounds } from "../bandit/loggedRounds";

/** Rows of users' steps, each step one row whatever was shown in it. */
export interface SlateSteps {
  /** A row a step: rewards are sums over the places, probabilities are the whole slate's. */
  readonly steps: LoggedRounds & { readonly users: Int32Array };
  /** [steps] as in the log */
  readonly order: Float64Array;
  /** [steps] the log's row of the first place of each step */
  readonly rows: Int32Array;
  /** Places of the longest step; 1 where every row is a step of its own. */
  readonly longest: number;
}

/**
 * Makes one row of the rows that share a user and a step: a slate is one action. It earns what its places earn together, and
 * its probability is the product of its places' (each given those above it).
 *
 * Products of many small numbers are no numbers any more, and only their ratio matters: where one falls under 1e-200 both are
 * scaled so that the larger one is 1.
 *
 * @param steps [n] numbers, the same for rows of one step
 * @param positions [n] where rows stand in their slate; the first row of a step in the log is its top place without
 * @throws when rounds do not say whose they are
 * @example two places of .5 and .25 that earn 0 and 1, at one step of one user: one row of .125 that earns 1
 */
export function slateSteps(
  rounds: LoggedRounds,
  steps: ArrayLike<number>,
  positions?: ArrayLike<number>,
): SlateSteps {
  const { users, size, rewards, propensities, targetProbabilities, provenance } = rounds;
  if (users === undefined) throw new Error("slateSteps requires rounds that say whose they are, got none");
  const stepOf = new Map<string, number>();
  const own = new Int32Array(size);
  const first: number[] = [];
  const counts: number[] = [];
  for (let row = 0; row < size; row++) {
    const key = `${users[row]} ${steps[row]}`;
    const step = stepOf.get(key) ?? first.length;
    if (step === first.length) {
      stepOf.set(key, step);
      first.push(row);
      counts.push(0);
    }
    own[row] = step;
    counts[step]++;
    if (positions !== undefined && positions[row] < positions[first[step]]) first[step] = row;
  }
  const rows = Int32Array.from(first);
  const sums = new Float64Array(rows.length);
  const [logged, target] = [new Float64Array(rows.length), new Float64Array(rows.length)]; // logarithms
  for (let row = 0; row < size; row++) {
    sums[own[row]] += rewards[row];
    logged[own[row]] += Math.log(propensities[row]);
    target[own[row]] += Math.log(targetProbabilities[row]);
  }
  for (let step = 0; step < rows.length; step++) {
    if (counts[step] === 1) {
      // As it stands in the log, to the last digit.
      logged[step] = propensities[rows[step]];
      target[step] = targetProbabilities[rows[step]];
      continue;
    }
    const isSmall = [logged[step], target[step]].some(
      (each) => each < -200 * Math.LN10 && each > Number.NEGATIVE_INFINITY,
    );
    const scale = isSmall ? Math.max(logged[step], target[step]) : 0;
    logged[step] = Math.max(Math.exp(logged[step] - scale), Number.MIN_VALUE);
    target[step] = Math.exp(target[step] - scale);
  }
  const made = loggedRounds({
    ...{ rewards: sums, propensities: logged, targetProbabilities: target, provenance },
    users: Int32Array.from(rows, (row) => users[row]),
  });
  return {
    steps: { ...made, users: made.users! },
    order: Float64Array.from(rows, (row) => steps[row]),
    rows,
    longest: counts.reduce((most, count) => Math.max(most, count), 0),
  };
}
