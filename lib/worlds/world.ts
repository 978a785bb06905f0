import type { Random } from "../math/random";
import type { Environments } from "./environment";

/** What a policy does in n worlds at once. */
export interface Choice {
  /** [n] choices, or [n × slots] */
  readonly actions: Int32Array;
  /** As long: the probability with which each was chosen, given the places above it. */
  readonly propensities: Float64Array;
}

/** Chooses in worlds whose actions are choices or slates. */
export interface WorldPolicy {
  readonly name: string;
  /** @param observations [n × O] */
  choose(observations: Float32Array, random: Random): Choice;
  /** π(a|observation) [n] of actions [n], whoever chose them; of slates [n × slots], each place given those above. */
  probabilities(observations: Float32Array, actions: Int32Array): Float64Array;
}

/** One of the things that can be shown. */
export interface WorldItem {
  readonly id: string;
  readonly title: string;
  readonly genres?: string;
}

export interface PolicyOptions {
  /** Share of random choices, for `epsilon-greedy`; .1 by default. */
  readonly epsilon?: number;
  /** What `optimal` is optimal at; 1 by default. */
  readonly discount?: number;
}

/** A simulator of readers whose truth is known. */
export interface World {
  readonly name: string;
  /** [N] what the choices stand for. */
  readonly items: readonly WorldItem[];
  /** [n × choices] what each choice is now, as rows of `items`; where there is no such function choices are the items. */
  itemsOf?(observations: Float32Array): Int32Array;
  /** Readers side by side; an episode of one ends when it leaves, or at the world's own limit. */
  environments(size: number): Environments;
  /** Names that `policy` knows, such as random, greedy (myopic, knows the world) and optimal. */
  readonly policies: readonly string[];
  /**
   * @param environments the worlds that it will choose in: those that know the truth look into them
   * @throws on an unknown name.
   */
  policy(name: string, environments: Environments, options?: PolicyOptions): WorldPolicy;
  /** Whether an item that was shown to a reader earns nothing when it is shown again. */
  readonly isOnce?: boolean;
  /** [n] rows of what readers are known to have received well before this episode; nothing where there is no such function. */
  startsOf?(environments: Environments): readonly ArrayLike<number>[];
  /** Exact value of a policy from the start, at this discount, where the world is small enough. */
  value?(policy: string | WorldPolicy, discount: number, options?: PolicyOptions): number;
}
