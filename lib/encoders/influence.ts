import type { Histories } from "../data/histories";
import { quantile } from "../math/quantile";
import type { Random } from "../math/random";
import type { Encoder } from "./encoder";

/** How far states move when one entry of a history is another. */
export interface Influence {
  /** [positions] 1 is the newest entry, 2 the one before it ... */
  readonly positions: readonly number[];
  /** [positions][histories] ‖h′ − h‖ / ‖h‖; NaN where a history has no entry that far back. */
  readonly moves: readonly Float64Array[];
}

/**
 * What a state remembers: the item at each place from the end is swapped for a random other one (its rating
 * stays), the history is read again, and the distance between the two states is taken, relative to the
 * state's length. An encoder that only counts moves alike for all places; one that reads only the last entry
 * moves for place 1 alone.
 *
 * @param items N: size of the catalogue
 * @throws when there are fewer than two items or no position.
 * @example influenceByPosition(encoder, lastOf(histories, 50), { positions: [1, 2, 5], items: 10000, draw })
 */
export function influenceByPosition(
  encoder: Encoder,
  histories: Histories,
  {
    positions,
    items,
    draw,
  }: { readonly positions: readonly number[]; readonly items: number; readonly draw: Random },
): Influence {
  if (!(items >= 2)) throw new Error(`influenceByPosition requires at least 2 items, got ${items}`);
  if (positions.length === 0 || !positions.every((place) => Number.isInteger(place) && place >= 1))
    throw new Error(`influenceByPosition requires positions from 1, got [${positions}]`);
  const { stateSize } = encoder;
  const before = encoder.encode(histories);
  const moves = positions.map((place) => {
    const swapped = histories.items.slice();
    const random = draw.fork(`place ${place}`);
    for (let h = 0; h < histories.size; h++) {
      const entry = histories.offsets[h + 1] - place;
      if (entry < histories.offsets[h]) continue;
      const other = random.integer(items - 1);
      swapped[entry] = other < histories.items[entry] ? other : other + 1;
    }
    const after = encoder.encode({ ...histories, items: swapped });
    return Float64Array.from({ length: histories.size }, (_, h) =>
      histories.offsets[h + 1] - place < histories.offsets[h]
        ? Number.NaN
        : relativeMove(before, after, h * stateSize, stateSize),
    );
  });
  return { positions, moves };
}

/**
 * How far a share of the histories moved at most, position by position, in percent of the state's length: .5 is the
 * median. Histories without an entry that far back are left out.
 *
 * @returns [positions]; NaN where no history is that long
 * @example movesAt(influence, 0.5)[0] // swapping the newest entry moves the median state by so many percent
 */
export function movesAt({ moves }: Pick<Influence, "moves">, share: number): number[] {
  return moves.map((values) => {
    const known = values.filter((value) => !Number.isNaN(value)).sort();
    return known.length === 0 ? Number.NaN : 100 * quantile(known, share);
  });
}

function relativeMove(before: Float32Array, after: Float32Array, start: number, size: number): number {
  let [apart, length] = [0, 0];
  for (let i = start; i < start + size; i++) {
    apart += (after[i] - before[i]) ** 2;
    length += before[i] ** 2;
  }
  return length === 0 ? Number.NaN : Math.sqrt(apart / length);
}
