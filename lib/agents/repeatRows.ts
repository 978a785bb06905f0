import type { Seen } from "../replay/batch";
import type { Tensor2D } from "../tensors/tf";

/** Each row `times` times, one after the other. [B, S] → [B · times, S] */
export function repeatRows(rows: Tensor2D, times: number): Tensor2D {
  const [size, width] = rows.shape;
  return rows
    .expandDims(1)
    .tile([1, times, 1])
    .reshape([size * times, width]) as Tensor2D;
}

/** What the users of repeated rows have had. */
export function repeatSeen({ rows, items }: Seen, times: number): Seen {
  const size = rows.length * times;
  return {
    rows: Int32Array.from({ length: size }, (_, i) => rows[Math.floor(i / times)]! * times + (i % times)),
    items: Int32Array.from({ length: size }, (_, i) => items[Math.floor(i / times)]!),
  };
}
