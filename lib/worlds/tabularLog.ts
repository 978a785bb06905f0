import { drawFrom } from "../math/drawFrom";
import type { Random } from "../math/random";
import { requirePolicy, type TabularWorld } from "./tabularWorld";

/** Steps in a tabular world, columns of length n, user by user. */
export interface TabularLog {
  /** from 0, one a walk */
  readonly users: Int32Array;
  /** from 0 */
  readonly steps: Int32Array;
  readonly states: Int32Array;
  readonly actions: Int32Array;
  readonly rewards: Float64Array;
  /** probability with which the action was chosen */
  readonly propensities: Float64Array;
  /** 1 where the world ended with the step */
  readonly terminals: Uint8Array;
}

/**
 * Walks of a policy, one a user, until the world ends or the horizon is reached.
 *
 * @param policy [S × A]
 * @throws when the policy is no distribution in some state, or there is no user.
 * @example tabularLog(world, policy, { users: 100, random: random(1) }).users.at(-1) // 99
 */
export function tabularLog(
  world: TabularWorld,
  policy: Float64Array,
  { users, random }: { readonly users: number; readonly random: Random },
): TabularLog {
  requirePolicy(world, policy);
  if (!(Number.isSafeInteger(users) && users >= 1))
    throw new Error(`tabularLog requires at least one user, got ${users}`);
  const { states, actions } = world;
  const columns = emptyColumns();
  for (let user = 0; user < users; user++) {
    let state = drawFrom(world.start, random);
    for (let step = 0; step < world.horizon; step++) {
      const action = drawFrom(policy.subarray(state * actions, (state + 1) * actions), random);
      const pair = state * actions + action;
      const next = drawFrom(world.transitions.subarray(pair * states, (pair + 1) * states), random);
      append(columns, world, policy, { user, step, pair, next });
      if (world.terminals[next] === 1) break;
      state = next;
    }
  }
  return logOf(columns);
}

/** Every trajectory that a policy can take, each as a user of its own. */
export interface TabularTrajectories extends TabularLog {
  /** [users] how likely each trajectory is; they sum to 1. */
  readonly probabilities: Float64Array;
}

/**
 * Counts out all trajectories of a policy through a world. There are up to (A · S)^horizon of them.
 *
 * @param policy [S × A]
 * @example a bandit with two actions, both taken, over 3 steps: 8 trajectories
 */
export function tabularTrajectories(world: TabularWorld, policy: Float64Array): TabularTrajectories {
  requirePolicy(world, policy);
  const { states, actions, horizon, start, transitions, terminals } = world;
  const columns = emptyColumns();
  const probabilities: number[] = [];
  const trajectory: { pair: number; next: number }[] = [];
  const goOn = (state: number, probability: number): void => {
    if (trajectory.length === horizon || (trajectory.length > 0 && terminals[state] === 1)) {
      const user = probabilities.push(probability) - 1;
      trajectory.forEach((each, step) => {
        append(columns, world, policy, { user, step, ...each });
      });
      return;
    }
    for (let pair = state * actions; pair < (state + 1) * actions; pair++)
      for (let next = 0; next < states; next++) {
        const chance = probability * policy[pair] * transitions[pair * states + next];
        if (chance === 0) continue;
        trajectory.push({ pair, next });
        goOn(next, chance);
        trajectory.pop();
      }
  };
  start.forEach((probability, state) => {
    if (probability > 0) goOn(state, probability);
  });
  return { ...logOf(columns), probabilities: Float64Array.from(probabilities) };
}

function emptyColumns() {
  const column = (): number[] => [];
  return {
    ...{ users: column(), steps: column(), states: column(), actions: column() },
    ...{ rewards: column(), propensities: column(), terminals: column() },
  };
}

function append(
  columns: ReturnType<typeof emptyColumns>,
  world: TabularWorld,
  policy: Float64Array,
  at: { readonly user: number; readonly step: number; readonly pair: number; readonly next: number },
): void {
  const { user, step, pair, next } = at;
  columns.users.push(user);
  columns.steps.push(step);
  columns.states.push(Math.floor(pair / world.actions));
  columns.actions.push(pair % world.actions);
  columns.rewards.push(world.rewards[pair * world.states + next]);
  columns.propensities.push(policy[pair]);
  columns.terminals.push(world.terminals[next]);
}

function logOf(columns: ReturnType<typeof emptyColumns>): TabularLog {
  return {
    users: Int32Array.from(columns.users),
    steps: Int32Array.from(columns.steps),
    states: Int32Array.from(columns.states),
    actions: Int32Array.from(columns.actions),
    rewards: Float64Array.from(columns.rewards),
    propensities: Float64Array.from(columns.propensities),
    terminals: Uint8Array.from(columns.terminals),
  };
}
