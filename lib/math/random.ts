import { type RandomGenerator, xoroshiro128plus } from "pure-rand";

/**
 * A seeded stream of random numbers. It is created once from a run's seed and handed to whatever draws:
 * nothing in offshelf draws from a global source, so the same seed gives the same bytes.
 */
export interface Random {
  /** Uniform in [0, 1), 53 random bits. */
  next(): number;
  /** Uniform whole number in [0, limit), without modulo bias. */
  integer(limit: number): number;
  /** Standard normal draw (Box-Muller, one value a call). */
  normal(): number;
  /** An independent stream for a named purpose; it does not advance this one. */
  fork(purpose: string): Random;
}

/** FNV-1a over UTF-16 code units: turns a purpose into 32 bits that are mixed into the seed. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

/**
 * Makes a random stream (xoroshiro128+ of pure-rand) from a whole-number seed.
 *
 * @throws when the seed is not a safe whole number.
 * @example random(1).next() === random(1).next() // true
 */
export function random(seed: number): Random {
  if (!Number.isSafeInteger(seed)) throw new Error(`random requires a whole-number seed, got ${seed}`);
  return streamOf(seed, (Math.imul(seed | 0, 0x9e3779b1) ^ Math.floor(seed / 2 ** 32)) | 0);
}

function streamOf(seed: number, state: number): Random {
  const generator: RandomGenerator = xoroshiro128plus(state);
  const bits = (): number => generator.unsafeNext() >>> 0;
  const next = (): number => ((bits() >>> 5) * 67108864 + (bits() >>> 6)) / 9007199254740992;
  return {
    next,
    integer(limit) {
      if (!(limit >= 1 && limit <= 2 ** 32))
        throw new Error(`random.integer requires a limit in [1, 2^32], got ${limit}`);
      const fair = 2 ** 32 - (2 ** 32 % limit);
      let draw = bits();
      while (draw >= fair) draw = bits();
      return draw % limit;
    },
    normal() {
      const radius = Math.sqrt(-2 * Math.log(1 - next()));
      return radius * Math.cos(2 * Math.PI * next());
    },
    fork: (purpose) =>
      streamOf(seed, Math.imul(state ^ hashOf(purpose), 0x85ebca6b) ^ hashOf(purpose + "/" + seed)),
  };
}

/** Shuffles in place (Fisher-Yates) and returns the same array. */
export function shuffle<T extends { length: number; [index: number]: number }>(values: T, draw: Random): T {
  for (let i = values.length - 1; i > 0; i--) {
    const j = draw.integer(i + 1);
    const kept = values[i];
    values[i] = values[j];
    values[j] = kept;
  }
  return values;
}
