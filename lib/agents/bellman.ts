import { requireShape } from "../tensors/shapes";
import { type Scalar, type Tensor2D, tf } from "../tensors/tf";

/**
 * What a critic should say: y = r + γ (1 − terminal) Q′(s′, a′) (Bellman 1957; Lillicrap et al. 2015,
 * Algorithm 1). All [B, 1]. A truncated transition has terminal 0, so its value is bootstrapped.
 *
 * @throws when a shape is not [B, 1]: a reward [B] would broadcast to [B, B].
 * @example reward 1, discount .9, terminal 0, next value 10: 10
 */
export function tdTarget(
  rewards: Tensor2D,
  terminals: Tensor2D,
  nextValues: Tensor2D,
  discount: number,
): Tensor2D {
  const size = rewards.shape[0];
  requireShape(rewards, [size, 1], "rewards");
  requireShape(terminals, [size, 1], "terminals");
  requireShape(nextValues, [size, 1], "nextValues");
  return tf().tidy(() => rewards.add(tf().sub(1, terminals).mul(nextValues).mul(discount)) as Tensor2D);
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
export function shareOutside(values: Float32Array, bounds: readonly [number, number] | undefined): number {
  if (!bounds) return 0;
  let outside = 0;
  for (const value of values) if (!(value >= bounds[0] && value <= bounds[1])) outside++;
  return values.length > 0 ? outside / values.length : 0;
}
