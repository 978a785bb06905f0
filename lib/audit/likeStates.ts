import { normaliseRows } from "../math/vectors";
import { overlapOf } from "../metrics/beyondAccuracy";
import type { Transitions } from "../replay/transitions";
import { batchIndex } from "../retrieval/batchIndex";
import { innerProduct } from "../retrieval/itemIndex";

/**
 * Which items the log took in states like these: of each state the `k` logged states with the largest cosine, and the
 * item taken there. "Near the data" can be asked of a state only so: near what was done in states like this one.
 *
 * @param states [n × S]
 * @param most logged states to look among, evenly spread over the log; 20,000 by default
 * @returns [n × k] item rows, the most similar state first
 * @throws when the log has fewer than k transitions.
 */
export function takenInLikeStates(
  { size, stateSize, stateTable, stateRows, itemRows }: Transitions,
  states: Float32Array,
  { k = 50, most = 20_000 }: { readonly k?: number; readonly most?: number } = {},
): Int32Array {
  const count = Math.min(most, size);
  if (count < k)
    throw new Error(`takenInLikeStates requires at least ${k} transitions to look among, got ${count}`);
  const some = Int32Array.from({ length: count }, (_, i) => Math.floor((i * size) / count));
  const logged = new Float32Array(count * stateSize);
  some.forEach((row, i) => {
    const from = stateRows[row] * stateSize;
    logged.set(stateTable.subarray(from, from + stateSize), i * stateSize);
  });
  const index = batchIndex(normaliseRows(logged, stateSize), stateSize);
  const { items: found } = index.search(normaliseRows(states.slice(), stateSize), k);
  index.dispose();
  return found.map((place) => itemRows[some[place]]);
}

/**
 * How far each action is from the nearest of the items taken in like states, as 1 − cosine.
 *
 * @param actions [n × width]
 * @param items [N × width]
 * @param taken [n × k] item rows of each action, as `takenInLikeStates` gives them
 * @returns [n]
 * @example distancesToTaken(Float32Array.of(1, 0), Float32Array.of(0, 1, 1, 1), Int32Array.of(0, 1), 2) // [0.293]
 */
export function distancesToTaken(
  actions: Float32Array,
  items: Float32Array,
  taken: Int32Array,
  width: number,
): Float64Array {
  const [unit, titles] = [normaliseRows(actions.slice(), width), normaliseRows(items.slice(), width)];
  const n = unit.length / width;
  const k = taken.length / n;
  if (!Number.isInteger(k) || k < 1)
    throw new Error(`distancesToTaken requires items for each of ${n} actions, got ${taken.length}`);
  return Float64Array.from({ length: n }, (_, row) => {
    let nearest = -1;
    for (let i = 0; i < k; i++) {
      nearest = Math.max(nearest, innerProduct(titles, taken[row * k + i], unit, row, width));
    }
    return 1 - nearest;
  });
}

/**
 * How far vectors of one group lie apart: the mean of 1 − cosine over its pairs. Near 0 where all candidates for a state
 * are one and the same: then there is nothing to choose from.
 *
 * @param vectors [groups · size × width], group by group
 * @param size vectors in a group, at least two
 * @returns [groups]
 * @example apartWithin(Float32Array.of(1, 0, 0, 1, 1, 0, 1, 0), 2, 2) // [1, 0]
 */
export function apartWithin(vectors: Float32Array, width: number, size: number): Float64Array {
  const unit = normaliseRows(vectors.slice(), width);
  const groups = unit.length / width / size;
  if (!(Number.isInteger(groups) && size >= 2))
    throw new Error(
      `apartWithin requires groups of ${size} rows of ${width}, at least two each, got ${vectors.length} numbers`,
    );
  return Float64Array.from({ length: groups }, (_, group) => {
    // |sum of unit vectors|² = size + the sum of the cosines of all ordered pairs.
    let squared = 0;
    for (let a = 0; a < width; a++) {
      let sum = 0;
      for (let i = 0; i < size; i++) sum += unit[(group * size + i) * width + a];
      squared += sum * sum;
    }
    return 1 - (squared - size) / (size * (size - 1));
  });
}

/**
 * Of the k nearest items, the share that two vectors of one group have in common (`overlapOf`): 1 where all would be
 * served as the same list.
 *
 * @param vectors [groups · size × width], group by group
 * @param items [N × width]
 * @returns [groups]
 * @throws when the vectors are no groups of `size`.
 */
export function sharedWithin(
  vectors: Float32Array,
  items: Float32Array,
  width: number,
  { size, k }: { readonly size: number; readonly k: number },
): Float64Array {
  const groups = vectors.length / width / size;
  if (!Number.isInteger(groups))
    throw new Error(
      `sharedWithin requires groups of ${size} rows of ${width}, got ${vectors.length} numbers`,
    );
  const index = batchIndex(normaliseRows(items.slice(), width), width);
  const found = index.search(normaliseRows(vectors.slice(), width), k);
  index.dispose();
  const places = size * found.k;
  return Float64Array.from({ length: groups }, (_, group) => {
    const [from, to] = [group * places, (group + 1) * places];
    const lists = { items: found.items.subarray(from, to), scores: found.scores.subarray(from, to) };
    return overlapOf({ ...found, ...lists, size }, found.k);
  });
}
