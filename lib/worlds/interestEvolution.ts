/**
 * Readers whose interests move with what they read. RecSim's interest evolution (Ie et al. 2019, RecSim: a configurable
 * simulation platform for recommender systems, arXiv 1909.04847), as SlateQ used it (Ie et al. 2019, arXiv 1905.12767,
 * section 6): documents of one topic each, with a quality that readers feel and recommenders do not see, slates of 3
 * out of 10, and a time budget that good documents stretch and bad ones use up.
 *
 * With I the interests of a reader, in [−1, 1], a slate's document is read with probability w / (Σ w + w₀),
 * proportional: w = 1 + I, w₀ = 2; logit: w = exp I, w₀ = e. What is read takes 4 minutes (the reward) and gives back
 * .9/3.4 · 4 · quality; reading nothing takes ½. After reading, interest in the topic moves by
 * .3 (1 − |I|)(1 − I), upwards with probability (1 + I) / 2. The episode ends when the budget is used up.
 *
 * Where paper and code differ the code is followed: the paper prints −I for 1 − I, against its own text. Random slates
 * earn what the paper reports under `logit`, not under the default of RecSim's code (`proportional`).
 */

import { z } from "zod";
import { type Changes, parseSettings } from "../data/settings";
import { drawFrom } from "../math/drawFrom";
import type { Random } from "../math/random";
import { type Environments, requireActions, requireChoice } from "./environment";
import { hiddenTruth, readerPolicies } from "./readerPolicies";
import type { World } from "./world";

export const interestEvolutionSettings = z.strictObject({
  choice: z
    .enum(["proportional", "logit"])
    .default("proportional")
    .describe("how readers choose from a slate"),
  topics: z.int().min(2).default(20).describe("topics of documents"),
  candidates: z.int().min(1).default(10).describe("documents to choose a slate from, new at each step"),
  slateSize: z.int().min(1).default(3).describe("documents in a slate"),
  budget: z.number().gt(0).default(200).describe("minutes that a reader has"),
});

export type InterestEvolutionConfig = Readonly<z.output<typeof interestEvolutionSettings>>;

/** Minutes that a document takes, and what is given back of them a point of quality. */
const documentLength = 4;
const bonus = 0.9 / 3.4;
const minutesOfNothing = 0.5;
const qualityDeviation = 0.1;
const noClick = 1;
const interestStep = 0.3;

/** Mean quality of each topic: 14 of 20 from −3 to 0, the others from 0 to 3. */
export function topicQualities(topics: number): Float64Array {
  const bad = Math.round(0.7 * topics);
  const good = topics - bad;
  return Float64Array.from({ length: topics }, (_, t) =>
    t < bad ? -3 + (3 * t) / Math.max(1, bad - 1) : (3 * (t - bad)) / Math.max(1, good - 1),
  );
}

/** Probability with which each document of a slate is read, and last that of none. [slots] interests → [slots + 1] */
export function choiceProbabilities(
  interests: ArrayLike<number>,
  choice: InterestEvolutionConfig["choice"],
): Float64Array {
  const weight = choice === "logit" ? Math.exp : (value: number): number => 1 + value;
  const weights = Float64Array.from({ length: interests.length + 1 }, (_, k) =>
    weight(k < interests.length ? interests[k] : noClick),
  );
  const sum = weights.reduce((total, each) => total + each, 0);
  return weights.map((each) => each / sum);
}

/** Interest in a topic after reading of it. @param draw uniform in [0, 1) */
export function movedInterest(interest: number, draw: number): number {
  const step = interestStep * (1 - Math.abs(interest)) * (1 - interest);
  const moved = draw < (interest + 1) / 2 ? interest + step : interest - step;
  return Math.max(-1, Math.min(1, moved));
}

/** The budget after reading a document of this quality; undefined: after reading nothing. */
export function budgetAfter(budget: number, quality: number | undefined): number {
  if (quality === undefined) return budget - minutesOfNothing;
  const watched = Math.min(documentLength, budget);
  return budget - watched + bonus * watched * quality;
}

/** What readers are, beside what can be observed of them. */
interface Readers {
  /** [n × topics] */
  readonly interests: Float64Array;
  /** [n] minutes left */
  readonly budgets: Float64Array;
  /** [n × candidates] */
  readonly topics: Int32Array;
  readonly qualities: Float64Array;
}

/**
 * Observations: [topics] interests, then [candidates] topics of the documents that there are now. Steps tell, beside
 * the reward: `items` [n × slots] topics shown, `earned` [n × slots] minutes watched of each, `clicked` [n] the place
 * that was read (−1: none), `qualities` [n × slots] as felt.
 *
 * Policies: random; greedy, the documents that are likeliest to be read, which is best for a reader's next minute;
 * topic-quality and quality, which know what recommenders cannot: a topic's mean and each document's own quality.
 *
 * @throws on unknown or bad settings by name.
 */
export function interestEvolution(changes: Changes<typeof interestEvolutionSettings> = {}): World {
  const config = parseSettings("interest-evolution", interestEvolutionSettings, changes);
  const { topics, candidates, slateSize: slots } = config;
  const means = topicQualities(topics);
  const hidden = hiddenTruth<Readers>("interest-evolution");
  const observed = topics + candidates;
  const perCandidate = (seen: Float32Array, value: (row: number, c: number) => number): Float64Array => {
    const size = seen.length / observed;
    const values = new Float64Array(size * candidates);
    for (let i = 0; i < size; i++)
      for (let c = 0; c < candidates; c++) values[i * candidates + c] = value(i * observed, c);
    return values;
  };
  const { policies, policy } = readerPolicies(
    "interest-evolution",
    { choices: candidates, slots, width: observed },
    {
      greedy: () => (seen) => perCandidate(seen, (row, c) => seen[row + seen[row + topics + c]]),
      "topic-quality": () => (seen) => perCandidate(seen, (row, c) => means[seen[row + topics + c]]),
      quality: (environments) => {
        const { qualities } = hidden.of(environments);
        return () => qualities;
      },
    },
  );
  return {
    name: "interest-evolution",
    items: Array.from({ length: topics }, (_, t) => ({ id: `topic-${t}`, title: `Topic ${t}` })),
    itemsOf(seen) {
      const size = seen.length / observed;
      return Int32Array.from({ length: size * candidates }, (_, at) => {
        const i = Math.floor(at / candidates);
        return seen[i * observed + topics + (at % candidates)];
      });
    },
    environments(size) {
      const { readers, environments } = readersSideBySide(size, config, means);
      return hidden.keep(environments, readers);
    },
    policies,
    policy,
  };
}

function readersSideBySide(
  size: number,
  { topics, candidates, slateSize: slots, budget, choice }: InterestEvolutionConfig,
  means: Float64Array,
): { readonly readers: Readers; readonly environments: Environments } {
  const readers: Readers = {
    interests: new Float64Array(size * topics),
    budgets: new Float64Array(size),
    topics: new Int32Array(size * candidates),
    qualities: new Float64Array(size * candidates),
  };
  const { interests, budgets } = readers;
  let chance: Random | undefined;
  const offer = (random: Random, i: number): void => {
    for (let at = i * candidates; at < (i + 1) * candidates; at++) {
      readers.topics[at] = random.integer(topics);
      readers.qualities[at] = means[readers.topics[at]] + qualityDeviation * random.normal();
    }
  };
  const seen = (): Float32Array => {
    const width = topics + candidates;
    const observations = new Float32Array(size * width);
    for (let i = 0; i < size; i++) {
      observations.set(interests.subarray(i * topics, (i + 1) * topics), i * width);
      observations.set(readers.topics.subarray(i * candidates, (i + 1) * candidates), i * width + topics);
    }
    return observations;
  };
  const own = new Float64Array(slots);
  const environments: Environments = {
    name: "interest-evolution",
    size,
    observationSpace: {
      kind: "box",
      low: [...new Array<number>(topics).fill(-1), ...new Array<number>(candidates).fill(0)],
      high: [...new Array<number>(topics).fill(1), ...new Array<number>(candidates).fill(topics - 1)],
    },
    actionSpace: { kind: "slates", size: candidates, slots },
    reset(random) {
      chance = random;
      budgets.fill(budget);
      for (let k = 0; k < interests.length; k++) interests[k] = 2 * random.next() - 1;
      for (let i = 0; i < size; i++) offer(random, i);
      return seen();
    },
    step(actions) {
      requireActions(chance, actions, { size, slots });
      const rewards = new Float64Array(size);
      const terminated = new Uint8Array(size);
      const clicked = new Int32Array(size).fill(-1);
      const items = new Int32Array(size * slots);
      const qualities = new Float64Array(size * slots);
      const earned = new Float64Array(size * slots);
      for (let i = 0; i < size; i++) {
        if (budgets[i] <= 0) {
          terminated[i] = 1;
          continue;
        }
        for (let k = 0; k < slots; k++) {
          requireChoice(actions[i * slots + k], candidates, "candidates");
          const place = i * candidates + actions[i * slots + k];
          items[i * slots + k] = readers.topics[place];
          qualities[i * slots + k] = readers.qualities[place];
          own[k] = interests[i * topics + items[i * slots + k]];
        }
        const place = drawFrom(choiceProbabilities(own, choice), chance);
        if (place < slots) {
          const topic = i * topics + items[i * slots + place];
          clicked[i] = place;
          rewards[i] = Math.min(documentLength, budgets[i]);
          earned[i * slots + place] = rewards[i];
          interests[topic] = movedInterest(interests[topic], chance.next());
        }
        budgets[i] = budgetAfter(budgets[i], place < slots ? qualities[i * slots + place] : undefined);
        terminated[i] = budgets[i] <= 0 ? 1 : 0;
        offer(chance, i);
      }
      const truncated = new Uint8Array(size);
      return {
        observations: seen(),
        rewards,
        terminated,
        truncated,
        info: { items, earned, clicked, qualities },
      };
    },
  };
  return { readers, environments };
}
