import type { Seen, Situation } from "../replay/batch";
import type { Tensor2D } from "../tensors/tf";

/** Each row `times` times, one after the other. [B, S] → [B · times, S] */
export function repeatRows(rows: Tensor2D, times: number): Tensor2D {
  const [size, width] = rows.shape;
  return rows
    .expandDims(1)
    .tile([1, times, 1])
    .reshape([size * times, width]) as Tensor2D;
}

/** What retrieval has to know of repeated rows. */
export function repeatSituation({ seen, added }: Situation, times: number): Situation {
  return {
    seen: seen && { rows: repeatedPlaces(seen.rows, times), items: eachTimes(seen.items, times) },
    added: added && {
      rows: repeatedPlaces(added.rows, times),
      items: eachTimes(added.items, times),
      values: Float32Array.from(
        { length: added.values.length * times },
        (_, i) => added.values[Math.floor(i / times)]!,
      ),
    },
  };
}

/** What retrieval has to know of `count` rows from `start` on, out of many. */
export function situationOfRows({ seen, added }: Situation, start: number, count: number): Situation {
  const entries = (rows: Int32Array): Int32Array =>
    Int32Array.from(rows.keys()).filter((entry) => rows[entry]! >= start && rows[entry]! < start + count);
  const some = ({ rows, items }: Seen, kept: Int32Array): Seen => ({
    rows: kept.map((entry) => rows[entry]! - start),
    items: kept.map((entry) => items[entry]!),
  });
  const kept = added && entries(added.rows);
  return {
    seen: seen && some(seen, entries(seen.rows)),
    added: added &&
      kept && { ...some(added, kept), values: Float32Array.from(kept, (entry) => added.values[entry]!) },
  };
}

function repeatedPlaces(rows: Int32Array, times: number): Int32Array {
  return eachTimes(rows, times).map((row, i) => row * times + (i % times));
}

function eachTimes(values: Int32Array, times: number): Int32Array {
  return Int32Array.from({ length: values.length * times }, (_, i) => values[Math.floor(i / times)]!);
}
