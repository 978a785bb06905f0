import type { Random } from "../math/random";
import type { Transitions } from "../replay/transitions";
import { circleSteps } from "./circleWorld";

/** A log that shows a small part of what could be done, and what is true beyond it. */
export interface NarrowLog {
  readonly transitions: Transitions;
  /** Largest distance in degrees between a logged action and the middle of its arc. */
  readonly halfWidth: number;
  /** How far an action is from the middle of the logged arc in a state, in (−180, 180]; all in degrees. */
  off(state: number, action: number): number;
  /** What an action at this distance from the middle earns. */
  reward(off: number): number;
  /** Smallest and largest value that any policy has: what values may not leave. */
  readonly bounds: readonly [number, number];
}

export interface NarrowLogOptions {
  readonly halfWidth?: number;
  readonly discount: number;
}

/**
 * States and actions are points of the unit circle, and the action becomes the next state. The log always acts
 * within `halfWidth` degrees of a quarter turn ahead of the state. The reward is sin(90° · off / halfWidth), with
 * `off` the angle from that middle: in the log it rises from −1 at one end of the arc to 1 at the other, and
 * beyond the ends it would turn back as steeply. No step ends the world, so the value of any policy lies within
 * ±1 / (1 − γ), and nothing is better than the upper end of the arc.
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
  { halfWidth = 20, discount }: NarrowLogOptions,
  random: Random,
): NarrowLog {
  if (!(Number.isSafeInteger(count) && count >= 1))
    throw new Error(`narrowLog requires at least 1 transition, got ${count}`);
  if (!(halfWidth > 0 && halfWidth <= 180))
    throw new Error(`narrowLog requires a halfWidth in (0, 180], got ${halfWidth}`);
  if (!(discount >= 0 && discount < 1))
    throw new Error(`narrowLog requires a discount in [0, 1), got ${discount}`);
  const circle = new Float32Array(4 * count); // `count` states, then `count` actions
  const rewards = new Float32Array(count);
  const radians = Math.PI / 180;
  const reward = (off: number): number => Math.sin(((off / halfWidth) * Math.PI) / 2);
  for (let row = 0; row < count; row++) {
    const state = 360 * random.next();
    const off = halfWidth * (2 * random.next() - 1);
    const action = state + 90 + off;
    circle.set([Math.cos(state * radians), Math.sin(state * radians)], 2 * row);
    circle.set([Math.cos(action * radians), Math.sin(action * radians)], 2 * (count + row));
    rewards[row] = reward(off);
  }
  return {
    transitions: circleSteps(circle, rewards),
    halfWidth,
    off: (state, action) => {
      const turn = (((action - state - 90) % 360) + 360) % 360;
      return turn > 180 ? turn - 360 : turn;
    },
    reward,
    bounds: [-1 / (1 - discount), 1 / (1 - discount)],
  };
}
