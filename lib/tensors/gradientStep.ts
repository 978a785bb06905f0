import type { Optimizer } from "./adam";
import { type Scalar, type Tensor, tf, type Variable } from "./tf";

export interface GradientStepOptions {
  /** Gradients longer than this, over all variables together, are shortened to it. Above 0; none by default. */
  readonly maximumNorm?: number;
}

/**
 * One step of an optimiser down the gradient of `loss`, for these variables and no others.
 *
 * The list is demanded because TensorFlow.js differentiates every trainable variable of the process when it is
 * left out: an actor's step would then move the critic. Clipping is by the global norm (Pascanu et al. 2013);
 * a norm that is not positive would turn descent into ascent and is refused.
 *
 * @param loss computes a scalar from the variables; everything it makes is disposed of
 * @param variables exactly those that `optimizer` was made for, in the same order
 * @returns the loss before the step
 * @throws when the list is empty or another one than the optimiser's, a listed variable does not influence the
 *   loss, or the maximum norm is not positive.
 * @example
 * const w = tf().variable(tf().scalar(3));
 * gradientStep(() => w.square() as Scalar, [w], adam([w], { learningRate: 0.1 })) // 9; w is now 2.9
 */
export function gradientStep(
  loss: () => Scalar,
  variables: readonly Variable[],
  optimizer: Optimizer,
  { maximumNorm }: GradientStepOptions = {},
): number {
  if (variables.length === 0) throw new Error("gradientStep requires a list of variables, got an empty one");
  if (maximumNorm !== undefined && !(maximumNorm > 0))
    throw new Error(`gradientStep requires a maximumNorm above 0, got ${maximumNorm}`);
  if (
    variables.length !== optimizer.variables.length ||
    variables.some((variable, i) => variable !== optimizer.variables[i])
  )
    throw new Error("gradientStep requires the variables that the optimizer was made for, got others");
  return tf().tidy(() => {
    const { value, grads } = tf().variableGrads(loss, [...variables]);
    let gradients = variables.map((variable, i): Tensor => {
      const gradient = grads[variable.name];
      if (!gradient)
        throw new Error(
          `gradientStep requires every variable to influence the loss, got no gradient for number ${i}`,
        );
      return gradient;
    });
    if (maximumNorm !== undefined) gradients = clipByGlobalNorm(gradients, maximumNorm);
    optimizer.apply(gradients);
    return value.dataSync()[0];
  });
}

/** Gradients scaled by min(1, maximumNorm / their joint Euclidean norm), without leaving the device. */
export function clipByGlobalNorm(gradients: readonly Tensor[], maximumNorm: number): Tensor[] {
  return tf().tidy(() => {
    const squares = gradients.map((gradient) => gradient.square().sum());
    const norm = tf().addN(squares).sqrt();
    const scale = tf().scalar(maximumNorm).div(tf().maximum(norm, maximumNorm));
    return gradients.map((gradient) => gradient.mul(scale));
  });
}
