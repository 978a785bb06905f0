import { actionValues, type DecisionTables, plan } from "./decisionTables";
import type { WorldPolicy } from "./world";

/** A policy as a table. */
export interface TablePolicy {
  readonly name: string;
  /** [S × A] π(a | s) */
  readonly probabilities: Float64Array;
}

/** A policy that leaves a share ε of its choices to chance. */
export function withChance(probabilities: Float64Array, epsilon: number, actions: number): Float64Array {
  return probabilities.map((share) => (1 - epsilon) * share + epsilon / actions);
}

/** The highest of each row, the first of equal ones. [S × A] → [S × A] of zeros and ones */
export function bestOf(values: Float64Array, actions: number): Float64Array {
  const best = new Float64Array(values.length);
  for (let from = 0; from < values.length; from += actions) {
    let top = from;
    for (let at = from + 1; at < from + actions; at++) if (values[at] > values[top]) top = at;
    best[top] = 1;
  }
  return best;
}

/** softmax(values / temperature) of each row. [S × A] */
export function softmaxOf(values: Float64Array, temperature: number, actions: number): Float64Array {
  const shares = new Float64Array(values.length);
  for (let from = 0; from < values.length; from += actions) {
    const row = values.subarray(from, from + actions);
    const most = Math.max(...row);
    let sum = 0;
    for (let a = 0; a < actions; a++) {
      shares[from + a] = Math.exp((row[a] - most) / temperature);
      sum += shares[from + a];
    }
    for (let a = 0; a < actions; a++) shares[from + a] /= sum;
  }
  return shares;
}

/**
 * Policies of all kinds between the best and the worst, from what is known of the world: chance, greedy and optimal
 * choices with more and less chance, softmax over optimal values, and the worst choice half of the time.
 */
export function knownPolicies(tables: DecisionTables, discount: number): readonly TablePolicy[] {
  const { actions, rewards } = tables;
  const values = plan(tables, discount).actionValues;
  const [greedy, optimal] = [bestOf(rewards, actions), bestOf(values, actions)];
  const worst = bestOf(
    values.map((value) => -value),
    actions,
  );
  const mixed = (name: string, table: Float64Array, epsilons: readonly number[]): TablePolicy[] =>
    epsilons.map((epsilon) => ({
      name: epsilon === 0 ? name : `${name}, ε ${epsilon}`,
      probabilities: withChance(table, epsilon, actions),
    }));
  return [
    { name: "random", probabilities: new Float64Array(rewards.length).fill(1 / actions) },
    ...mixed("greedy", greedy, [0, 0.1, 0.3, 0.5, 0.8]),
    ...mixed("optimal", optimal, [0, 0.1, 0.3, 0.5, 0.8]),
    ...[0.1, 0.3, 1].map((heat) => ({
      name: `softmax of optimal values, ${heat}`,
      probabilities: softmaxOf(values, heat, actions),
    })),
    ...mixed("worst", worst, [0.5, 0.8]),
  ];
}

/** A world's policy as a table. @param observations [S × O] of every state */
export function tableOf(
  { name, probabilities }: WorldPolicy,
  observations: Float32Array,
  { states, actions }: DecisionTables,
): TablePolicy {
  const table = new Float64Array(states * actions);
  for (let a = 0; a < actions; a++)
    probabilities(observations, new Int32Array(states).fill(a)).forEach((share, s) => {
      table[s * actions + a] = share;
    });
  return { name, probabilities: table };
}

/** What a policy does from state 0 on, counted out. */
export interface PlayedOut {
  /** Σ γᵗ E[rₜ] over the steps that are watched */
  readonly value: number;
  /** Mean reward of a step: all steps of all readers alike. */
  readonly perStep: number;
  /** [S] share of all steps that are taken in each state; they sum to 1. */
  readonly visits: Float64Array;
}

/** Readers that are left when nothing more is counted. */
const negligible = 1e-15;

/**
 * @param steps after which watching ends; none by default, then the process must end
 */
export function playedOut(
  tables: DecisionTables,
  { probabilities }: Pick<TablePolicy, "probabilities">,
  { discount, steps = 1_000_000 }: { readonly discount: number; readonly steps?: number },
): PlayedOut {
  const { states, actions, transitions } = tables;
  const gains = gainsOf(tables, probabilities);
  let here = new Float64Array(states);
  here[0] = 1;
  const visits = new Float64Array(states);
  let [value, earned, taken] = [0, 0, 0];
  for (let t = 0; t < steps; t++) {
    let [alive, gain] = [0, 0];
    const next = new Float64Array(states);
    for (let s = 0; s < states; s++) {
      if (here[s] === 0) continue;
      alive += here[s];
      visits[s] += here[s];
      gain += here[s] * gains[s];
      for (let a = 0; a < actions; a++) {
        const pair = s * actions + a;
        const share = here[s] * probabilities[pair];
        if (share === 0) continue;
        for (let to = 0; to < states; to++) next[to] += share * transitions[pair * states + to];
      }
    }
    if (alive < negligible) break;
    value += discount ** t * gain;
    earned += gain;
    taken += alive;
    here = next;
  }
  return { value, perStep: earned / taken, visits: visits.map((visit) => visit / taken) };
}

/**
 * What one-step estimators settle on, whatever the truth: the mean over the steps *of the log's policy* of what the target
 * would earn there. Where nothing that is done changes what comes it is the target's mean reward of a step.
 */
export function oneStepLimit(tables: DecisionTables, log: PlayedOut, target: Float64Array): number {
  return gainsOf(tables, target).reduce((sum, gain, s) => sum + log.visits[s] * gain, 0);
}

/** [S] Σ_a π(a | s) R(s, a) */
function gainsOf(tables: DecisionTables, probabilities: Float64Array): Float64Array {
  const rewards = actionValues(tables, new Float64Array(tables.states), 0);
  return Float64Array.from({ length: tables.states }, (_, s) => {
    let gain = 0;
    for (let pair = s * tables.actions; pair < (s + 1) * tables.actions; pair++)
      gain += probabilities[pair] * rewards[pair];
    return gain;
  });
}
