import type { Random } from "./random";

export interface OrnsteinUhlenbeckConfig {
  /** θ above 0: how fast it is drawn back to 0. .15 by default, as in Lillicrap et al. 2016, section 7. */
  readonly pull?: number;
  /** σ from 0: how strongly it is shaken. .2 by default. */
  readonly deviation?: number;
  /** Δt above 0: time between two draws. 1 by default. */
  readonly step?: number;
}

/** Noise that remembers: `next` gives the same array each time, moved on. */
export interface OrnsteinUhlenbeck {
  next(): Float32Array;
  /** Back to 0, as at the start of an episode. */
  reset(): void;
}

/**
 * The Ornstein–Uhlenbeck process (Uhlenbeck and Ornstein 1930), as exploration noise for tasks with inertia: one
 * push is followed by pushes the same way. x ← x − θ x Δt + σ √Δt ε, so that in the long run its variance is
 * σ²Δt / (1 − (1 − θΔt)²) and two values k steps apart correlate by (1 − θΔt)ᵏ.
 *
 * @param size independent numbers, such as the actions of several worlds
 * @throws when a setting lies outside its range.
 */
export function ornsteinUhlenbeck(
  size: number,
  random: Random,
  { pull = 0.15, deviation = 0.2, step = 1 }: OrnsteinUhlenbeckConfig = {},
): OrnsteinUhlenbeck {
  if (!(Number.isSafeInteger(size) && size >= 1))
    throw new Error(`ornsteinUhlenbeck requires at least one number, got ${size}`);
  if (!(pull > 0 && step > 0 && pull * step < 2))
    throw new Error(
      `ornsteinUhlenbeck requires pull and step above 0, together below 2, got ${pull}, ${step}`,
    );
  if (!(deviation >= 0)) throw new Error(`ornsteinUhlenbeck requires a deviation from 0, got ${deviation}`);
  const values = new Float32Array(size);
  const [keep, shake] = [1 - pull * step, deviation * Math.sqrt(step)];
  return {
    next() {
      for (let i = 0; i < size; i++) values[i] = keep * values[i] + shake * random.normal();
      return values;
    },
    reset: () => void values.fill(0),
  };
}
