import { fusedOp, fusedOpsAvailable } from "./fusedOps";
import { type Tensor, type Tensor1D, type Tensor2D, tf } from "./tf";

/**
 * relu(x + bias), or x + bias alone, differentiable in both. [B, O] + [O] → [B, O]
 *
 * TensorFlow.js differentiates relu by some ten small operations, which cost more than the layer's products at
 * the sizes of agents; TensorFlow's own ReluGrad and BiasAddGrad are one each.
 */
export function biasActivation(x: Tensor2D, bias: Tensor1D, activation: "relu" | "linear"): Tensor2D {
  if (!fusedOpsAvailable()) {
    const sum = x.add(bias) as Tensor2D;
    return activation === "relu" ? (tf().relu(sum) as Tensor2D) : sum;
  }
  const kind = ["T", "type", "float32"] as const;
  const one = (name: string, inputs: readonly Tensor[]): Tensor => fusedOp(name, [kind], inputs, 1)[0];
  const operation = tf().customGrad((...given: unknown[]) => {
    const [z, b, save] = given as [Tensor2D, Tensor1D, (tensors: Tensor[]) => void];
    const sum = one("BiasAdd", [z, b]);
    const value = activation === "relu" ? one("Relu", [sum]) : sum;
    save(activation === "relu" ? [value] : []);
    return {
      value,
      gradFunc: (gradient: Tensor, saved: Tensor[]) => {
        const through = saved.length > 0 ? one("ReluGrad", [gradient, saved[0]]) : gradient;
        return [through, one("BiasAddGrad", [through])];
      },
    };
  });
  return operation(x, bias) as Tensor2D;
}
