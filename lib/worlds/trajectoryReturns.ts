/**
 * The truth about a policy where the action becomes the next state, as in `circleWorld` and `narrowLog`: walk from
 * each state and add up what is paid, discounted. What is left out after `steps` is worth at most
 * discount^steps of the largest value.
 *
 * @param act [n × 2] → [n × 2]
 * @param states [n × 2] points of the unit circle
 * @param reward what an action is paid in a state, both in degrees
 * @returns [n] Q(s, act(s)) of the policy itself
 * @example trajectoryReturns((s) => s, Float32Array.of(1, 0), { reward: () => 1, discount: 0.5 }) // [2]
 */
export function trajectoryReturns(
  act: (states: Float32Array) => Float32Array,
  states: Float32Array,
  {
    reward,
    discount,
    steps = 100,
  }: {
    readonly reward: (state: number, action: number) => number;
    readonly discount: number;
    readonly steps?: number;
  },
): Float64Array {
  const returns = new Float64Array(states.length / 2);
  let here = states;
  for (let step = 0, weight = 1; step < steps; step++, weight *= discount) {
    const next = act(here);
    const [from, to] = [degreesOf(here), degreesOf(next)];
    for (let i = 0; i < returns.length; i++) returns[i] += weight * reward(from[i], to[i]);
    here = next;
  }
  return returns;
}

/**
 * Directions of points in the plane, in degrees from −180 to 180.
 * @example degreesOf([0, 1]) // [90]
 */
export function degreesOf(points: ArrayLike<number>): Float64Array {
  return Float64Array.from(
    { length: points.length / 2 },
    (_, i) => (Math.atan2(points[2 * i + 1], points[2 * i]) * 180) / Math.PI,
  );
}
