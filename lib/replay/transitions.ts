import type { Histories } from "../data/histories";
import type { Interactions } from "../data/interactions";
import { discountedReturns } from "./returns";
import { rewardColumn } from "./rewardColumn";
import type { Reward } from "./rewards";

/** Transitions without their states: what all kinds have. */
export interface TransitionColumns {
  readonly size: number;
  readonly stateSize: number;
  readonly actionSize: number;
  /** [N × A] one vector an item */
  readonly actionTable: Float32Array;
  /** [size] rows of the state table */
  readonly stateRows: Int32Array;
  readonly nextStateRows: Int32Array;
  /** [size] rows of the action table: the item taken */
  readonly itemRows: Int32Array;
  readonly rewards: Float32Array;
  /** [size] 1 where the world ended */
  readonly terminals: Uint8Array;
  /** [size] discounted return of the log from the action on; see `discountedReturns` */
  readonly returns?: Float32Array;
  /** What had been had by each next state; absent where items are never used up. */
  readonly seen?: SeenStretches;
}

/**
 * What happened, as columns: in state s the item a was taken, gave reward r and led to state s′. States and
 * action vectors are row numbers of two shared tables, so nothing is copied and a state that ends one
 * transition and starts the next is held once.
 */
export interface Transitions extends TransitionColumns {
  /** [R × S] */
  readonly stateTable: Float32Array;
}

/** The same over states that are too many for a table in memory: they are asked for by row. */
export interface StoredTransitions extends TransitionColumns {
  readonly states: StateRows;
}

/** Rows of states, wherever they are kept (`stateCache`). */
export interface StateRows {
  /** R */
  readonly size: number;
  /** [n × S] */
  after(rows: ArrayLike<number>): Float32Array;
}

/** R: how many states some transitions are between. */
export function stateCount(transitions: Transitions | StoredTransitions): number {
  return "states" in transitions
    ? transitions.states.size
    : transitions.stateTable.length / transitions.stateSize;
}

/** Stretches of one list of items: transition t has had items[starts[t]] .. items[ends[t]], the end left out. */
export interface SeenStretches {
  readonly items: Int32Array;
  /** the rating or weight of each */
  readonly weights: Float32Array;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
}

export interface TransitionSource<States extends Float32Array | StateRows = Float32Array> {
  readonly interactions: Interactions;
  /** The train rows' histories. */
  readonly histories: Histories;
  /** [entries × S] the state after each entry (an encoder's `encodePositions`), or what gives them by row. */
  readonly states: States;
  readonly stateSize: number;
  /** [N × A] */
  readonly itemVectors: Float32Array;
  readonly actionSize: number;
  readonly reward: Reward;
  /** [users] for rewards that look at the user's mean; fitted on these histories by default. */
  readonly userMeans?: Float64Array;
  /** [entries] 1 where a world ended after the entry. Ratings never end: the log just stops. */
  readonly terminals?: Uint8Array;
  /** γ of the returns column; .9 by default. */
  readonly discount?: number;
}

/**
 * The decision problem: the state is the reader's history so far, the action the next item,
 * the reward what the entry was worth, and the next state the history with it. So entry e (not the first of
 * its history) gives the transition from the state after entry e − 1 to the state after entry e.
 *
 * A first entry has no state before it and gives none. The end of the log is truncation: the last entry's next
 * state is known and its transition stays, with terminal 0, so its value is still bootstrapped; what would
 * follow it has no next state and does not exist. Terminal is 1 only where a world says so.
 *
 * @throws when the tables do not fit the histories.
 * @example a history of 5 entries gives 4 transitions
 */
export function transitionsOf(source: TransitionSource): Transitions;
export function transitionsOf(
  source: TransitionSource<Float32Array | StateRows>,
): Transitions | StoredTransitions;
export function transitionsOf(
  source: TransitionSource<Float32Array | StateRows>,
): Transitions | StoredTransitions {
  const { interactions, histories, states, stateSize, itemVectors, actionSize, reward, userMeans } = source;
  const entries = histories.items.length;
  const numbers = states instanceof Float32Array ? states.length : states.size * stateSize;
  if (!(stateSize >= 1) || numbers !== entries * stateSize)
    throw new Error(
      `transitionsOf requires ${entries} states of ${stateSize} numbers, got ${numbers} numbers`,
    );
  if (!(actionSize >= 1) || itemVectors.length % actionSize !== 0)
    throw new Error(
      `transitionsOf requires item vectors of ${actionSize} numbers, got ${itemVectors.length} in all`,
    );
  if (source.terminals && source.terminals.length !== entries)
    throw new Error(`transitionsOf requires ${entries} terminals, got ${source.terminals.length}`);
  const rewards = rewardColumn(interactions, histories, reward, userMeans ? { userMeans } : {});
  let size = 0;
  for (let h = 0; h < histories.size; h++)
    size += Math.max(0, histories.offsets[h + 1] - histories.offsets[h] - 1);
  const taken = new Int32Array(size); // the entry of each transition
  let next = 0;
  const starts = new Int32Array(size); // where each transition's history begins
  for (let h = 0; h < histories.size; h++)
    for (let e = histories.offsets[h] + 1; e < histories.offsets[h + 1]; e++) {
      starts[next] = histories.offsets[h];
      taken[next++] = e;
    }
  const returns = discountedReturns(histories, rewards, source.discount ?? 0.9);
  const itemRows = taken.map((e) => histories.items[e]);
  for (const row of itemRows)
    if (!(row >= 0 && row * actionSize < itemVectors.length))
      throw new Error(`transitionsOf requires item rows that have a vector, got ${row}`);
  return {
    size,
    stateSize,
    actionSize,
    ...(states instanceof Float32Array ? { stateTable: states } : { states }),
    actionTable: itemVectors,
    stateRows: taken.map((e) => e - 1),
    nextStateRows: taken,
    itemRows,
    rewards: Float32Array.from(taken, (e) => rewards[e]),
    terminals: Uint8Array.from(taken, (e) => source.terminals?.[e] ?? 0),
    returns: Float32Array.from(taken, (e) => returns[e]),
    seen: { items: histories.items, weights: histories.weights, starts, ends: taken.map((e) => e + 1) },
  };
}

/**
 * Smallest and largest value any policy could have: [r_min / (1 − γ), r_max / (1 − γ)] over these rewards.
 * Q estimates outside it are wrong, whatever the policy.
 *
 * @example rewards in [−1, 1], discount .9: [−10, 10]
 */
export function valueBounds(rewards: Float32Array, discount: number): readonly [number, number] {
  if (rewards.length === 0) throw new Error("valueBounds requires at least one reward, got none");
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const reward of rewards) {
    low = Math.min(low, reward);
    high = Math.max(high, reward);
  }
  return [low / (1 - discount), high / (1 - discount)];
}
