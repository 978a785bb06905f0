/** A decision process so small that everything about it can be counted out. S states, A actions. */
export interface TabularWorld {
  /** S */
  readonly states: number;
  /** A */
  readonly actions: number;
  /** [S] probability to begin there */
  readonly start: Float64Array;
  /** [S × A × S] probability of the next state */
  readonly transitions: Float64Array;
  /** [S × A × S] earned on the way there */
  readonly rewards: Float64Array;
  /** [S] 1 where the world ends on arrival */
  readonly terminals: Uint8Array;
  /** Steps after which watching ends, from 1. */
  readonly horizon: number;
}

/** Tables as nested lists, which a hand can write. */
export interface TabularWorldParts {
  readonly start: readonly number[];
  /** [S][A][S] */
  readonly transitions: readonly (readonly (readonly number[])[])[];
  /** [S][A][S], or [S][A] where the next state does not matter */
  readonly rewards: readonly (readonly (number | readonly number[])[])[];
  /** States in which the world ends; none by default. */
  readonly terminals?: readonly number[];
  readonly horizon: number;
}

/**
 * Checks the tables of a world.
 *
 * @throws when a table has another shape, probabilities do not sum to 1, a reward is not finite, the world could begin
 *   where it ends, or the horizon is not a whole number from 1.
 * @example
 * tabularWorld({ start: [1], transitions: [[[1], [1]]], rewards: [[0, 1]], horizon: 3 }).actions // 2: a bandit, three times
 */
export function tabularWorld(parts: TabularWorldParts): TabularWorld {
  const { start, transitions, rewards, horizon, terminals = [] } = parts;
  const [states, actions] = [start.length, transitions[0]?.length ?? 0];
  const fail = (wanted: string): never => {
    throw new Error(`tabularWorld requires ${wanted}`);
  };
  if (!(Number.isInteger(horizon) && horizon >= 1)) fail(`a horizon from 1, got ${horizon}`);
  if (states === 0 || actions === 0) fail(`at least one state and action, got ${states} and ${actions}`);
  if (transitions.length !== states || rewards.length !== states) fail(`tables of ${states} states`);
  distribution(start, states, "the start");
  const world = {
    ...{ states, actions, horizon, start: Float64Array.from(start) },
    transitions: new Float64Array(states * actions * states),
    rewards: new Float64Array(states * actions * states),
    terminals: new Uint8Array(states),
  };
  for (let s = 0; s < states; s++) {
    if (transitions[s].length !== actions || rewards[s].length !== actions)
      fail(`${actions} actions in each state, got others in state ${s}`);
    for (let a = 0; a < actions; a++) {
      distribution(transitions[s][a], states, `action ${a} of state ${s}`);
      const earned = rewards[s][a];
      const each = typeof earned === "number" ? new Array<number>(states).fill(earned) : earned;
      if (each.length !== states || !each.every(Number.isFinite))
        fail(`a finite reward for action ${a} of state ${s}, got ${earned}`);
      world.transitions.set(transitions[s][a], (s * actions + a) * states);
      world.rewards.set(each, (s * actions + a) * states);
    }
  }
  for (const s of terminals) {
    if (!(s >= 0 && s < states)) fail(`terminal states below ${states}, got ${s}`);
    if (start[s] > 0) fail(`a start in states that do not end, got ${s}`);
    world.terminals[s] = 1;
  }
  return world;
}

function distribution(probabilities: readonly number[], size: number, where: string): void {
  const sum = probabilities.reduce((total, each) => total + each, 0);
  if (probabilities.length !== size || !probabilities.every((each) => each >= 0) || Math.abs(sum - 1) > 1e-9)
    throw new Error(
      `tabularWorld requires ${size} probabilities that sum to 1 for ${where}, got ${probabilities}`,
    );
}

/** What a policy is worth, counted out. */
export interface PolicyValue {
  /** Mean of Σ γᵗ rₜ over the horizon. */
  readonly value: number;
  /** [horizon + 1] tables [S × A]: Q(s, a) with so many steps to go; all 0 with none. */
  readonly tables: readonly Float64Array[];
  /** [horizon + 1] tables [S]: Σ_a π(a | s) Q(s, a) */
  readonly stateValues: readonly Float64Array[];
}

/**
 * The value of a policy by dynamic programming (Bellman 1957): Q_h(s, a) = Σ P(s′ | s, a) (r + γ V_h₋₁(s′)), V = 0 where
 * the world has ended.
 *
 * @param policy [S × A]
 * @throws when the policy is no distribution in some state.
 * @example 3 steps of a reward 1 at discount .5: value 1.75
 */
export function tabularValue(world: TabularWorld, policy: Float64Array, discount: number): PolicyValue {
  requirePolicy(world, policy);
  const { states, actions, start, horizon } = world;
  const tables = [new Float64Array(states * actions)];
  const stateValues = [new Float64Array(states)];
  for (let h = 1; h <= horizon; h++) {
    const [later, table] = [stateValues[h - 1], new Float64Array(states * actions)];
    const values = new Float64Array(states);
    for (let pair = 0; pair < table.length; pair++) {
      const s = Math.floor(pair / actions);
      for (let next = 0; next < states; next++) {
        const at = pair * states + next;
        table[pair] += world.transitions[at] * (world.rewards[at] + discount * later[next]);
      }
      if (world.terminals[s] === 1) table[pair] = 0; // ended: nothing more is earned
      values[s] += policy[pair] * table[pair];
    }
    tables.push(table);
    stateValues.push(values);
  }
  return { value: start.reduce((sum, p, s) => sum + p * stateValues[horizon][s], 0), tables, stateValues };
}

/** @throws when a policy [S × A] is no distribution in some state. */
export function requirePolicy(
  { states, actions }: Pick<TabularWorld, "states" | "actions">,
  policy: Float64Array,
) {
  if (policy.length !== states * actions)
    throw new Error(`requirePolicy requires ${states} × ${actions} probabilities, got ${policy.length}`);
  for (let s = 0; s < states; s++) {
    const own = policy.subarray(s * actions, (s + 1) * actions);
    const sum = own.reduce((total, each) => total + each, 0);
    if (!(own.every((each) => each >= 0) && Math.abs(sum - 1) < 1e-6))
      throw new Error(`requirePolicy requires probabilities that sum to 1 in state ${s}, got ${own}`);
  }
}
