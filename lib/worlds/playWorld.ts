import type { Random } from "../math/random";
import type { Environments, Steps } from "./environment";
import type { Choice, WorldPolicy } from "./world";

export interface PlayOptions {
  /** γ in [0, 1] of the returns; 1, plain sums, by default. */
  readonly discount?: number;
  /** Steps after which watching ends; none by default. */
  readonly steps?: number;
  /** Told of every choice, before the world moves. */
  readonly before?: (chosen: Omit<PlayedStep, "result">) => void;
  /** Told of every step; `live` [n] is 1 for worlds that had not ended before. */
  readonly watch?: (played: PlayedStep) => void;
}

export interface PlayedStep {
  /** from 0 */
  readonly step: number;
  /** [n × O], before the choice */
  readonly observations: Float32Array;
  readonly choice: Choice;
  readonly result: Steps;
  readonly live: Uint8Array;
}

/**
 * One episode in each world, all side by side, by a policy that chooses.
 *
 * @returns returns [n], Σ γᵗ rₜ of each episode, and [n] how many steps it had
 */
export function playWorld(
  policy: WorldPolicy,
  environments: Environments,
  random: Random,
  { discount = 1, steps = Number.POSITIVE_INFINITY, before, watch }: PlayOptions = {},
): { readonly returns: Float64Array; readonly steps: Int32Array } {
  const { size } = environments;
  const returns = new Float64Array(size);
  const lengths = new Int32Array(size);
  const live = new Uint8Array(size).fill(1);
  const choosing = random.fork("choices");
  let observations = environments.reset(random.fork("worlds"));
  let running = size;
  for (let step = 0, weight = 1; running > 0 && step < steps; step++, weight *= discount) {
    const choice = policy.choose(observations, choosing);
    before?.({ step, observations, choice, live });
    const result = environments.step(choice.actions);
    watch?.({ step, observations, choice, result, live });
    for (let i = 0; i < size; i++) {
      if (live[i] === 0) continue;
      returns[i] += weight * result.rewards[i];
      lengths[i]++;
      if (result.terminated[i] === 1 || result.truncated[i] === 1) {
        live[i] = 0;
        running--;
      }
    }
    observations = result.observations;
  }
  return { returns, steps: lengths };
}
