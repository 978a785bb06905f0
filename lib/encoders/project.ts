import { type Tensor, type Tensor1D, type Tensor2D, type Tensor3D, tf } from "../tensors/tf";

/**
 * The same dense layer at every step: one product over all of them. x·kernel + bias, then ReLU if asked.
 *
 * @param x [B, T, I]
 * @param kernel [I, O]
 * @param bias [O]; none by default
 * @returns [B, T, O]
 */
export function project(
  x: Tensor3D,
  kernel: Tensor,
  bias?: Tensor,
  activation: "linear" | "relu" = "linear",
): Tensor3D {
  const [size, steps, width] = x.shape;
  const flat = x.reshape([size * steps, width]) as Tensor2D;
  const b = kernel as Tensor2D;
  const y = bias
    ? tf().fused.matMul({ a: flat, b, bias: bias as Tensor1D, activation })
    : tf().matMul(flat, b);
  return y.reshape([size, steps, b.shape[1]]) as Tensor3D;
}
