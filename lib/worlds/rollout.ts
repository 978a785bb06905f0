import type { Random } from "../math/random";
import type { Environments, Steps } from "./environment";

/** Whatever acts: an agent is one. [n × O] → [n × A] */
export interface Acting {
  act(observations: Float32Array): Float32Array;
}

export interface RolloutOptions {
  /** γ in [0, 1] of the returns; 1, plain sums, by default. */
  readonly discount?: number;
  /** Told of every step: what was seen, done, and came of it. `live` [n] is 1 for worlds that had not ended before. */
  readonly watch?: (seen: Float32Array, actions: Float32Array, steps: Steps, live: Uint8Array) => void;
}

/**
 * One episode in each world, all side by side: one call of `act` a step.
 *
 * @returns [n] the return of each episode, Σ γᵗ rₜ
 * @throws when the policy gives another number of actions.
 */
export function rollout(
  policy: Acting,
  environments: Environments,
  random: Random,
  { discount = 1, watch }: RolloutOptions = {},
): Float64Array {
  const { size } = environments;
  const returns = new Float64Array(size);
  const live = new Uint8Array(size).fill(1);
  let observations = environments.reset(random);
  for (let weight = 1, running = size; running > 0; weight *= discount) {
    const actions = policy.act(observations);
    const steps = environments.step(actions);
    watch?.(observations, actions, steps, live);
    for (let i = 0; i < size; i++) {
      if (live[i] === 0) continue;
      returns[i] += weight * steps.rewards[i];
      if (steps.terminated[i] === 1 || steps.truncated[i] === 1) {
        live[i] = 0;
        running--;
      }
    }
    observations = steps.observations;
  }
  return returns;
}
