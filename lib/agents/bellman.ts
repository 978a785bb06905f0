import { requireShape } from "../tensors/shapes";
import { type Scalar, type Tensor2D, tf } from "../tensors/tf";

/**
 * What a critic should say: y = r + γ (1 − terminal) Q′(s′, a′) (Bellman 1957; Lillicrap et al. 2015,
 * Algorithm 1). All [B, 1]. A truncated transition has terminal 0, so its value is bootstrapped.
 *
 * With bounds, Q′ beyond what any policy could earn counts as the bound: it is wrong for certain, and believed it
 * would feed the next target. So y stays within them too, since r_max + γ r_max/(1 − γ) = r_max/(1 − γ); and what a
 * terminal step earned stays as it is.
 *
 * @throws when a shape is not [B, 1]: a reward [B] would broadcast to [B, B].
 * @param bounds smallest and largest possible value; none by default
 * @example reward 1, discount .9, terminal 0, next value 10: 10; next value 30, bounds [−10, 10]: 10
 */
export function tdTarget(
  rewards: Tensor2D,
  terminals: Tensor2D,
  nextValues: Tensor2D,
  discount: number,
  bounds?: readonly [number, number],
): Tensor2D {
  const size = rewards.shape[0];
  requireShape(rewards, [size, 1], "rewards");
  requireShape(terminals, [size, 1], "terminals");
  requireShape(nextValues, [size, 1], "nextValues");
  return tf().tidy(() => {
    const believed = bounds ? nextValues.clipByValue(...bounds) : nextValues;
    return rewards.add(tf().sub(1, terminals).mul(believed).mul(discount)) as Tensor2D;
  });
}

/**
 * What several critics agree on: λ·min + (1 − λ)·max of their values, number by number. λ = 1 is clipped double
 * Q-learning (Fujimoto, van Hoof and Meger 2018, Algorithm 1), whose error is to say too little; BCQ uses .75
 * (Fujimoto, Meger and Precup 2019, equation 13). One critic is its own answer.
 *
 * @param values [B, 1] each
 * @example values 1 and 3: 1; with λ = .75: 1.5
 */
export function clippedDoubleQ(values: readonly Tensor2D[], weightOfMinimum = 1): Tensor2D {
  const [first, second] = values;
  if (first === undefined || values.length > 2)
    throw new Error(`clippedDoubleQ requires the values of one or two critics, got ${values.length}`);
  if (second === undefined) return first;
  requireShape(second, first.shape, "the second critic's values");
  const least = tf().minimum(first, second) as Tensor2D;
  if (weightOfMinimum === 1) return least;
  const most = tf().maximum(first, second);
  return least.mul(weightOfMinimum).add(most.mul(1 - weightOfMinimum)) as Tensor2D;
}

/** Mean of (value − target)² over a batch. Both [B, 1]; the target is a constant to the gradient. */
export function meanSquaredError(values: Tensor2D, targets: Tensor2D): Scalar {
  requireShape(targets, [values.shape[0], 1], "targets");
  requireShape(values, [targets.shape[0], 1], "values");
  return tf().tidy(() => values.sub(targets).square().mean() as Scalar);
}

/**
 * The alarm: which share of the values lies outside what any policy could earn, [r_min/(1−γ), r_max/(1−γ)].
 * Such values are wrong for certain; an actor that climbs them climbs an error. 0 when no bounds are given.
 *
 * @example values [0, 12, −3], bounds [−10, 10]: 1/3
 */
export function shareOutside(
  values: ArrayLike<number>,
  bounds: readonly [number, number] | undefined,
): number {
  if (!bounds) return 0;
  let outside = 0;
  for (let i = 0; i < values.length; i++)
    if (!(values[i]! >= bounds[0] && values[i]! <= bounds[1])) outside++;
  return values.length > 0 ? outside / values.length : 0;
}
