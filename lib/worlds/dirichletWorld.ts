/**
 * Readers with hidden preferences over items. Each reader's preferences p are drawn from a symmetric Dirichlet
 * distribution and scaled so that the favourite item engages with the stated probability: a = engagement · p / max p
 * (p alone would engage with 1/N on average). Shown for the c-th time after the first, an item engages with probability
 * a · fatigueᶜ; the reward is 1 if it does. What can be seen is how often each item was shown, and how often it engaged.
 */

import { z } from "zod";
import { type Changes, parseSettings } from "../data/settings";
import { dirichlet } from "../math/dirichlet";
import type { Random } from "../math/random";
import { type Environments, requireActions, requireChoice } from "./environment";
import { hiddenTruth, readerPolicies } from "./readerPolicies";
import type { World } from "./world";

export const dirichletSettings = z.strictObject({
  items: z.int().min(2).default(10).describe("items that can be shown (N)"),
  engagement: z
    .number()
    .gt(0)
    .max(1)
    .default(0.8)
    .describe("probability that a reader's favourite item engages"),
  concentration: z
    .number()
    .gt(0)
    .default(0.5)
    .describe("of the Dirichlet distribution: small ones make readers who like few items"),
  fatigue: z
    .number()
    .min(0)
    .max(1)
    .default(0.95)
    .describe("what each repeat leaves of an item's chance; 1: all of it"),
  steps: z.int().min(1).default(100).describe("items shown to a reader before watching ends"),
});

export type DirichletConfig = Readonly<z.output<typeof dirichletSettings>>;

/**
 * Observations: [N] how often each item was shown, then [N] how often it engaged. Episodes are cut off after `steps`.
 *
 * Policies: random; greedy, the item that is likeliest to engage now, which knows the reader; optimal, the same, since an
 * item's chance falls by being shown and by nothing else; epsilon-greedy.
 *
 * @throws on unknown or bad settings by name.
 */
export function dirichletWorld(changes: Changes<typeof dirichletSettings> = {}): World {
  const config = parseSettings("dirichlet", dirichletSettings, changes);
  const { items } = config;
  const hidden = hiddenTruth<() => Float64Array>("dirichlet");
  return {
    name: "dirichlet",
    items: Array.from({ length: items }, (_, i) => ({ id: `item-${i}`, title: `Item ${i}` })),
    environments(size) {
      const { environments, chances } = readersWithTastes(size, config);
      return hidden.keep(environments, chances);
    },
    ...readerPolicies(
      "dirichlet",
      { choices: items, width: 2 * items },
      { greedy: hidden.of, optimal: hidden.of },
    ),
  };
}

function readersWithTastes(
  size: number,
  { items, engagement, concentration, fatigue, steps }: DirichletConfig,
): { readonly environments: Environments; readonly chances: () => Float64Array } {
  const attraction = new Float64Array(size * items);
  const shown = new Float32Array(size * items);
  const engaged = new Float32Array(size * items);
  let time = steps;
  let chance: Random | undefined;
  const seen = (): Float32Array => {
    const observations = new Float32Array(2 * size * items);
    for (let i = 0; i < size; i++) {
      observations.set(shown.subarray(i * items, (i + 1) * items), 2 * i * items);
      observations.set(engaged.subarray(i * items, (i + 1) * items), (2 * i + 1) * items);
    }
    return observations;
  };
  const environments: Environments = {
    name: "dirichlet",
    size,
    observationSpace: {
      kind: "box",
      low: new Array<number>(2 * items).fill(0),
      high: new Array<number>(2 * items).fill(steps),
    },
    actionSpace: { kind: "choices", size: items },
    reset(random) {
      chance = random;
      time = 0;
      shown.fill(0);
      engaged.fill(0);
      for (let i = 0; i < size; i++) {
        const preferences = dirichlet(items, concentration, random);
        const most = preferences.reduce((highest, each) => Math.max(highest, each), 0);
        for (let k = 0; k < items; k++) attraction[i * items + k] = (engagement * preferences[k]) / most;
      }
      return seen();
    },
    step(actions) {
      requireActions(chance, actions, { size });
      const rewards = new Float64Array(size);
      if (time < steps) {
        for (let i = 0; i < size; i++) {
          const item = actions[i];
          requireChoice(item, items, "items");
          const at = i * items + item;
          rewards[i] = chance.next() < attraction[at] * fatigue ** shown[at] ? 1 : 0;
          shown[at]++;
          engaged[at] += rewards[i];
        }
        time++;
      }
      const truncated = new Uint8Array(size).fill(time >= steps ? 1 : 0);
      return { observations: seen(), rewards, terminated: new Uint8Array(size), truncated };
    },
  };
  return { environments, chances: () => attraction.map((each, at) => each * fatigue ** shown[at]) };
}
