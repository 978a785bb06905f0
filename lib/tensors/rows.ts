import { type Attribute, fusedOp, fusedOpsAvailable } from "./fusedOps";
import { type Tensor, type Tensor1D, type Tensor2D, tf } from "./tf";

/*
 * Rows of which there may be any number, also in a compiled step: what these do never depends on how many there
 * were while the step was written down.
 */

const float = ["T", "type", "float32"] as const;

/**
 * The rows at these places, differentiably in the matrix.
 *
 * @param matrix [R, A] or [R]
 * @param places int32 [n]
 * @returns [n, A] or [n]
 * @example rowsAt([[1, 2], [3, 4]], [1, 1, 0]) // [[3, 4], [3, 4], [1, 2]]
 */
export function rowsAt<T extends Tensor1D | Tensor2D>(matrix: T, places: Tensor1D): T {
  const operation = tf().customGrad((...given: unknown[]) => {
    const [x, save] = given as [T, (tensors: Tensor[]) => void];
    save([x, places]);
    return {
      value: tf().gather(x, places),
      gradFunc: (gradient: Tensor, [from, at]: Tensor[]) => [summedAt(gradient as T, at as Tensor1D, from)],
    };
  });
  return operation(matrix) as T;
}

/**
 * The sum of the rows of each place.
 *
 * @param rows [n, A] or [n]
 * @param places int32 [n]
 * @param like [R, …], whose number of rows the result has
 * @returns [R, A] or [R]
 * @example summedAt([[1], [2], [4]], [1, 1, 0], like [[0], [0]]) // [[4], [3]]
 */
export function summedAt<T extends Tensor1D | Tensor2D>(rows: T, places: Tensor1D, like: Tensor): T {
  if (!fusedOpsAvailable()) return tf().unsortedSegmentSum(rows, places, like.shape[0]) as T;
  const attributes: readonly Attribute[] = [
    float,
    ["Tindices", "type", "int32"],
    ["Tnumsegments", "type", "int32"],
  ];
  return fusedOp("UnsortedSegmentSum", attributes, [rows, places, rowCount(like)], 1)[0] as T;
}

/** R as a tensor of one whole number [], which a compiled step finds anew at each call. */
function rowCount(tensor: Tensor): Tensor {
  const shape = fusedOp("Shape", [float, ["out_type", "type", "int32"]], [tensor], 1)[0];
  return strided(shape, 0, 1, "shrink_axis_mask");
}

/**
 * Rows from `start` on, `most` of them or as many as there are: at the end fewer, beyond it none.
 *
 * @param tensor [n] or [n, A]
 * @example rowsFrom([1, 2, 3], 2, 2) // [3]
 */
export function rowsFrom<T extends Tensor1D | Tensor2D>(tensor: T, start: number, most: number): T {
  if (fusedOpsAvailable()) return strided(tensor, start, start + most) as T;
  const [count, ...others] = tensor.shape;
  const first = Math.min(start, count);
  const size = [Math.min(most, count - first), ...others];
  return tf().slice(tensor, [first, ...others.map(() => 0)], size) as T;
}

/** Of the first axis, start ≤ i < end, cut off at its end. */
function strided(tensor: Tensor, start: number, end: number, mask?: "shrink_axis_mask"): Tensor {
  const masks = ["begin_mask", "end_mask", "ellipsis_mask", "new_axis_mask", "shrink_axis_mask"];
  const attributes: readonly Attribute[] = [
    ["T", "type", tensor.dtype as "float32" | "int32"],
    ["Index", "type", "int32"],
    ...masks.map((name): Attribute => [name, "integer", name === mask ? 1 : 0]),
  ];
  return tf().tidy(() => {
    const [from, to, step] = [start, end, 1].map((value) => tf().tensor1d([value], "int32"));
    return fusedOp("StridedSlice", attributes, [tensor, from, to, step], 1)[0];
  });
}
