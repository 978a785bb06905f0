import { random } from "../math/random";
import { gaussian } from "../tensors/initialisers";
import { type Scalar, tf, type Variable } from "../tensors/tf";

/** Slope of a loss along a random direction in weight space, by central differences, beside gradient · direction. */
export function slopes(
  loss: () => Scalar,
  variables: readonly Variable[],
  { seed, step = 2e-3 }: { readonly seed: number; readonly step?: number },
): [measured: number, product: number] {
  const draw = random(seed);
  const directions = variables.map((variable) => gaussian(variable.size, 1, draw));
  const shift = (by: number): void => {
    for (const [v, variable] of variables.entries())
      variable.assign(variable.add(tf().tensor(directions[v], variable.shape).mul(by)));
  };
  return tf().tidy(() => {
    const { grads } = tf().variableGrads(loss, [...variables]);
    let product = 0;
    for (const [v, variable] of variables.entries()) {
      const gradient = grads[variable.name].dataSync<"float32">();
      for (let i = 0; i < gradient.length; i++) product += gradient[i] * directions[v][i];
    }
    shift(step);
    const above = loss().dataSync()[0];
    shift(-2 * step);
    const below = loss().dataSync()[0];
    shift(step);
    return [(above - below) / (2 * step), product] as [number, number];
  });
}
