import type { Random } from "../math/random";
import { discountedReturns } from "../replay/returns";
import type { Transitions } from "../replay/transitions";

/** A world whose best action and whose values are known in closed form. */
export interface CircleWorld {
  readonly transitions: Transitions;
  /** Direction of the best action in degrees, the same in every state. */
  best(discount: number): number;
  /** Q*(s, a) of a state and an action in degrees. */
  value(state: number, action: number, discount: number): number;
}

/**
 * States and actions are points of the unit circle, and the action becomes the next state: s′ = a. The reward is
 * 2·s_y + a_x: being high is worth twice as much as going right, but it is paid one step later. With c = (0, 2)
 * and d = (1, 0), V(s) = c·s + K and K = ‖d + γc‖ / (1 − γ), so Q*(s, a) = c·s + (d + γc)·a + γK and the best
 * action is d + γc scaled to length 1: to the right without patience, the steeper the more patience there is.
 *
 * @param count transitions, from states and actions drawn uniformly
 * @example circleWorld(1000, random(1)).best(0.5) // 45
 */
export function circleWorld(count: number, random: Random): CircleWorld {
  if (!(Number.isSafeInteger(count) && count >= 1))
    throw new Error(`circleWorld requires at least 1 transition, got ${count}`);
  const circle = new Float32Array(4 * count); // `count` states, then `count` actions
  for (let row = 0; row < 2 * count; row++) {
    const angle = 2 * Math.PI * random.next();
    circle.set([Math.cos(angle), Math.sin(angle)], 2 * row);
  }
  const height = (degrees: number): number => Math.sin((degrees * Math.PI) / 180);
  const right = (degrees: number): number => Math.cos((degrees * Math.PI) / 180);
  return {
    transitions: circleSteps(
      circle,
      Float32Array.from({ length: count }, (_, i) => 2 * circle[2 * i + 1] + circle[2 * (count + i)]),
    ),
    best: (discount) => (Math.atan2(2 * discount, 1) * 180) / Math.PI,
    value: (state, action, discount) => {
      const constant = (discount * Math.hypot(1, 2 * discount)) / (1 - discount);
      return 2 * height(state) + right(action) + 2 * discount * height(action) + constant;
    },
  };
}

/**
 * Steps on the circle in which the action becomes the next state and nothing ends.
 *
 * @param circle [2n × 2] n states, then the n actions taken in them
 * @param rewards [n]
 */
export function circleSteps(circle: Float32Array, rewards: Float32Array): Transitions {
  const size = rewards.length;
  const rows = Int32Array.from({ length: size }, (_, i) => i);
  return {
    size,
    stateSize: 2,
    actionSize: 2,
    stateTable: circle,
    actionTable: circle.slice(2 * size),
    stateRows: rows,
    nextStateRows: rows.map((row) => size + row),
    itemRows: rows,
    rewards,
    terminals: new Uint8Array(size),
  };
}

/**
 * The same world with a catalogue: every action is one of some directions, evenly spaced from 0 degrees, and the
 * log is one walk of uniform choices, so that returns are known too. Where the best direction is among them (as
 * 45 degrees is with 8 or 16), Q* is that of `circleWorld`. What follows a uniform choice is worth 2γ·a_y and,
 * from the choice after it on, 0 in the mean: so the log's own Q is lower by a constant and has the same best item.
 *
 * @param count transitions
 * @example circleTrajectory(1000, { directions: 8, discount: 0.5 }, random(1)).transitions.actionTable // 8 points
 */
export function circleTrajectory(
  count: number,
  { directions, discount }: { readonly directions: number; readonly discount: number },
  random: Random,
): Pick<CircleWorld, "transitions"> {
  const points = Float32Array.from({ length: 2 * directions }, (_, i) => {
    const angle = (Math.PI * (i - (i % 2))) / directions;
    return i % 2 === 0 ? Math.cos(angle) : Math.sin(angle);
  });
  const walk = Int32Array.from({ length: count + 1 }, () => random.integer(directions));
  const rewards = Float32Array.from(
    { length: count },
    (_, t) => 2 * points[2 * walk[t] + 1] + points[2 * walk[t + 1]],
  );
  const returns = discountedReturns({ size: 1, offsets: Int32Array.of(0, count) }, rewards, discount);
  return {
    transitions: {
      ...{ size: count, stateSize: 2, actionSize: 2, stateTable: points, actionTable: points },
      stateRows: walk.slice(0, count),
      nextStateRows: walk.slice(1),
      itemRows: walk.slice(1),
      rewards,
      terminals: new Uint8Array(count),
      returns: Float32Array.from(returns),
    },
  };
}
