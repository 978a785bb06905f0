/**
 * Readers who tire of what they see too often. Each genre a has a quality qₐ and, for each reader, a level of satiation
 * sₐ. Showing it earns qₐ (1 − fatigue · sₐ); then the reader leaves for good with probability ℓ[sₐ]; who stays gets
 * fuller of it by 1 with probability `rise` and recovers from each other genre by 1 with probability `recovery`. With
 * `effects` off nothing moves and leaving is at ℓ[0] always: then nothing is better than the best of the moment.
 *
 * Small enough (levels^genres states) its values are exact, by dynamic programming. `taste` and `drift` make readers
 * differ in ways that cannot be observed, and what they like move towards what is shown; then there are no tables.
 */

import { z } from "zod";
import { type Changes, parseSettings } from "../data/settings";
import type { Random } from "../math/random";
import { type DecisionTables, evaluatePolicy, plan } from "./decisionTables";
import { type Environments, requireActions, requireChoice } from "./environment";
import { readerPolicies } from "./readerPolicies";
import type { PolicyOptions, World, WorldPolicy } from "./world";

const probability = () => z.number().min(0).max(1);

export const satiationSettings = z
  .strictObject({
    effects: z.boolean().default(true).describe("whether what is shown now changes what comes later"),
    genres: z.int().min(1).default(3).describe("what can be shown"),
    levels: z.int().min(1).default(4).describe("levels of satiation, from 0"),
    quality: z
      .array(z.number().min(0))
      .default([1, 0.87, 0.21])
      .describe("what each genre earns at level 0; the last number stands for all further genres"),
    leave: z
      .array(probability())
      .default([0.024, 0.03, 0.1, 0.2])
      .describe("probability of leaving at each level; the last number stands for all higher ones"),
    fatigue: z.number().min(0).default(0.04).describe("share of the quality that is lost a level"),
    rise: probability().default(0.6).describe("probability that the level of what was shown rises by 1"),
    recovery: probability().default(0.4).describe("probability that the level of another genre falls by 1"),
    taste: z
      .number()
      .min(0)
      .default(0)
      .describe("spread of readers' own liking of a genre, hidden (σ of its log)"),
    drift: probability()
      .default(0)
      .describe("how far liking moves towards what is shown, at each step, while effects are on"),
  })
  .superRefine(({ quality, leave }, context) => {
    for (const [name, list] of Object.entries({ quality, leave }))
      if (list.length === 0)
        context.addIssue({ code: "custom", path: [name], message: "at least one number" });
  });

export type SatiationConfig = Readonly<z.output<typeof satiationSettings>>;

/** Tables up to so many states; more are not planned over. */
const mostStates = 4096;

const lastOr = (list: readonly number[], i: number): number => list[Math.min(i, list.length - 1)];

/** The tables of a world without hidden tastes; states are levels, the last genre's counting up first. */
export function satiationTables(config: SatiationConfig): DecisionTables {
  const { effects, genres, levels, quality, leave, fatigue, rise, recovery } = config;
  const states = levels ** genres;
  const rewards = new Float64Array(states * genres);
  const transitions = new Float64Array(states * genres * states);
  const weights = Array.from({ length: genres }, (_, g) => levels ** (genres - 1 - g));
  for (let s = 0; s < states; s++) {
    const level = weights.map((weight) => Math.floor(s / weight) % levels);
    for (let a = 0; a < genres; a++) {
      rewards[s * genres + a] = lastOr(quality, a) * Math.max(0, 1 - fatigue * level[a]);
      const stays = 1 - lastOr(leave, effects ? level[a] : 0);
      let next = new Map([[s, stays]]);
      if (effects)
        for (let g = 0; g < genres; g++) {
          const [move, chance] =
            g === a ? [level[g] < levels - 1 ? 1 : 0, rise] : [level[g] > 0 ? -1 : 0, recovery];
          if (move === 0) continue;
          const moved = new Map<number, number>();
          for (const [from, p] of next) {
            const to = from + move * weights[g];
            moved.set(from, (moved.get(from) ?? 0) + p * (1 - chance));
            moved.set(to, (moved.get(to) ?? 0) + p * chance);
          }
          next = moved;
        }
      for (const [to, p] of next) transitions[(s * genres + a) * states + to] = p;
    }
  }
  return { states, actions: genres, rewards, transitions };
}

/**
 * Observations: [genres] levels of satiation. Policies: random; greedy, the genre that earns most now; least-satiated;
 * optimal, at the discount it is asked for; epsilon-greedy.
 *
 * @throws on unknown or bad settings by name.
 */
export function satiation(changes: Changes<typeof satiationSettings> = {}): World {
  const config = parseSettings("satiation", satiationSettings, changes);
  const { genres, levels, quality, fatigue, taste, drift } = config;
  const isCounted = taste === 0 && drift === 0 && levels ** genres <= mostStates;
  let tables: DecisionTables | undefined;
  const counted = (): DecisionTables => {
    tables ??= satiationTables(config);
    return tables;
  };
  const indexOf = (seen: Float32Array, i: number): number => {
    let index = 0;
    for (let g = 0; g < genres; g++) index = index * levels + seen[i * genres + g];
    return index;
  };
  const planned = (discount: number): ((seen: Float32Array) => Float64Array) => {
    const { actionValues } = plan(counted(), discount);
    return (seen) =>
      Float64Array.from(
        seen,
        (_, at) => actionValues[indexOf(seen, Math.floor(at / genres)) * genres + (at % genres)],
      );
  };
  const { policies, policy } = readerPolicies(
    "satiation",
    { choices: genres, width: genres },
    {
      greedy: () => (seen) =>
        Float64Array.from(seen, (level, at) => lastOr(quality, at % genres) * (1 - fatigue * level)),
      "least-satiated": () => (seen) => Float64Array.from(seen, (level) => -level),
      ...(isCounted && { optimal: (_: Environments, { discount }: PolicyOptions) => planned(discount!) }),
    },
  );
  const exact = (asked: string | WorldPolicy, discount: number, options: PolicyOptions = {}): number => {
    const all = counted();
    const chosen =
      typeof asked === "string" ? policy(asked, undefined as never, { discount, ...options }) : asked;
    const probabilities = new Float64Array(all.states * genres);
    const state = new Float32Array(genres);
    for (let s = 0; s < all.states; s++) {
      for (let g = 0, rest = s; g < genres; g++, rest = Math.floor(rest / levels))
        state[genres - 1 - g] = rest % levels;
      for (let a = 0; a < genres; a++)
        probabilities[s * genres + a] = chosen.probabilities(state, Int32Array.of(a))[0];
    }
    return evaluatePolicy(all, probabilities, discount)[0];
  };
  return {
    name: "satiation",
    items: Array.from({ length: genres }, (_, g) => ({
      id: `genre-${g}`,
      title: `Genre ${g}`,
      genres: `genre ${g}`,
    })),
    environments: (size) => readersWhoTire(size, config),
    policies,
    policy,
    ...(isCounted && { value: exact }),
  };
}

function readersWhoTire(
  size: number,
  { effects, genres, levels, quality, leave, fatigue, rise, recovery, taste, drift }: SatiationConfig,
): Environments {
  const level = new Float32Array(size * genres);
  const liking = new Float64Array(size * genres);
  const gone = new Uint8Array(size);
  let chance: Random | undefined;
  return {
    name: "satiation",
    size,
    observationSpace: {
      kind: "box",
      low: new Array<number>(genres).fill(0),
      high: new Array<number>(genres).fill(levels - 1),
    },
    actionSpace: { kind: "choices", size: genres },
    reset(random) {
      chance = random;
      level.fill(0);
      gone.fill(0);
      for (let k = 0; k < liking.length; k++) liking[k] = taste === 0 ? 1 : Math.exp(taste * random.normal());
      return level.slice();
    },
    step(actions) {
      requireActions(chance, actions, { size });
      const rewards = new Float64Array(size);
      for (let i = 0; i < size; i++) {
        if (gone[i] === 1) continue;
        const shown = actions[i];
        requireChoice(shown, genres, "genres");
        const at = i * genres + shown;
        rewards[i] = lastOr(quality, shown) * liking[at] * Math.max(0, 1 - fatigue * level[at]);
        if (chance.next() < lastOr(leave, effects ? level[at] : 0)) {
          gone[i] = 1;
          continue;
        }
        if (!effects) continue;
        for (let k = i * genres; k < (i + 1) * genres; k++) {
          const moves = chance.next();
          if (k === at) level[k] = moves < rise ? Math.min(levels - 1, level[k] + 1) : level[k];
          else if (level[k] > 0 && moves < recovery) level[k]--;
          if (drift > 0) liking[k] *= k === at ? 1 + drift : 1 - drift / Math.max(1, genres - 1);
        }
      }
      return {
        observations: level.slice(),
        rewards,
        terminated: gone.slice(),
        truncated: new Uint8Array(size),
      };
    },
  };
}
