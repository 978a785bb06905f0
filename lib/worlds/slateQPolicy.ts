import type { SlateQ } from "../agents/slateQ/slateQ";
import type { SlateShape } from "../agents/slateQ/slateSteps";
import type { SlateRule } from "../agents/slateQ/slates";
import { scoredPolicy } from "./scoredPolicy";
import type { WorldPolicy } from "./world";

/**
 * What a recommender may see of each reader: the state [n × S] and the items on offer [n × m], which observations hold
 * one after the other, as those of interest-evolution do.
 */
export function splitObservations(
  observations: Float32Array,
  { stateSize, offers }: SlateShape,
): { readonly states: Float32Array; readonly candidates: Int32Array } {
  const width = stateSize + offers;
  const size = observations.length / width;
  const states = new Float32Array(size * stateSize);
  const candidates = new Int32Array(size * offers);
  for (let i = 0; i < size; i++) {
    states.set(observations.subarray(i * width, i * width + stateSize), i * stateSize);
    for (let c = 0; c < offers; c++) candidates[i * offers + c] = observations[i * width + stateSize + c];
  }
  return { states, candidates };
}

export interface SlateQPolicyOptions {
  /** How slates are made; as the agent's settings say by default. */
  readonly serve?: SlateRule;
  /** Share of places that are filled by chance, or what gives it as it is now; 0 by default. */
  readonly epsilon?: number | (() => number);
}

/**
 * An agent's slates, as it has learned to make them by then, place by place ε-greedy: a place is filled with the best
 * of the slate that is left, or with probability ε with anything that is.
 *
 * @example playWorld(slateQPolicy(agent), world.environments(2000), random(1)).returns
 */
export function slateQPolicy(
  agent: Pick<SlateQ, "name" | "shape" | "slates">,
  { serve, epsilon = 0 }: SlateQPolicyOptions = {},
): WorldPolicy {
  const { shape } = agent;
  const { offers, slots, stateSize } = shape;
  /** Places of the slate from the top: k, k − 1, …; all others 0. */
  const scores = (observations: Float32Array): Float64Array => {
    const { states, candidates } = splitObservations(observations, shape);
    const slates = agent.slates(states, candidates, serve);
    const ranks = new Float64Array(candidates.length);
    for (let at = 0; at < slates.length; at++)
      ranks[Math.floor(at / slots) * offers + slates[at]] = slots - (at % slots);
    return ranks;
  };
  const now = (): WorldPolicy =>
    scoredPolicy({
      ...{ name: agent.name, choices: offers, slots, scores },
      epsilon: typeof epsilon === "number" ? epsilon : epsilon(),
      width: stateSize + offers,
    });
  now(); // refuses a bad ε at once
  return {
    name: agent.name,
    choose: (observations, random) => now().choose(observations, random),
    probabilities: (observations, actions) => now().probabilities(observations, actions),
  };
}
