import { random, shuffle } from "../math/random";
import type { Dataset } from "./dataset";
import {
  type Choices,
  defaultSizes,
  type LogSizes,
  makeLog,
  ratingOf,
  requireSizes,
  syntheticOfKind,
} from "./syntheticLog";

/** What readers like. */
export interface TasteConfig extends LogSizes {
  /** Number of latent tastes, at least 1. */
  readonly rank: number;
  /** Standard deviation of what liking adds to the logarithm of choosing; 0 is no taste at all. */
  readonly strength: number;
}

const tasteDefaults: TasteConfig = { ...defaultSizes, rank: 8, strength: 2 };

/** A log of stable tastes. */
export interface TasteDataset extends Dataset {
  /** [users × items] how much each reader likes each item, user by user; standard deviation 1 over items and users. */
  readonly preferences: Float32Array;
}

/**
 * A log driven by taste alone, which never changes:
 *
 *   liking x_ui = p_u · q_i / √k,   P(u takes i) ∝ exp(2 · x_ui + b_i), without putting back
 *
 * p_u and q_i are standard normal of k = 8 latent tastes (`rank`), 2 is `strength`, fame b_i is normal with
 * standard deviation .5. What a reader takes over the whole log is drawn first and then shuffled, so that order
 * and time say nothing: no item leads to another, nothing comes into fashion. Ratings: round(3.2 + .7 · x_ui +
 * .5 · noise) within 1 .. 5, the noise standard normal. Each item's catalogue entry names its strongest taste.
 *
 * @throws when the sizes are impossible.
 * @example syntheticTaste({ seed: 1 }).name // "synthetic-taste"
 */
export function syntheticTaste(
  options: { readonly seed?: number; readonly config?: Partial<TasteConfig> } = {},
): TasteDataset {
  const config = { ...tasteDefaults, ...options.config };
  requireSizes("syntheticTaste", config);
  const { users, items, rank, strength } = config;
  const seed = options.seed ?? 1;
  const draw = random(seed).fork("synthetic taste");
  const [userDraw, itemDraw, steps] = [draw.fork("users"), draw.fork("items"), draw.fork("steps")];
  const tastes = Float64Array.from({ length: users * rank }, () => userDraw.normal());
  const traits = Float64Array.from({ length: items * rank }, () => itemDraw.normal());
  const fame = Float64Array.from({ length: items }, () => 0.5 * itemDraw.normal());

  const preferences = new Float32Array(users * items);
  const keys = new Float64Array(items);
  const choose = (user: number, moments: Float64Array): Choices => {
    const liked = preferences.subarray(user * items, (user + 1) * items);
    for (let item = 0; item < items; item++) {
      let sum = 0;
      for (let k = 0; k < rank; k++) sum += tastes[user * rank + k] * traits[item * rank + k];
      liked[item] = sum / Math.sqrt(rank);
      // The largest of log weight + Gumbel noise are a draw without putting back.
      const gumbel = -Math.log(-Math.log(1 - steps.next()));
      keys[item] = strength * liked[item] + fame[item] + gumbel;
    }
    const least = keys.slice().sort()[items - moments.length];
    const chosen: number[] = [];
    for (let item = 0; item < items; item++) if (keys[item] >= least) chosen.push(item);
    shuffle(chosen, steps);
    return { items: chosen, ratings: chosen.map((item) => ratingOf(3.2 + 0.7 * liked[item], 0.5, steps)) };
  };
  const interactions = makeLog(config, draw.fork("log"), choose);
  const text = { genres: Array.from(fame, (_, item) => `taste ${strongest(traits, item, rank) + 1}`) };
  return { ...syntheticOfKind("taste", interactions, seed, { text }), preferences };
}

function strongest(traits: Float64Array, item: number, rank: number): number {
  let best = 0;
  for (let k = 1; k < rank; k++) if (traits[item * rank + k] > traits[item * rank + best]) best = k;
  return best;
}
