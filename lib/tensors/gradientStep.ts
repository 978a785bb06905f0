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
  options: GradientStepOptions = {},
): number {
  return tf().tidy(() => descend(() => ({ loss: loss() }), variables, optimizer, options).loss.dataSync()[0]);
}

/**
 * `gradientStep` that reads nothing, so that it may stand in a compiled step: the loss before the step and whatever
 * the computation gives beside it (to be watched) come back as tensors, which belong to the running `tidy`.
 *
 * @example descend(() => ({ loss: values.sub(y).square().mean() as Scalar, values }), variables, optimizer).values
 */
export function descend<Parts extends { readonly loss: Scalar } & Record<string, Tensor>>(
  compute: () => Parts,
  variables: readonly Variable[],
  optimizer: Optimizer,
  { maximumNorm }: GradientStepOptions = {},
): Parts {
  if (variables.length === 0) throw new Error("gradientStep requires a list of variables, got an empty one");
  if (maximumNorm !== undefined && !(maximumNorm > 0))
    throw new Error(`gradientStep requires a maximumNorm above 0, got ${maximumNorm}`);
  if (
    variables.length !== optimizer.variables.length ||
    variables.some((variable, i) => variable !== optimizer.variables[i])
  )
    throw new Error("gradientStep requires the variables that the optimizer was made for, got others");
  const kept: [string, Tensor][] = [];
  try {
    return tf().tidy(() => {
      const { grads } = tf().variableGrads(() => {
        const parts = compute();
        // The scope of the gradient ends before the step does.
        for (const [name, part] of Object.entries(parts)) kept.push([name, tf().keep(part.clone())]);
        return parts.loss;
      }, [...variables]);
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
      return Object.fromEntries(kept.map(([name, part]) => [name, part.clone()])) as Parts;
    });
  } finally {
    for (const [, part] of kept) part.dispose();
  }
}

/** The same number, which no gradient passes through. */
export function constant<T extends Tensor>(tensor: T): T {
  const { dataId, shape, dtype } = tensor;
  // Another tensor of the same numbers; made outside of any operation, it leads back to nothing.
  tf().backend().incRef(dataId);
  return tf().engine().makeTensorFromTensorInfo({ dataId, shape, dtype }) as T;
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
