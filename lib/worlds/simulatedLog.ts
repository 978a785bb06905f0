import { InputError } from "../data/inputError";
import type { Random } from "../math/random";
import { sizeOf } from "./environment";
import { playWorld } from "./playWorld";
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
  /** probability with which this item was shown here, given those above */
  readonly propensities: Float64Array;
  /** K */
  readonly slots: number;
  /** [readers] 1 where the reader left for good, 0 where watching ended before */
  readonly left: Uint8Array;
  /** Share of the places that the world knows little about, where it says so (`info.supported`). */
  readonly unsupported?: number;
  /** How other policies would have filled the place. */
  readonly targets: readonly SimulatedTarget[];
}

export interface SimulatedTarget {
  readonly name: string;
  /** [n × N] probability of every item at that place, given those that were shown above */
  readonly probabilities: Float64Array;
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

/** Targets are logged in worlds of up to so many choices. */
const mostChoices = 200;

/**
 * Plays a policy with readers of a world and keeps what was shown, with its probability, and what it earned. Targets
 * see what the policy saw, before its choice. Where several choices are the same item, as documents of one topic,
 * probabilities are the item's.
 *
 * @throws on an unknown policy, or targets in a world of more than 200 choices.
 */
export function simulateLog(
  world: World,
  policyName: string,
  { users, steps, random, targets = [], policy: options }: SimulateOptions,
): SimulatedLog {
  const environments = world.environments(users);
  const { actionSpace } = environments;
  if (actionSpace.kind === "box")
    throw new Error(`simulateLog requires choices or slates, got ${actionSpace.kind}`);
  const [choices, slots] = [actionSpace.size, sizeOf(actionSpace)];
  if (targets.length > 0 && choices > mostChoices)
    throw new InputError(
      `simulateLog requires up to ${mostChoices} choices where there are targets, got ${choices}`,
    );
  const policy = world.policy(policyName, environments, options);
  const others = targets.map((name) => ({
    name,
    policy: world.policy(name, environments, options),
    probabilities: [] as number[],
  }));
  const columns = { users: [] as number[], steps: [] as number[], positions: [] as number[] };
  const [items, rewards, propensities]: [number[], number[], number[]] = [[], [], []];
  const count = world.items.length;
  let shown: Int32Array;
  let own: Float64Array | undefined;
  let unsupported: number | undefined;
  const left = new Uint8Array(users);
  playWorld(policy, environments, random, {
    steps,
    before({ observations, choice: { actions }, live }) {
      const rows = world.itemsOf?.(observations);
      shown = rows ? actions.map((action, at) => rows[Math.floor(at / slots) * choices + action]) : actions;
      const shape = { choices, slots, items: count, rows };
      own = rows && itemProbabilities(policy, observations, actions, shape);
      for (const other of others) {
        const all = itemProbabilities(other.policy, observations, actions, shape);
        for (let i = 0; i < users; i++)
          if (live[i] === 1)
            for (let at = i * slots * count; at < (i + 1) * slots * count; at++)
              other.probabilities.push(all[at]);
      }
    },
    watch({ step, choice: { propensities: chosen }, result, live }) {
      const earned = result.info?.earned ?? result.rewards;
      const supported = result.info?.supported;
      for (let i = 0; i < users; i++) {
        if (live[i] === 0) continue;
        left[i] = result.terminated[i];
        if (supported !== undefined) unsupported = (unsupported ?? 0) + 1 - supported[i];
        for (let at = i * slots; at < (i + 1) * slots; at++) {
          columns.users.push(i);
          columns.steps.push(step);
          columns.positions.push(at - i * slots);
          items.push(shown[at]);
          rewards.push(earned[at]);
          propensities.push(own ? own[at * count + shown[at]] : chosen[at]);
        }
      }
    },
  });
  return {
    users: Int32Array.from(columns.users),
    steps: Int32Array.from(columns.steps),
    positions: Int32Array.from(columns.positions),
    items: Int32Array.from(items),
    rewards: Float64Array.from(rewards),
    propensities: Float64Array.from(propensities),
    slots,
    left,
    ...(unsupported !== undefined && { unsupported: unsupported / (items.length / slots) }),
    targets: others.map(({ name, probabilities }) => ({
      name,
      probabilities: Float64Array.from(probabilities),
    })),
  };
}

/** [n × slots × N] with which each item would fill each place, under what was shown above it. */
function itemProbabilities(
  policy: WorldPolicy,
  observations: Float32Array,
  actions: Int32Array,
  {
    choices,
    slots,
    items,
    rows,
  }: { readonly choices: number; readonly slots: number; readonly items: number; readonly rows?: Int32Array },
): Float64Array {
  const all = new Float64Array(actions.length * items);
  for (let choice = 0; choice < choices; choice++)
    for (let place = 0; place < slots; place++) {
      const asked = Int32Array.from(actions);
      for (let at = place; at < asked.length; at += slots) asked[at] = choice;
      const found = policy.probabilities(observations, asked);
      for (let at = place; at < asked.length; at += slots) {
        const item = rows ? rows[Math.floor(at / slots) * choices + choice] : choice;
        all[at * items + item] += found[at];
      }
    }
  return all;
}
