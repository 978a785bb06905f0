import { meanOf } from "../math/mean";
import { degreesOf } from "./trajectoryReturns";

/**
 * Points of the unit circle, evenly spaced from 0 degrees on: states to ask a policy about.
 *
 * @returns [count × 2]
 * @example evenDirections(4) // 1, 0, 0, 1, −1, 0, 0, −1 within rounding
 */
export function evenDirections(count: number): Float32Array {
  return Float32Array.from({ length: 2 * count }, (_, i) => {
    const angle = (Math.PI * (i - (i % 2))) / count;
    return i % 2 === 0 ? Math.cos(angle) : Math.sin(angle);
  });
}

/**
 * How far points of the plane are from one direction, on average, the shorter way round.
 *
 * @param points [n × 2]
 * @param direction in degrees
 * @example degreesFrom([0, 1, 1, 0], 45) // 45
 */
export function degreesFrom(points: ArrayLike<number>, direction: number): number {
  const off = degreesOf(points).map((degrees) => Math.abs(turnBetween(direction, degrees)));
  return meanOf(off);
}

/** From one direction to another, in (−180, 180]. */
function turnBetween(from: number, to: number): number {
  const turn = (((to - from) % 360) + 360) % 360;
  return turn > 180 ? turn - 360 : turn;
}
