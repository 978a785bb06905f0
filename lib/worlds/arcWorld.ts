import type { Random } from "../math/random";
import type { Transitions } from "../replay/transitions";

/** A circle of which the log has seen only an arc. */
export interface ArcWorld {
  readonly transitions: Transitions;
  /** First and last direction of the log, in degrees. */
  readonly arc: readonly [number, number];
  /** What an action is paid, in degrees: sin 6a, wherever one stands. */
  reward(action: number): number;
  /** No policy is worth more than this, or less than its negative: 1 / (1 − γ). */
  bound(discount: number): number;
}

/**
 * States and actions are points of the unit circle, and the action becomes the next state, as in `circleWorld`.
 * The reward is sin 6a: between −15° and 15° it climbs from −1 to 1, and right behind it falls again, in six
 * waves all around. The log knows 14° to either side and there only a slope that climbs: whoever goes on along
 * that slope finds the trough at 45°. The best of what was logged is its upper end, 14°, which pays .99.
 *
 * @param count transitions, one walk whose actions are drawn uniformly from the arc
 * @example arcWorld(500, random(1)).reward(15) // 1
 */
export function arcWorld(count: number, random: Random): ArcWorld {
  if (!(Number.isSafeInteger(count) && count >= 1))
    throw new Error(`arcWorld requires at least 1 transition, got ${count}`);
  const arc = [-14, 14] as const;
  const reward = (action: number): number => Math.sin((6 * action * Math.PI) / 180);
  const angles = Float64Array.from({ length: count + 1 }, () => arc[0] + (arc[1] - arc[0]) * random.next());
  const table = new Float32Array(2 * count + 2);
  angles.forEach((angle, i) => {
    table.set([Math.cos((angle * Math.PI) / 180), Math.sin((angle * Math.PI) / 180)], 2 * i);
  });
  const from = Int32Array.from({ length: count }, (_, i) => i);
  const to = from.map((row) => row + 1);
  return {
    transitions: {
      ...{ size: count, stateSize: 2, actionSize: 2, stateTable: table, actionTable: table },
      ...{ stateRows: from, nextStateRows: to, itemRows: to },
      rewards: Float32Array.from(to, (row) => reward(angles[row]!)),
      terminals: new Uint8Array(count),
    },
    arc,
    reward,
    bound: (discount) => 1 / (1 - discount),
  };
}
