import type { Estimator } from "./estimator";
import { ips, snips } from "./inversePropensity";
import { type LoggedRounds, loggedRounds } from "./loggedRounds";

/** How likely the cluster of the logged action was, in each round. */
export type ClusterColumns = {
  /** [n] p(c | x, π) = Σ π(a | xᵢ) over the actions of that cluster. */
  readonly target: Float64Array;
} & (
  | {
      /** [n] p(c | x, π₀), the same of the log's policy. */
      readonly logged: Float64Array;
    }
  | {
      /** [n] cluster of the logged action, from 0: with it those probabilities are estimated. */
      readonly clusters: Int32Array;
    }
);

/**
 * The log with clusters in the place of actions: weights become p(c | x, π) / p(c | x, π₀) (Saito and Joachims 2022,
 * section 3, with clusters that are a function of the action). They vary less than those of actions, and are right
 * where the reward depends on the action through its cluster alone, even where the log never takes some actions of a
 * cluster. Where it depends on more, IPS is off by Σ_c p(c | x, π) Σ_a (p(a | x, c, π₀) − p(a | x, c, π)) q(x, a).
 *
 * From cluster numbers each probability is its cluster's share of the log, and the log counts as estimated: right only
 * where the log's policy takes no account of the context.
 *
 * A model of rewards is kept; with it DR asks of clusters only what the model misses, and is right where what the
 * model misses is the same for all actions of a cluster (Saito, Ren and Joachims 2023, local correctness). Mass that the log
 * does not support is about actions, and is dropped.
 *
 * @throws when columns are out of range, differ in length, or clusters are negative.
 * @example marginalisedRounds(rounds, { clusters, target }).provenance // "estimated"
 */
export function marginalisedRounds(rounds: LoggedRounds, columns: ClusterColumns): LoggedRounds {
  const { rewards, model, users, size, provenance } = rounds;
  for (const [name, column] of Object.entries(columns))
    if (column.length !== size)
      throw new Error(`marginalisedRounds requires ${name} of ${size} rounds, got ${column.length}`);
  const known = "logged" in columns;
  return loggedRounds({
    ...{ rewards, targetProbabilities: columns.target },
    propensities: known ? columns.logged : sharesOf(columns.clusters),
    provenance: known ? provenance : "estimated",
    ...(model && { model }),
    ...(users && { users }),
  });
}

/**
 * Σ of probabilities over the actions that share the logged action's cluster.
 *
 * @param probabilities [n × A], one row a round
 * @param clusterOf [A] cluster of each action
 * @param actions [n] what was logged
 * @returns [n]
 * @example clusterProbabilities(Float64Array.of(0.5, 0.2, 0.3), Int32Array.of(0, 1, 0), Int32Array.of(2)) // [0.8]
 */
export function clusterProbabilities(
  probabilities: Float64Array,
  clusterOf: Int32Array,
  actions: Int32Array,
): Float64Array {
  const count = clusterOf.length;
  if (probabilities.length !== actions.length * count)
    throw new Error(
      `clusterProbabilities requires ${actions.length} × ${count} probabilities, got ${probabilities.length}`,
    );
  return Float64Array.from(actions, (action, i) => {
    let sum = 0;
    for (let a = 0; a < count; a++)
      if (clusterOf[a] === clusterOf[action]) sum += probabilities[i * count + a];
    return Math.min(sum, 1);
  });
}

/** MIPS: IPS on clusters. Both take `marginalisedRounds` and their weights. */
export const marginalisedIps: Estimator = { ...ips, name: "mips" };

/** SNMIPS: the same, self-normalised. */
export const selfNormalisedMips: Estimator = { ...snips, name: "snmips" };

/** [n] share of the log that each round's cluster has. */
function sharesOf(clusters: Int32Array): Float64Array {
  let largest = 0;
  for (const cluster of clusters) {
    if (cluster < 0) throw new Error(`marginalisedRounds requires clusters from 0, got ${cluster}`);
    largest = Math.max(largest, cluster);
  }
  const counts = new Int32Array(largest + 1);
  for (const cluster of clusters) counts[cluster]++;
  return Float64Array.from(clusters, (cluster) => counts[cluster] / clusters.length);
}
