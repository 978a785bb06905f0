import type { Random } from "../math/random";
import { sizeOf } from "./environment";
import type { PolicyOptions, World, WorldPolicy } from "./world";

/** What a policy did in a world, a row for each place that was filled; columns of length n, in the order of time. */
export interface SimulatedLog {
  /** from 0 */
  readonly users: Int32Array;
  /** of the user, from 0 */
  readonly steps: Int32Array;
  /** from 0, the top first; 0 where one thing is shown */
  readonly positions: Int32Array;
  /** rows of `World.items` */
  readonly items: Int32Array;
  /** what this place earned */
  readonly rewards: Float64Array;
  /** probability with which this place was filled so, given those above */
  readonly propensities: Float64Array;
  /** K */
  readonly slots: number;
  /** How other policies would have filled the place. */
  readonly targets: readonly SimulatedTarget[];
}

export interface SimulatedTarget {
  readonly name: string;
  /** [n] of what was shown, given the places above */
  readonly probabilities: Float64Array;
  /** [n × N] of every item, where one thing is shown out of a catalogue */
  readonly all?: Float64Array;
}

export interface SimulateOptions {
  readonly users: number;
  /** Steps after which watching ends; the world's own end by default. */
  readonly steps?: number;
  readonly random: Random;
  /** Policies whose probabilities are logged beside. */
  readonly targets?: readonly string[];
  readonly policy?: PolicyOptions;
}

/** Whole distributions are logged up to so many items. */
const mostItems = 200;

/**
 * Plays a policy with readers of a world and keeps what was shown, with its probability, and what it earned. Targets
 * see what the policy saw, before its choice.
 *
 * @throws on an unknown policy.
 */
export function simulateLog(
  world: World,
  policyName: string,
  { users, steps = Number.POSITIVE_INFINITY, random, targets = [], policy: options }: SimulateOptions,
): SimulatedLog {
  const environments = world.environments(users);
  const slots = sizeOf(environments.actionSpace);
  const choices = environments.actionSpace.kind === "choices" ? environments.actionSpace.size : 0;
  const policy = world.policy(policyName, environments, options);
  const others = targets.map((name) => ({
    name,
    policy: world.policy(name, environments, options),
    probabilities: [] as number[],
    all: choices > 0 && choices <= mostItems ? ([] as number[]) : undefined,
  }));
  const columns = { users: [] as number[], steps: [] as number[], positions: [] as number[] };
  const [items, rewards, propensities]: [number[], number[], number[]] = [[], [], []];
  const live = new Uint8Array(users).fill(1);
  const choosing = random.fork("choices");
  let observations = environments.reset(random.fork("worlds"));
  let running = users;
  for (let step = 0; running > 0 && step < steps; step++) {
    const choice = policy.choose(observations, choosing);
    for (const other of others) {
      const chosen = other.policy.probabilities(observations, choice.actions);
      const all = other.all && distributions(other.policy, observations, { users, choices });
      for (let i = 0; i < users; i++) {
        if (live[i] === 0) continue;
        for (let k = 0; k < slots; k++) other.probabilities.push(chosen[i * slots + k]);
        if (all) for (let item = 0; item < choices; item++) other.all?.push(all[i * choices + item]);
      }
    }
    const result = environments.step(choice.actions);
    const shown = (result.info?.items as Int32Array | undefined) ?? choice.actions;
    const earned = result.info?.earned ?? result.rewards;
    for (let i = 0; i < users; i++) {
      if (live[i] === 0) continue;
      for (let k = 0; k < slots; k++) {
        columns.users.push(i);
        columns.steps.push(step);
        columns.positions.push(k);
        items.push(shown[i * slots + k]);
        rewards.push(earned[i * slots + k]);
        propensities.push(choice.propensities[i * slots + k]);
      }
      if (result.terminated[i] === 1 || result.truncated[i] === 1) {
        live[i] = 0;
        running--;
      }
    }
    observations = result.observations;
  }
  return {
    users: Int32Array.from(columns.users),
    steps: Int32Array.from(columns.steps),
    positions: Int32Array.from(columns.positions),
    items: Int32Array.from(items),
    rewards: Float64Array.from(rewards),
    propensities: Float64Array.from(propensities),
    slots,
    targets: others.map(({ name, probabilities, all }) => ({
      name,
      probabilities: Float64Array.from(probabilities),
      ...(all && { all: Float64Array.from(all) }),
    })),
  };
}

/** [users × choices] */
function distributions(
  policy: WorldPolicy,
  observations: Float32Array,
  { users, choices }: { readonly users: number; readonly choices: number },
): Float64Array {
  const all = new Float64Array(users * choices);
  for (let item = 0; item < choices; item++)
    policy.probabilities(observations, new Int32Array(users).fill(item)).forEach((probability, i) => {
      all[i * choices + item] = probability;
    });
  return all;
}
