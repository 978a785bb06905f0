import type { Random } from "../math/random";
import { biasActivation } from "./biasActivation";
import { glorotUniform } from "./initialisers";
import { requireShape } from "./shapes";
import { type Tensor1D, type Tensor2D, tf, type Variable } from "./tf";

/** What a network computes, as a pure function of its variables and its input [B, inputs]. */
export type Forward = (variables: readonly Variable[], input: Tensor2D) => Tensor2D;

/** Weights and what is done with them. Whoever makes one disposes of it. */
export interface Network {
  readonly variables: readonly Variable[];
  readonly forward: Forward;
  /** [B, inputs] to [B, outputs] */
  apply(input: Tensor2D): Tensor2D;
  dispose(): void;
}

/**
 * A network from its variables and its equation; the way to write one of your own.
 *
 * @example network([tf().variable(tf().ones([3, 1]))], ([w], x) => tf().matMul(x, w as Tensor2D))
 */
export function network(variables: readonly Variable[], forward: Forward): Network {
  return {
    variables,
    forward,
    apply: (input) => forward(variables, input),
    dispose: () => {
      for (const variable of variables) variable.dispose();
    },
  };
}

/** The same network with its own copy of every variable: a target network. */
export function copyOf(source: Network): Network {
  return network(
    source.variables.map((variable) => tf().tidy(() => tf().variable(variable.clone(), variable.trainable))),
    source.forward,
  );
}

export type Activation = "relu" | "tanh" | "linear";

export interface PerceptronConfig {
  /** Width of the input, from 1. */
  readonly inputs: number;
  /** Widths of the hidden layers, possibly none. */
  readonly hidden: readonly number[];
  /** Width of the output, from 1. */
  readonly outputs: number;
  readonly random: Random;
  /** Of the hidden layers; "relu" by default. */
  readonly activation?: Activation;
  /** Of the last layer; "linear" by default. */
  readonly outputActivation?: Activation;
  /** Multiplies the last layer's initial weights: 0 makes the network start as the zero function. 1 by default. */
  readonly outputScale?: number;
}

/**
 * Dense layers. Variables in order: kernel [inputs, width], bias [width], layer by layer. Kernels start
 * Glorot-uniform, biases zero.
 *
 * @throws when a width is below 1, or the input has another width.
 * @example multilayerPerceptron({ inputs: 128, hidden: [256, 256], outputs: 64, random: random(1) }).variables.length // 6
 */
export function multilayerPerceptron(config: PerceptronConfig): Network {
  const { inputs, hidden, outputs, random, activation = "relu", outputActivation = "linear" } = config;
  const widths = [inputs, ...hidden, outputs];
  for (const width of widths)
    if (!(Number.isInteger(width) && width >= 1))
      throw new Error(`multilayerPerceptron requires whole widths from 1, got [${widths.join(", ")}]`);
  const layers = widths.length - 1;
  const variables: Variable[] = [];
  for (let layer = 0; layer < layers; layer++) {
    const [from, to] = [widths[layer], widths[layer + 1]];
    const kernel = glorotUniform(from, to, random);
    const scale = layer === layers - 1 ? (config.outputScale ?? 1) : 1;
    if (scale !== 1) for (let i = 0; i < kernel.length; i++) kernel[i] *= scale;
    variables.push(variableOf(kernel, [from, to]), variableOf(new Float32Array(to), [to]));
  }
  return network(variables, (weights, input) => {
    requireShape(input, [null, inputs], "the perceptron's input");
    let x = input;
    for (let layer = 0; layer < layers; layer++)
      x = dense(
        x,
        weights[2 * layer],
        weights[2 * layer + 1],
        layer < layers - 1 ? activation : outputActivation,
      );
    return x;
  });
}

/** activation(x · kernel + bias). [B, I] × [I, O] + [O] → [B, O] */
export function dense(
  x: Tensor2D,
  kernel: Variable,
  bias: Variable,
  activation: Activation = "linear",
): Tensor2D {
  const product: Tensor2D = tf().matMul(x, kernel as unknown as Tensor2D);
  const inner = activation === "relu" ? "relu" : "linear";
  const y = biasActivation(product, bias as unknown as Tensor1D, inner);
  return activation === "tanh" ? (tf().tanh(y) as Tensor2D) : y;
}

/** A trainable variable with these values. */
export function variableOf(values: Float32Array, shape: readonly number[]): Variable {
  return tf().tidy(() => tf().variable(tf().tensor(values, [...shape], "float32"), true));
}
