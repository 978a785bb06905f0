/** A decision process as tables: what it earns, and where it goes. What a row of the transitions lacks to 1 ends it. */
export interface DecisionTables {
  /** S */
  readonly states: number;
  /** A */
  readonly actions: number;
  /** [S × A] expected reward */
  readonly rewards: Float64Array;
  /** [S × A × S] probability of each next state */
  readonly transitions: Float64Array;
}

/** Values differ by less than this where iterating stops. */
const tolerance = 1e-14;

/** Q(s, a) = R(s, a) + γ Σ T(s, a, s′) V(s′). [S × A] */
export function actionValues(tables: DecisionTables, values: Float64Array, discount: number): Float64Array {
  const { states, actions, rewards, transitions } = tables;
  return Float64Array.from({ length: states * actions }, (_, sa) => {
    let next = 0;
    for (let s = 0; s < states; s++) next += transitions[sa * states + s] * values[s];
    return rewards[sa] + discount * next;
  });
}

/**
 * The best that can be done, by value iteration (Bellman 1957): V ← maxₐ Q until nothing changes.
 *
 * @returns V [S], Q [S × A], and the best action of each state [S], the first of equal ones
 * @throws when values do not settle: discount 1 in a process that goes on for ever.
 */
export function plan(tables: DecisionTables, discount: number) {
  const { states, actions } = tables;
  const values = settled(
    tables,
    (q, s) => {
      let best = q[s * actions];
      for (let a = 1; a < actions; a++) best = Math.max(best, q[s * actions + a]);
      return best;
    },
    discount,
  );
  const q = actionValues(tables, values, discount);
  const policy = Int32Array.from({ length: states }, (_, s) => {
    let best = 0;
    for (let a = 1; a < actions; a++) if (q[s * actions + a] > q[s * actions + best]) best = a;
    return best;
  });
  return { values, actionValues: q, policy };
}

/** V [S] of a policy given as probabilities [S × A]. @throws as `plan` does. */
export function evaluatePolicy(
  tables: DecisionTables,
  probabilities: Float64Array,
  discount: number,
): Float64Array {
  const { actions } = tables;
  return settled(
    tables,
    (q, s) => {
      let mean = 0;
      for (let a = 0; a < actions; a++) mean += probabilities[s * actions + a] * q[s * actions + a];
      return mean;
    },
    discount,
  );
}

function settled(
  tables: DecisionTables,
  stateValue: (q: Float64Array, state: number) => number,
  discount: number,
): Float64Array {
  if (!(discount >= 0 && discount <= 1)) throw new Error(`a discount lies in [0, 1], got ${discount}`);
  let values = new Float64Array(tables.states);
  for (let pass = 0; pass < 200_000; pass++) {
    const q = actionValues(tables, values, discount);
    const next = values.map((_, s) => stateValue(q, s));
    const change = next.reduce((most, value, s) => Math.max(most, Math.abs(value - values[s])), 0);
    values = next;
    if (change < tolerance * Math.max(1, Math.abs(values[0]))) return values;
  }
  throw new Error(`values of ${tables.states} states do not settle at discount ${discount}`);
}
