import type { Tensor2D } from "../tensors/tf";
import type { AgentProblem } from "./agent";
import { shareOutside } from "./bellman";

/**
 * What to watch of a critic, as numbers: mean Q, mean target, and the share of Q outside the problem's bounds.
 *
 * @param values [B, 1] Q at the logged actions
 * @param targets [B, 1]
 */
export function watchValues(
  values: Tensor2D,
  targets: Tensor2D,
  { valueBounds }: Pick<AgentProblem, "valueBounds">,
): { meanQ: number; targetMean: number; alarmShare: number } {
  const mean = (numbers: Float32Array): number => numbers.reduce((sum, q) => sum + q, 0) / numbers.length;
  const numbers = values.dataSync<"float32">();
  return {
    meanQ: mean(numbers),
    targetMean: mean(targets.dataSync<"float32">()),
    alarmShare: shareOutside(numbers, valueBounds),
  };
}
