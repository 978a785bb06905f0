import type { Tensor } from "./tf";

/**
 * Throws unless the tensor has this shape; null stands for any size in that place.
 *
 * TensorFlow broadcasts silently: rewards [B] minus values [B, 1] give [B, B], and a mean over that is a
 * number like any other. So shapes are checked where tensors enter.
 *
 * @throws `requireShape requires <name> of shape [256, 64], got [256]`
 * @example requireShape(tf().zeros([2, 3]), [null, 3], "states") // passes
 */
export function requireShape(tensor: Tensor, shape: readonly (number | null)[], name: string): void {
  const actual = tensor.shape;
  const fits =
    actual.length === shape.length && shape.every((size, axis) => size === null || size === actual[axis]);
  if (fits) return;
  const wanted = shape.map((size) => size ?? "any").join(", ");
  throw new Error(`requireShape requires ${name} of shape [${wanted}], got [${actual.join(", ")}]`);
}
