import { dot } from "./vectors";

/** A smooth function of d numbers: gives its value and writes its gradient. */
export type SmoothFunction = (at: Float64Array, gradient: Float64Array) => number;

export interface LbfgsOptions {
  /** Stop where no part of the gradient is larger; 1e-7 by default. */
  readonly tolerance?: number;
  /** 500 by default. */
  readonly maxIterations?: number;
  /** How many past steps the curvature is read from; 10 by default. */
  readonly memory?: number;
}

export interface Minimum {
  readonly at: Float64Array;
  readonly value: number;
  readonly iterations: number;
  /** Whether the gradient vanished; false where the iterations ran out or no step went down any more. */
  readonly converged: boolean;
}

/**
 * The minimum of a smooth function by limited-memory BFGS (Nocedal and Wright 2006, algorithms 7.4 and 7.5), each step
 * halved until it goes down enough (Armijo). Steps that show no curvature are not remembered. The same start gives
 * the same answer to the bit.
 *
 * @param start [d], left as it is
 * @throws when the function is not finite at the start.
 * @example minimise(([x], g) => { g[0] = 2 * (x! - 3); return (x! - 3) ** 2; }, Float64Array.of(0)).at // [3]
 */
export function minimise(
  f: SmoothFunction,
  start: Float64Array,
  { tolerance = 1e-7, maxIterations = 500, memory = 10 }: LbfgsOptions = {},
): Minimum {
  const size = start.length;
  let [at, gradient] = [start.slice(), new Float64Array(size)];
  let value = f(at, gradient);
  if (!Number.isFinite(value))
    throw new Error(`minimise requires a function that is finite at the start, got ${value}`);
  const past: { readonly step: Float64Array; readonly turn: Float64Array; readonly curvature: number }[] = [];
  for (let iterations = 0; ; iterations++) {
    const converged = gradient.every((slope) => Math.abs(slope) <= tolerance);
    if (converged || iterations === maxIterations) return { at, value, iterations, converged };
    let direction = downwards(gradient, past);
    let slope = dot(direction, gradient);
    if (!(slope < 0)) {
      past.length = 0;
      direction = gradient.map((part) => -part);
      slope = dot(direction, gradient);
    }
    // Without a past the length of the first step is a guess: at most 1.
    let length = past.length > 0 ? 1 : Math.min(1, 1 / Math.sqrt(-slope));
    const next = new Float64Array(size);
    const nextGradient = new Float64Array(size);
    let nextValue = Number.POSITIVE_INFINITY;
    for (let halvings = 0; halvings < 60; halvings++) {
      for (let i = 0; i < size; i++) next[i] = at[i] + length * direction[i];
      nextValue = f(next, nextGradient);
      if (nextValue <= value + 1e-4 * length * slope) break;
      length /= 2;
    }
    if (!(nextValue < value)) return { at, value, iterations, converged: false };
    const step = next.map((part, i) => part - at[i]);
    const turn = nextGradient.map((part, i) => part - gradient[i]);
    const curvature = dot(step, turn);
    if (curvature > 1e-12 * Math.sqrt(dot(step, step) * dot(turn, turn))) {
      past.push({ step, turn, curvature });
      if (past.length > memory) past.shift();
    }
    [at, value, gradient] = [next, nextValue, nextGradient];
  }
}

/** −H g, H the inverse curvature as the past steps show it (two loops over them). */
function downwards(
  gradient: Float64Array,
  past: readonly { readonly step: Float64Array; readonly turn: Float64Array; readonly curvature: number }[],
): Float64Array {
  const direction = gradient.map((part) => -part);
  const shares = new Float64Array(past.length);
  for (let k = past.length - 1; k >= 0; k--) {
    const { step, turn, curvature } = past[k];
    shares[k] = dot(step, direction) / curvature;
    for (let i = 0; i < direction.length; i++) direction[i] -= shares[k] * turn[i];
  }
  const last = past[past.length - 1];
  if (last !== undefined) {
    const scale = last.curvature / dot(last.turn, last.turn);
    for (let i = 0; i < direction.length; i++) direction[i] *= scale;
  }
  past.forEach(({ step, turn, curvature }, k) => {
    const share = shares[k] - dot(turn, direction) / curvature;
    for (let i = 0; i < direction.length; i++) direction[i] += share * step[i];
  });
  return direction;
}
