import type { EntryFeatures } from "../encoders/features";
import type { Random } from "../math/random";
import type { AddedLogits, AddedRows } from "../retrieval/addedLogits";
import { type Tensor2D, tf } from "../tensors/tf";
import { type Added, type Batch, batch } from "./batch";
import { addedIn, seenBy, windowsBefore } from "./stretches";
import { type StoredTransitions, stateCount, type Transitions } from "./transitions";

/** Transitions ready to be drawn from. Holds the action table on the device until disposed of. */
export interface ReplayBuffer {
  readonly transitions: Transitions | StoredTransitions;
  readonly size: number;
  /** B transitions, uniformly and with replacement by default. The caller disposes of the batch. */
  sample(batchSize: number, random: Random, options?: { readonly replacement?: boolean }): Batch;
  /** These transitions, in this order. */
  gather(rows: Int32Array): Batch;
  dispose(): void;
}

export interface ReplayBufferOptions {
  /** Entries before each state that batches bring along for an encoder that learns, from 1; none by default. */
  readonly window?: number;
  /** Further columns of the entries of the histories, for windows; none by default. */
  readonly features?: EntryFeatures;
  /** Items may come again: batches do not say what was had by the next state. No by default. */
  readonly repeats?: boolean;
  /**
   * Logits that retrieval adds in each state (see `Added`), laid out as the transitions' states are: row r belongs to
   * row r of `stateTable`, R in all. A state that ends one transition and begins the next has one row for both:
   * batches bring `added` from the rows of `stateRows` and `nextAdded` from those of `nextStateRows`. Of
   * `transitionsOf`, row e is the state after entry e of the histories. None by default. Where a table of all rows
   * would be too large, the rows that a batch needs are asked for.
   */
  readonly added?: AddedLogits | AddedRows;
}

/**
 * A replay buffer over fixed transitions (offline: nothing is ever added).
 *
 * @throws when there are no transitions, windows are wanted and the transitions do not know their histories, or
 *   there is not one row of added logits a state.
 * @example const drawn = replayBuffer(transitions).sample(256, random(1)); // drawn.states [256, S]
 */
export function replayBuffer(
  transitions: Transitions | StoredTransitions,
  { window, features, repeats = false, added }: ReplayBufferOptions = {},
): ReplayBuffer {
  const { size, stateSize, actionSize, actionTable, seen } = transitions;
  if (size === 0) throw new Error("replayBuffer requires at least one transition, got none");
  if (window !== undefined && !(Number.isSafeInteger(window) && window >= 1 && seen))
    throw new Error(`replayBuffer requires a window from 1 over transitions of histories, got ${window}`);
  if (added && "items" in added)
    requireAdded(added, stateCount(transitions), actionTable.length / actionSize);
  const actions: Tensor2D = tf().tensor2d(actionTable, [actionTable.length / actionSize, actionSize]);
  const gather = (rows: Int32Array): Batch => {
    const n = rows.length;
    // One gather for both ends of the transitions: first the n states, then the n next states.
    const ends = new Int32Array(2 * n);
    for (let i = 0; i < n; i++) {
      const row = rows[i];
      if (!(row >= 0 && row < size)) throw new Error(`replayBuffer requires rows below ${size}, got ${row}`);
      ends[i] = transitions.stateRows[row];
      ends[n + i] = transitions.nextStateRows[row];
    }
    const tensors = tf().tidy(() => {
      const both = tf().tensor2d(statesAt(transitions, ends), [2 * n, stateSize]);
      const itemRows = tf().tensor1d(
        rows.map((row) => transitions.itemRows[row]),
        "int32",
      );
      const column = (values: Float32Array | Uint8Array): Tensor2D =>
        tf().tensor2d(
          Float32Array.from(rows, (row) => values[row]),
          [n, 1],
        );
      return {
        states: both.slice([0, 0], [n, stateSize]),
        nextStates: both.slice([n, 0], [n, stateSize]),
        actions: tf().gather(actions, itemRows),
        itemRows,
        rewards: column(transitions.rewards),
        terminals: column(transitions.terminals),
        ...(transitions.returns ? { returns: column(transitions.returns) } : {}),
      };
    });
    return batch({
      ...tensors,
      ...(seen && !repeats ? { nextSeen: seenBy(seen, rows) } : {}),
      ...(added ? addedAtEnds(added, ends) : {}),
      ...(seen && window !== undefined ? { windows: windowsBefore(seen, rows, window, features) } : {}),
    });
  };
  return {
    transitions,
    size,
    gather,
    sample: (batchSize, random, { replacement = true } = {}) =>
      gather(replacement ? drawRows(batchSize, size, random) : drawDistinctRows(batchSize, size, random)),
    dispose: () => actions.dispose(),
  };
}

/** [n × S] states by row. A table that lies in memory is read where it is: no copy of it goes to the device. */
function statesAt(transitions: Transitions | StoredTransitions, rows: Int32Array): Float32Array {
  if ("states" in transitions) return transitions.states.after(rows);
  const { stateTable, stateSize } = transitions;
  const found = new Float32Array(rows.length * stateSize);
  for (let i = 0; i < rows.length; i++)
    found.set(stateTable.subarray(rows[i] * stateSize, (rows[i] + 1) * stateSize), i * stateSize);
  return found;
}

/** What is added at both ends of transitions: their states' rows, then their next states'. */
function addedAtEnds(
  added: AddedLogits | AddedRows,
  ends: Int32Array,
): { readonly added: Added; readonly nextAdded: Added } {
  const n = ends.length / 2;
  const table = "items" in added ? added : added.at(ends);
  const rows = "items" in added ? ends : Int32Array.from(ends, (_, place) => place);
  return { added: addedIn(table, rows.subarray(0, n)), nextAdded: addedIn(table, rows.subarray(n)) };
}

function requireAdded({ width, items, values }: AddedLogits, states: number, catalogSize: number): void {
  if (!(Number.isSafeInteger(width) && items.length === states * width && values.length === items.length))
    throw new Error(
      `replayBuffer requires ${states} rows of ${width} added logits, got ${items.length} items and ${values.length} logits`,
    );
  for (const item of items)
    if (!(item >= -1 && item < catalogSize))
      throw new Error(
        `replayBuffer requires added logits of item rows below ${catalogSize}, or −1, got ${item}`,
      );
}

function requireCount(count: number, limit: number): void {
  if (!(Number.isSafeInteger(count) && count >= 1 && count <= limit))
    throw new Error(`sample requires a batch of 1 to ${limit} transitions, got ${count}`);
}

function drawRows(count: number, size: number, random: Random): Int32Array {
  requireCount(count, Number.MAX_SAFE_INTEGER);
  return Int32Array.from({ length: count }, () => random.integer(size));
}

/** Floyd's algorithm (Bentley and Floyd 1987): every subset equally likely, with `count` draws. */
function drawDistinctRows(count: number, size: number, random: Random): Int32Array {
  requireCount(count, size);
  const chosen = new Set<number>();
  for (let last = size - count; last < size; last++) {
    const row = random.integer(last + 1);
    chosen.add(chosen.has(row) ? last : row);
  }
  return Int32Array.from(chosen);
}
