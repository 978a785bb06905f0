import type { Random } from "../math/random";
import type { Transitions } from "../replay/transitions";
import { circleSteps } from "./circleWorld";

/** A log that shows a small part of what could be done, and what is true beyond it. */
export interface NarrowLog {
  readonly transitions: Transitions;
  /** Degrees from the middle to the best action. */
  readonly halfWidth: number;
  /** Largest distance in degrees between a logged action and that middle. */
  readonly logged: number;
  /** How far an action is from the middle of the logged arc in a state, in (−180, 180]; all in degrees. */
  off(state: number, action: number): number;
  /** What an action at this distance from the middle earns. */
  reward(off: number): number;
  /** Smallest and largest value that any policy has: what values may not leave. */
  readonly bounds: readonly [number, number];
}

export interface NarrowLogOptions {
  readonly discount: number;
  /** Degrees from the middle, which is paid 0, to the best action, which is paid 1; 20 by default. */
  readonly halfWidth?: number;
  /** How far the log's own actions go to both sides, in degrees: `halfWidth` by default, 180 for the whole circle. */
  readonly logged?: number;
}

/**
 * States and actions are points of the unit circle, and the action becomes the next state. The log always acts
 * within `logged` degrees of a quarter turn ahead of the state. The reward is sin(90° · off / halfWidth), with `off`
 * the angle from that middle: in the log it rises from −1 at one end of the arc to 1 at the other; beyond, it turns back
 * as steeply, to −1, and that is what all the rest of the circle pays. No step ends the world, so the value of any
 * policy lies within ±1 / (1 − γ), and nothing is better than the upper end of the arc.
 *
 * The log says nothing about the rest of the circle. A critic that is asked there goes on in a straight line, an
 * actor climbs it, and the next target believes what it finds: the extrapolation error of Fujimoto, Meger and
 * Precup (Off-policy deep reinforcement learning without exploration, ICML 2019, section 3), in the smallest
 * world that shows it.
 *
 * @param count transitions, from states drawn uniformly
 * @example narrowLog(1000, { discount: 0.9 }, random(1)).off(30, 130) // 10
 */
export function narrowLog(
  count: number,
  { discount, halfWidth = 20, logged = halfWidth }: NarrowLogOptions,
  random: Random,
): NarrowLog {
  if (!(Number.isSafeInteger(count) && count >= 1))
    throw new Error(`narrowLog requires at least 1 transition, got ${count}`);
  for (const [name, degrees] of Object.entries({ halfWidth, logged }))
    if (!(degrees > 0 && degrees <= 180))
      throw new Error(`narrowLog requires a ${name} in (0, 180], got ${degrees}`);
  if (!(discount >= 0 && discount < 1))
    throw new Error(`narrowLog requires a discount in [0, 1), got ${discount}`);
  const circle = new Float32Array(4 * count); // `count` states, then `count` actions
  const rewards = new Float32Array(count);
  const radians = Math.PI / 180;
  const reward = (off: number): number =>
    Math.abs(off - halfWidth) < 2 * halfWidth ? Math.sin(((off / halfWidth) * Math.PI) / 2) : -1;
  for (let row = 0; row < count; row++) {
    const state = 360 * random.next();
    const off = logged * (2 * random.next() - 1);
    const action = state + 90 + off;
    circle.set([Math.cos(state * radians), Math.sin(state * radians)], 2 * row);
    circle.set([Math.cos(action * radians), Math.sin(action * radians)], 2 * (count + row));
    rewards[row] = reward(off);
  }
  return {
    transitions: circleSteps(circle, rewards),
    halfWidth,
    logged,
    off: (state, action) => {
      const turn = (((action - state - 90) % 360) + 360) % 360;
      return turn > 180 ? turn - 360 : turn;
    },
    reward,
    bounds: [-1 / (1 - discount), 1 / (1 - discount)],
  };
}
