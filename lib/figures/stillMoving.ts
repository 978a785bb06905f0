import { meanOf } from "../math/mean";
import type { Numbers } from "./figure";

/** Change from the last but one tenth of a curve to the last, in parts of its range, that counts as moving. */
const moves = 0.03;

/**
 * Whether a curve was cut while it still rose or fell, so that nobody takes its end for where it leads. Undefined where it
 * has settled, or has too few points (under ten) to tell.
 *
 * @example stillMoving([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]) // "rising"
 */
export function stillMoving(values: Numbers): "rising" | "falling" | undefined {
  const finite = Array.from(values).filter(Number.isFinite);
  const part = Math.floor(finite.length / 10);
  if (part === 0) return undefined;
  const [low, high] = finite.reduce(
    ([least, most], value) => [Math.min(least, value), Math.max(most, value)],
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  );
  const change = meanOf(finite.slice(-part)) - meanOf(finite.slice(-2 * part, -part));
  if (Math.abs(change) <= moves * (high - low)) return undefined;
  return change > 0 ? "rising" : "falling";
}
