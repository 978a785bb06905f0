import type { ItemValues } from "./itemValues";
import type { SlateShape } from "./slateSteps";

export const cellKinds = ["own", "all"] as const;

export interface TableOptions {
  readonly shape: SlateShape;
  /**
   * own: Q(s, i) depends on i and on the interest in i, Q(s, ⊥) on nothing. all: on all numbers of the state, which is
   * exact in a small world and needs bins ^ S cells an item.
   */
  readonly cells: (typeof cellKinds)[number];
  /** Equal parts of the range of each number. */
  readonly bins: number;
  /** Range of the numbers; those beyond count as its ends. */
  readonly range: readonly [number, number];
}

const mostCells = 10_000_000;

/**
 * Q(s, i) as a table over bins of the state. Learning sets, with rate 1, each cell to the mean of its targets (batch
 * updating, Sutton and Barto 2018, section 6.3); cells without any stay.
 *
 * @throws when the table would have over ten million cells.
 * @example own, 8 bins in [−1, 1], 20 items: 161 cells; those of an interest from −1 to −.75 are each item's first
 */
export function tableValues({ shape, cells, bins, range }: TableOptions): ItemValues {
  const { items, stateSize, offers } = shape;
  const [low, high] = range;
  const part = cells === "own" ? bins : bins ** stateSize;
  const size = cells === "own" ? items * part + 1 : (items + 1) * part;
  if (!(size <= mostCells))
    throw new Error(`slate-q requires a table of at most ${mostCells} cells, got ${size}: fewer bins`);
  const values = new Float64Array(size);
  const sums = new Float64Array(size);
  const counts = new Float64Array(size);
  const bin = (value: number): number =>
    Math.max(0, Math.min(bins - 1, Math.floor(((value - low) / (high - low)) * bins)));
  /** All numbers of the state as one bin. */
  const joint = (states: Float32Array, from: number): number => {
    let at = 0;
    for (let k = 0; k < stateSize; k++) at = at * bins + bin(states[from + k]);
    return at;
  };
  const cellOf = (states: Float32Array, from: number, item: number): number => {
    if (cells === "all") return item * part + joint(states, from);
    return item === items ? items * part : item * part + bin(states[from + item]);
  };
  return {
    asked(states, candidates) {
      const rows = states.length / stateSize;
      const width = offers + 1;
      const places = new Int32Array(rows * width);
      for (let row = 0; row < rows; row++)
        for (let c = 0; c < width; c++)
          places[row * width + c] = cellOf(
            states,
            row * stateSize,
            c < offers ? candidates[row * offers + c] : items,
          );
      const read = new Float64Array(places.length);
      return () => {
        for (let i = 0; i < read.length; i++) read[i] = values[places[i]];
        return read;
      };
    },
    learn(states, chosen, targets, rate) {
      sums.fill(0);
      counts.fill(0);
      for (let row = 0; row < chosen.length; row++) {
        if (chosen[row] < 0) continue;
        const cell = cellOf(states, row * stateSize, chosen[row]);
        sums[cell] += targets[row];
        counts[cell]++;
      }
      let largest = 0;
      for (let cell = 0; cell < size; cell++) {
        if (counts[cell] === 0) continue;
        const change = rate * (sums[cell] / counts[cell] - values[cell]);
        values[cell] += change;
        largest = Math.max(largest, Math.abs(change));
      }
      return largest;
    },
    follow() {},
    startAt(value, nullValue) {
      values.fill(value);
      values.fill(nullValue, items * part);
    },
    numbers: () => values.slice(),
    dispose() {},
  };
}
