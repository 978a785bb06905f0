import type { EncoderWindows } from "../encoders/trainableEncoder";
import { requireShape } from "../tensors/shapes";
import type { Tensor1D, Tensor2D } from "../tensors/tf";

/**
 * Transitions that are learned from together. B batch, S state, A action.
 * Rewards and terminals are columns [B, 1], like the values they meet: a reward [B] would broadcast against
 * Q [B, 1] to [B, B] and train on nonsense without an error.
 */
export interface Batch {
  readonly size: number;
  /** [B, S] */
  readonly states: Tensor2D;
  /** [B, A] the vectors of the logged actions */
  readonly actions: Tensor2D;
  /** int32 [B] the item rows of the logged actions */
  readonly itemRows: Tensor1D;
  /** [B, 1] */
  readonly rewards: Tensor2D;
  /** [B, S] */
  readonly nextStates: Tensor2D;
  /** [B, 1] 1 where the world said that it ended, else 0 */
  readonly terminals: Tensor2D;
  /** [B, 1] discounted return of the log from the action on: always there in `train`, not in every log of a world */
  readonly returns?: Tensor2D;
  /** [B, 1] importance weights, where transitions were drawn by priority */
  readonly weights?: Tensor2D;
  /** What each user has had by the next state; absent where items are never used up. */
  readonly nextSeen?: Seen;
  /** Logits that retrieval adds to some items in the states, and in the next states; absent where it adds none. */
  readonly added?: Added;
  readonly nextAdded?: Added;
  /** Which items stand for a catalogue that is too large to meet whole, where a compiled step takes them. */
  readonly sample?: ItemSample;
  /** What the two states were read from, for encoders that learn along; shorter stretches are padded at their end. */
  readonly windows?: { readonly states: EncoderWindows; readonly nextStates: EncoderWindows };
  /** Hears target − Q of each transition from whoever learns (prioritised replay). */
  readonly onErrors?: (errors: Float32Array) => void;
  dispose(): void;
}

/** Pairs of a row of the batch and an item row; a pair may come twice. */
export interface Seen {
  readonly rows: Int32Array;
  readonly items: Int32Array;
  /** int32 [entries, 2] the same as a tensor, where a compiled step takes it */
  readonly places?: Tensor2D;
}

/**
 * Logits added to items where lists are made, beyond q·v/T + b: parts of the served score that depend on what a
 * user has had, such as an item's links to the newest ones. Entry k adds values[k] to item items[k] in the state of
 * row rows[k] of the batch; where a pair comes twice, both count.
 */
export interface Added {
  readonly rows: Int32Array;
  readonly items: Int32Array;
  readonly values: Float32Array;
  /** int32 [entries, 2] and [entries]: the same as tensors, where a compiled step takes them */
  readonly places?: Tensor2D;
  readonly logits?: Tensor1D;
}

/** Some items of a catalogue, for one batch. C sample. */
export interface ItemSample {
  /** int32 [C] */
  readonly rows: Tensor1D;
  /** int32 [B] where among them the logged items are */
  readonly labels: Tensor1D;
  /** [C] log of the probability with which each is there: what its logit is less */
  readonly correction: Tensor1D;
  /** What the batch's states add to them (`Batch.added`), by place among them. */
  readonly added?: Added;
}

/** What retrieval has to know of some states beside their numbers. */
export interface Situation {
  readonly seen?: Seen;
  readonly added?: Added;
}

/** What retrieval has to know of a batch's next states. */
export function nextSituation({ nextSeen, nextAdded }: Batch): Situation {
  return { seen: nextSeen, added: nextAdded };
}

/**
 * Tensors as a batch, shapes checked.
 * @throws when a shape does not fit, with its name; nothing is disposed then.
 */
export function batch(tensors: Omit<Batch, "size" | "dispose">): Batch {
  const { states, actions, itemRows, rewards, nextStates, terminals, returns, weights, nextSeen } = tensors;
  requireShape(states, [null, null], "states");
  const [size, stateSize] = states.shape;
  requireShape(actions, [size, null], "actions");
  requireShape(itemRows, [size], "itemRows");
  requireShape(rewards, [size, 1], "rewards");
  requireShape(nextStates, [size, stateSize], "nextStates");
  requireShape(terminals, [size, 1], "terminals");
  if (returns) requireShape(returns, [size, 1], "returns");
  if (weights) requireShape(weights, [size, 1], "weights");
  if (nextSeen && nextSeen.rows.length !== nextSeen.items.length)
    throw new Error(
      `batch requires nextSeen to be pairs, got ${nextSeen.rows.length} and ${nextSeen.items.length}`,
    );
  for (const name of ["added", "nextAdded"] as const) {
    const { rows, items, values } = tensors[name] ?? { rows: [], items: [], values: [] };
    if (rows.length !== items.length || rows.length !== values.length)
      throw new Error(
        `batch requires ${name} to be one row, item and value each, got ${rows.length}, ${items.length} and ${values.length}`,
      );
  }
  const { windows } = tensors;
  const read = windows
    ? [windows.states, windows.nextStates].flatMap((each) => [each.items, each.weights, each.features])
    : [];
  const all = [states, actions, itemRows, rewards, nextStates, terminals, returns, weights, ...read];
  return {
    ...tensors,
    size,
    dispose() {
      for (const tensor of all) tensor?.dispose();
    },
  };
}
