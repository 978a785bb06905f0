/**
 * A memory of a real log as a world: LIRD's simulator (Zhao et al., "Deep Reinforcement Learning for List-wise
 * Recommendations", arXiv 1801.00209). It remembers which rewards followed on which pairs of
 * state and item; a new pair gets the reward pattern x with probability
 *
 *     P(x | s, a) = Σ over entries i with pattern x of k(s, a; sᵢ, aᵢ) / Σ over all entries of the same.
 *
 * **The truth of this world is that of the memory, never that of readers.** A log holds what readers chose to rate, and
 * says nothing of what they would have said of the rest; the memory answers there too. A policy's value here is what the
 * memory says of it. `validity` says how well it foretells the rewards of users it was not fitted on; where little of the
 * memory is near a pair, `supported` is 0.
 *
 * What LIRD leaves open, and what was settled:
 *
 * - Item vectors: implicit ALS on what the fitted half of the users received well, of length 1.
 * - State: the mean of the vectors of the last `history` items received well, of length 1. An item that is received well
 *   enters, the oldest leaves, as in LIRD; others leave the state as it is.
 * - Rewards: 1 for a row that is relevant (four stars and more), else 0; or `reward=rating`: each weight is a pattern.
 *   One item is shown at a time, so a pattern is one reward.
 * - Similarity: LIRD's is α cos(s, s') + (1 − α) cos(a, a'), and a cosine below 0 would make a probability below 0. Here
 *   `similarity=linear` adds 1: never below 0, and LIRD's sums by pattern stay exact. But a sum knows nothing of the match
 *   of state and item: entries with this state and any item say as much as those with both. With α of ½ every item's
 *   chance lies near the mean of all, and items rank alike for every reader. So the default is `exponential`,
 *   e^(κs cos(s, s') + κa cos(a, a')): the same sum in the exponent, κs = κα and κa = κ(1 − α) with κ an inverse
 *   temperature; an entry counts where state and item are both near.
 * - κs and κa, or α: by the likelihood of users that were left out of the memory, all within the fitted half.
 * - Speed: sums over groups of entries (`rememberedRewards`), with states gathered around `centres`.
 * - An item that was shown in this episode, or is one of those that the episode starts from, earns nothing when it is
 *   shown again (`repeats=true`: it may).
 * - Episodes start from the last items of users of the half that the memory was not fitted on, drawn with replacement,
 *   and are cut off after `steps`.
 */

import { z } from "zod";
import type { Dataset } from "../data/dataset";
import { type Changes, parseSettings } from "../data/settings";
import { random as seeded } from "../math/random";
import { bestRemembered } from "./bestRemembered";
import { type FittedMemory, fitMemory } from "./memoryFit";
import { type ReadersOfMemory, readersWithMemory } from "./memoryReaders";
import { hiddenTruth } from "./readerPolicies";
import { topPolicy } from "./topPolicy";
import type { World } from "./world";

const sharpness = (what: string) =>
  z.number().min(0).nullable().default(null).describe(`${what}; null: by likelihood`);

export const memorySettings = z.strictObject({
  reward: z
    .enum(["positive", "rating"])
    .default("positive")
    .describe("1 for what is received well, else 0; or the rating, stretched to [0, 1]"),
  positive: z
    .number()
    .nullable()
    .default(null)
    .describe("from which weight on a row is received well; null: by the rule for all logs, four stars"),
  similarity: z
    .enum(["exponential", "linear"])
    .default("exponential")
    .describe("of pairs: both parts must be near; or LIRD's sum"),
  stateSharpness: sharpness("how near states must be, κs of exponential"),
  itemSharpness: sharpness("how near items must be, κa of exponential"),
  alpha: z
    .number()
    .min(0)
    .max(1)
    .nullable()
    .default(null)
    .describe("share of the states in linear similarity; null: by likelihood"),
  width: z.int().min(1).default(32).describe("numbers in a vector (F)"),
  history: z.int().min(1).default(10).describe("items received well that a state holds (N)"),
  centres: z.int().min(1).default(64).describe("states that entries are gathered around (C)"),
  entries: z.int().min(1).default(200_000).describe("entries remembered at most; of more, so many are drawn"),
  support: z
    .number()
    .min(0)
    .max(1)
    .default(0.05)
    .describe("share of the logged pairs of other users that count as without support"),
  repeats: z.boolean().default(false).describe("whether an item can earn again in an episode"),
  steps: z.int().min(1).default(20).describe("items shown to a reader before watching ends"),
  fitSeed: z.int().min(0).default(1).describe("seed of the halves and the vectors"),
});

export type MemoryConfig = Readonly<z.output<typeof memorySettings>>;

/** A world whose truth was fitted to a log. */
export interface MemoryWorld extends World {
  readonly fitted: FittedMemory;
}

/**
 * Observations: [F] states. Policies: random; greedy, the item with the largest expected reward now, which asks the memory;
 * popular, the item most often received well in the memory that was not shown; epsilon-greedy. The optimum cannot be
 * computed: there are too many states.
 *
 * @throws on unknown or bad settings by name, and as `fitMemory` does.
 * @example memoryWorld(await openDataset("ml-100k")).fitted.validity.overMarginal
 */
export function memoryWorld(dataset: Dataset, changes: Changes<typeof memorySettings> = {}): MemoryWorld {
  const config = parseSettings("memory", memorySettings, changes);
  const fitted = fitMemory(dataset, config, seeded(config.fitSeed).fork("memory"));
  const { catalog } = dataset;
  const hidden = hiddenTruth<ReadersOfMemory>("memory");
  const best = bestRemembered(fitted);
  const byCount = Int32Array.from({ length: catalog.size }, (_, item) => item).sort(
    (a, b) => fitted.counts[b] - fitted.counts[a] || a - b,
  );
  const policies = ["random", "greedy", "popular", "epsilon-greedy"];
  return {
    name: "memory",
    fitted,
    items: catalog.ids.map((id, row) => ({
      ...{ id, title: catalog.titles[row] },
      ...(catalog.text.genres?.[row] && { genres: catalog.text.genres[row] }),
    })),
    environments(size) {
      const readers = readersWithMemory(size, fitted, config);
      return hidden.keep(readers.environments, readers);
    },
    isOnce: !config.repeats,
    startsOf: (environments) => {
      const { shown } = hidden.of(environments);
      return Array.from({ length: environments.size }, (_, i) => shown(i).slice());
    },
    policies,
    policy(name, environments, { epsilon = 0.1 } = {}) {
      if (!policies.includes(name))
        throw new Error(`memory has no policy ${name}, but ${policies.join(", ")}`);
      const shape = { choices: catalog.size, width: config.width };
      if (name === "random") return topPolicy(name, { ...shape, epsilon: 1, best: () => new Int32Array(0) });
      const { shown } = hidden.of(environments);
      const barred = (i: number): ReadonlySet<number> => (config.repeats ? new Set() : new Set(shown(i)));
      if (name === "popular")
        return topPolicy(name, {
          ...shape,
          best: (observations) =>
            Int32Array.from({ length: observations.length / config.width }, (_, i) => {
              const left = barred(i);
              return byCount.find((item) => !left.has(item)) ?? byCount[0];
            }),
        });
      return topPolicy(name, {
        ...{ ...shape, epsilon: name === "greedy" ? 0 : epsilon },
        best: (observations) => best(observations, barred),
      });
    },
  };
}
