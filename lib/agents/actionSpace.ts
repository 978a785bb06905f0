import { type Tensor, type Tensor2D, tf } from "../tensors/tf";

/**
 * Where actions live. "unit": rows of length 1, as item vectors of unit geometry are. "box": every number in
 * [−1, 1], as in most control tasks. "free": anywhere.
 */
export type ActionSpace = "unit" | "box" | "free";

/** Raw outputs of a network as actions, differentiably: scaled to length 1, or through tanh. [B, A] → [B, A] */
export function project(raw: Tensor2D, space: ActionSpace): Tensor2D {
  if (space === "unit") return unitLength(raw);
  return space === "box" ? tf().tanh(raw) : raw;
}

/** Actions moved a little and brought back into their space, differentiably. [B, A] → [B, A] */
export function perturb(actions: Tensor2D, move: Tensor2D, space: ActionSpace): Tensor2D {
  const moved = actions.add(move) as Tensor2D;
  if (space === "unit") return unitLength(moved);
  return space === "box" ? tf().clipByValue(moved, -1, 1) : moved;
}

/**
 * What noise and perturbations are multiplied by. A step of σ in each of A numbers is σ√A long: at length 1 and
 * 64 numbers, σ = .2 would turn an action by 58 degrees. Divided by √A it turns it by 11, whatever A.
 *
 * @example perturbationScale("unit", 64) // 1 / 8
 */
export function perturbationScale(space: ActionSpace, actionSize: number): number {
  return space === "unit" ? 1 / Math.sqrt(actionSize) : 1;
}

/** Rows scaled to length 1, differentiably; a zero row stays zero. [B, A] → [B, A] */
export function unitLength(rows: Tensor2D): Tensor2D {
  return tf().tidy(() => rows.div(rows.square().sum(1, true).maximum(1e-24).sqrt() as Tensor) as Tensor2D);
}
