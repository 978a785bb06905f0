import { type Environment, type Environments, environmentOf } from "./environment";

/** The constants of Gymnasium's Pendulum-v1. */
export const pendulumConstants = {
  /** m/s² */
  gravity: 10,
  /** kg */
  mass: 1,
  /** m, of a rod that turns about its end */
  length: 1,
  /** s between two actions */
  interval: 0.05,
  /** N·m */
  maximumTorque: 2,
  /** rad/s */
  maximumSpeed: 8,
  /** until an episode is cut off: truncation, never an ending */
  steps: 200,
} as const;

/** Pendulums that can be placed by hand. */
export interface Pendulums extends Environments {
  /** [n] θ in rad, 0 upright, not wrapped */
  readonly angles: Float64Array;
  /** [n] θ̇ in rad/s */
  readonly speeds: Float64Array;
  /** Starts an episode at these angles and speeds; first observations [n × 3]. */
  place(angles: ArrayLike<number>, speeds: ArrayLike<number>): Float32Array;
}

/**
 * n pendulums that want to stand upright, with a motor too weak to lift them in one go: the published equations
 * of Gymnasium's Pendulum-v1 (after Doya 2000),
 *
 * θ̇ ← clip(θ̇ + (3g/(2l) · sin θ + 3/(ml²) · u) Δt, ±8), then θ ← θ + θ̇ Δt,
 * reward −(θ² + .1 θ̇² + .001 u²) of the state before the step, θ wrapped to [−π, π).
 *
 * Observation: cos θ, sin θ, θ̇. Action: the torque u, cut to ±2. Start: θ uniform in ±π, θ̇ uniform in ±1.
 * Nothing here ever ends; after 200 steps an episode is truncated.
 *
 * @throws on a count below 1; `step` on another number of torques, a torque that is not a number, or after the end.
 * @example hanging still (θ = π, no torque) for one step: reward −π² = −9.8696
 */
export function pendulums(count: number): Pendulums {
  if (!(Number.isSafeInteger(count) && count >= 1))
    throw new Error(`pendulums requires at least 1 pendulum, got ${count}`);
  const { gravity, mass, length, interval, maximumTorque, maximumSpeed, steps } = pendulumConstants;
  const [angles, speeds] = [new Float64Array(count), new Float64Array(count)];
  const fall = (3 * gravity) / (2 * length);
  const push = 3 / (mass * length ** 2);
  let taken: number = steps;

  const observe = (): Float32Array => {
    const observations = new Float32Array(3 * count);
    for (let i = 0; i < count; i++) {
      observations[3 * i] = Math.cos(angles[i]);
      observations[3 * i + 1] = Math.sin(angles[i]);
      observations[3 * i + 2] = speeds[i];
    }
    return observations;
  };

  return {
    name: "pendulum",
    size: count,
    observationSpace: { kind: "box", low: [-1, -1, -maximumSpeed], high: [1, 1, maximumSpeed] },
    actionSpace: { kind: "box", low: [-maximumTorque], high: [maximumTorque] },
    angles,
    speeds,
    reset(random) {
      for (let i = 0; i < count; i++) {
        angles[i] = (2 * random.next() - 1) * Math.PI;
        speeds[i] = 2 * random.next() - 1;
      }
      taken = 0;
      return observe();
    },
    place(newAngles, newSpeeds) {
      if (newAngles.length !== count || newSpeeds.length !== count)
        throw new Error(
          `place requires ${count} angles and speeds, got ${newAngles.length} and ${newSpeeds.length}`,
        );
      angles.set(newAngles);
      speeds.set(newSpeeds);
      taken = 0;
      return observe();
    },
    step(torques) {
      if (taken >= steps) throw new Error("step requires a running episode, got none: reset first");
      if (torques.length !== count) throw new Error(`step requires ${count} torques, got ${torques.length}`);
      const rewards = new Float64Array(count);
      for (let i = 0; i < count; i++) {
        const torque = Math.max(-maximumTorque, Math.min(maximumTorque, torques[i]));
        if (Number.isNaN(torque))
          throw new Error(`step requires torques that are numbers, got ${torques[i]}`);
        const [angle, speed] = [angles[i], speeds[i]];
        rewards[i] = -(wrapped(angle) ** 2 + 0.1 * speed ** 2 + 0.001 * torque ** 2);
        const faster = speed + (fall * Math.sin(angle) + push * torque) * interval;
        speeds[i] = Math.max(-maximumSpeed, Math.min(maximumSpeed, faster));
        angles[i] = angle + speeds[i] * interval;
      }
      taken++;
      const truncated = new Uint8Array(count).fill(taken >= steps ? 1 : 0);
      return { observations: observe(), rewards, terminated: new Uint8Array(count), truncated };
    },
  };
}

/** One pendulum, to step through by hand. */
export const pendulum = (): Environment => environmentOf(pendulums(1));

/** An angle's equal in [−π, π). */
function wrapped(angle: number): number {
  const turn = 2 * Math.PI;
  return ((((angle + Math.PI) % turn) + turn) % turn) - Math.PI;
}
