import type { Random } from "../math/random";
import { tf } from "../tensors/tf";
import type { Batch } from "./batch";
import { type ReplayBuffer, type ReplayBufferOptions, replayBuffer } from "./replayBuffer";
import { sumTree } from "./sumTree";
import type { StoredTransitions, Transitions } from "./transitions";

export interface PrioritisedOptions extends ReplayBufferOptions {
  /** α in [0, 1]: how much priorities count; 0 draws uniformly. .6 in the paper. */
  readonly exponent?: number;
  /** ε above 0: what is added to every error, so that nothing is never drawn again. */
  readonly smallest?: number;
}

/** A buffer that draws what surprised most. */
export interface PrioritisedBuffer extends Omit<ReplayBuffer, "sample"> {
  /**
   * B transitions with replacement, P(i) ∝ (|error i| + ε)^α, with weights (N·P(i))^−β scaled to at most 1.
   * Whoever learns from the batch tells it the errors (`onErrors`), which become the new priorities.
   *
   * @param importance β in [0, 1]: 1 makes up for the uneven draws in full
   */
  sample(batchSize: number, random: Random, options?: { readonly importance?: number }): Batch;
  /** [size] (|error| + ε)^α, to go on from later. */
  priorities(): Float64Array;
  restore(priorities: Float64Array): void;
}

/**
 * Proportional prioritised experience replay (Schaul, Quan, Antonoglou and Silver 2016, Algorithm 1): draws are
 * stratified, one from each of B equal shares of the whole priority. Before anything is known all are alike
 * (nothing is ever added offline, so the paper's rule for newcomers is not needed).
 *
 * @throws when a setting lies outside its range, or there are no transitions.
 */
export function prioritisedBuffer(
  transitions: Transitions | StoredTransitions,
  { exponent = 0.6, smallest = 0.01, ...options }: PrioritisedOptions = {},
): PrioritisedBuffer {
  if (!(exponent >= 0 && exponent <= 1))
    throw new Error(`prioritisedBuffer requires an exponent in [0, 1], got ${exponent}`);
  if (!(smallest > 0)) throw new Error(`prioritisedBuffer requires a smallest above 0, got ${smallest}`);
  const buffer = replayBuffer(transitions, options);
  const { size } = buffer;
  const tree = sumTree(size);
  for (let row = 0; row < size; row++) tree.set(row, 1);
  const update = (rows: Int32Array, errors: Float32Array): void => {
    for (let i = 0; i < rows.length; i++) {
      const priority = (Math.abs(errors[i]) + smallest) ** exponent;
      if (!Number.isFinite(priority))
        throw new Error(`prioritisedBuffer requires finite errors, got ${errors[i]}`);
      tree.set(rows[i], priority);
    }
  };
  return {
    ...buffer,
    sample(batchSize, random, { importance = 1 } = {}) {
      if (!(Number.isSafeInteger(batchSize) && batchSize >= 1))
        throw new Error(`sample requires a batch of at least 1 transition, got ${batchSize}`);
      if (!(importance >= 0 && importance <= 1))
        throw new Error(`sample requires an importance in [0, 1], got ${importance}`);
      const total = tree.total();
      const rows = Int32Array.from({ length: batchSize }, (_, i) => {
        const mass = ((i + random.next()) / batchSize) * total;
        return tree.find(Math.min(mass, total * (1 - Number.EPSILON)));
      });
      const raw = Float32Array.from(rows, (row) => ((size * tree.get(row)) / total) ** -importance);
      const most = raw.reduce((a, b) => Math.max(a, b));
      const weights = tf().tensor2d(
        raw.map((weight) => weight / most),
        [batchSize, 1],
      );
      const drawn = buffer.gather(rows);
      return {
        ...drawn,
        weights,
        onErrors: (errors) => update(rows, errors),
        dispose() {
          drawn.dispose();
          weights.dispose();
        },
      };
    },
    priorities: () => Float64Array.from({ length: size }, (_, row) => tree.get(row)),
    restore(priorities) {
      if (priorities.length !== size)
        throw new Error(`restore requires ${size} priorities, got ${priorities.length}`);
      for (const [row, priority] of priorities.entries()) tree.set(row, priority);
    },
  };
}
