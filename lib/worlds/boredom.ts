/**
 * Readers who leave for a while when one topic comes too often. SARDINE (Deffayet et al. 2023, SARDINE: a simulator for
 * automated recommendation in dynamic and interactive environments, ACM TORS 2024, arXiv 2311.16586). Items and readers
 * are unit vectors over topics. With e an item, u the reader, an item at place j (from 0) is clicked with probability
 * σ(λ (e·u / max ‖e‖ − μ)) · γʲ, places independent of each other; the reward is the number of clicks.
 *
 * A topic clicked n times within the last 5 steps, of at most 10 clicks, becomes boring: for 5 steps the reader
 * is interested in nothing (u counts as 0). Clicks also move readers, u ← ωu + (1 − ω)m, made a unit vector.
 * The package takes one number for m, the mean over all entries of the clicked vectors, so that readers drift towards
 * every topic at once; `influence: "package"` does so, "items" moves them towards the mean vector of what they clicked.
 *
 * Episodes start with a random slate that earns nothing, but whose clicks count, and last `steps` steps.
 */

import { z } from "zod";
import { type Changes, parseSettings } from "../data/settings";
import { type Random, random, shuffle } from "../math/random";
import { type Environments, requireActions, requireChoice } from "./environment";
import { hiddenTruth, readerPolicies } from "./readerPolicies";
import type { World, WorldPolicy } from "./world";

const single = { slateSize: 1, items: 1000, steps: 100, slope: 100, offset: 0.65, position: 0.85 };
const slate = { ...single, slateSize: 10 };
const rerank = { slateSize: 10, items: 10, steps: 10, slope: 5, offset: 0.3, position: 0.7 };

/** SARDINE's worlds by name. `keep` is ω, `threshold` n: at 11 no topic ever bores, since 10 clicks are looked at. */
export const boredomPresets = {
  "single-item-static": { ...single, keep: 1, threshold: 11 },
  "single-item-bored-inf": { ...single, keep: 0.95, threshold: 5 },
  "single-item-uncertain": { ...single, slope: 10, keep: 1, threshold: 11 },
  "slate-top-k-bored": { ...slate, keep: 1, threshold: 5 },
  "slate-top-k-bored-inf": { ...slate, keep: 0.95, threshold: 5 },
  "slate-top-k-uncertain": { ...slate, slope: 10, keep: 0.95, threshold: 5 },
  "slate-rerank-static": { ...rerank, keep: 1, threshold: 11 },
  "slate-rerank-bored": { ...rerank, keep: 1, threshold: 4 },
} as const;

const presetNames = Object.keys(boredomPresets) as (keyof typeof boredomPresets)[];

export const boredomSettings = z.strictObject({
  preset: z.enum(presetNames).default("slate-top-k-bored").describe("one of SARDINE's worlds"),
  influence: z
    .enum(["package", "items"])
    .default("package")
    .describe("what clicks move readers towards: one number as in the package, or the clicked items' mean"),
  effects: z.boolean().default(true).describe("whether topics bore and clicks move readers"),
  seed: z.int().default(1).describe("seed of the items"),
});

const topics = 10;
/** Steps that clicks are remembered and that boredom lasts; and how many clicks at most. */
const window = 5;
const memory = 10;

/** What one reader remembers and feels. */
export interface BoredReader {
  /** step of the next choice; 1 after the first slate */
  time: number;
  /** [topics] */
  taste: Float64Array;
  /** [topics] 1 while a topic bores, and how many steps that still lasts */
  readonly bored: Uint8Array;
  readonly left: Int32Array;
  /** topics of the clicks that are remembered and their steps, the oldest first */
  clicks: { readonly topic: number; readonly step: number }[];
}

export interface BoredomItems {
  /** [N × topics] */
  readonly vectors: Float64Array;
  /** [N] each item's strongest topic */
  readonly mains: Int32Array;
  /** length of the longest vector */
  readonly longest: number;
}

/** Uniform numbers on 2 or 3 topics, made unit vectors. */
export function boredomItems(count: number, draw: Random): BoredomItems {
  const vectors = new Float64Array(count * topics);
  for (let i = 0; i < count; i++) {
    const order = shuffle(
      Int32Array.from({ length: topics }, (_, t) => t),
      draw,
    );
    const own = order.subarray(0, 2 + draw.integer(2));
    for (const topic of own) vectors[i * topics + topic] = draw.next();
    scaleToUnit(vectors.subarray(i * topics, (i + 1) * topics));
  }
  return itemsOf(vectors);
}

export function itemsOf(vectors: Float64Array): BoredomItems {
  const count = vectors.length / topics;
  const rowOf = (i: number): Float64Array => vectors.subarray(i * topics, (i + 1) * topics);
  const mains = Int32Array.from({ length: count }, (_, i) => rowOf(i).indexOf(Math.max(...rowOf(i))));
  const longest = Math.max(...Array.from({ length: count }, (_, i) => Math.hypot(...rowOf(i))));
  return { vectors, mains, longest };
}

function scaleToUnit(vector: Float64Array): void {
  const length = Math.hypot(...vector);
  for (let t = 0; t < vector.length; t++) vector[t] /= length;
}

/** Interested in 3 to 5 topics. */
function newReader(draw: Random): BoredReader {
  const taste = Float64Array.from({ length: topics }, () => draw.next());
  let likes: boolean[];
  do likes = Array.from({ length: topics }, () => draw.next() > 0.6);
  while (likes.filter(Boolean).length <= 2 || likes.filter(Boolean).length >= 6);
  likes.forEach((liked, t) => {
    if (!liked) taste[t] = 0;
  });
  scaleToUnit(taste);
  return {
    ...{ time: 0, taste, clicks: [] },
    ...{ bored: new Uint8Array(topics), left: new Int32Array(topics).fill(window) },
  };
}

/** e·u / max ‖e‖, of what the reader feels now: nothing while any topic bores. */
export function scoreOf(items: BoredomItems, item: number, { taste, bored }: BoredReader): number {
  if (bored.includes(1)) return 0;
  let sum = 0;
  for (let t = 0; t < topics; t++) sum += items.vectors[item * topics + t] * taste[t];
  return sum / items.longest;
}

export interface BoredomRules {
  readonly slope: number;
  readonly offset: number;
  readonly position: number;
  /** ω */
  readonly keep: number;
  readonly threshold: number;
  readonly influence: "package" | "items";
}

/** Probability of a click at a place, from 0. */
export function clickChance(score: number, place: number, { slope, offset, position }: BoredomRules): number {
  return position ** place / (1 + Math.exp(-slope * (score - offset)));
}

/** What a reader is after clicking these items. */
export function afterClicks(
  reader: BoredReader,
  clicked: readonly number[],
  items: BoredomItems,
  { keep, threshold, influence }: BoredomRules,
): void {
  const { bored, left } = reader;
  for (const item of clicked) reader.clicks.push({ topic: items.mains[item], step: reader.time });
  reader.clicks = reader.clicks.slice(-memory);
  reader.time++;
  while (reader.clicks.length > 0 && reader.clicks[0].step < reader.time - window) reader.clicks.shift();
  for (let t = 0; t < topics; t++) {
    left[t] -= bored[t];
    if (left[t] === 0) bored[t] = 0;
    if (bored[t] === 0) left[t] = window;
  }
  const counts = countsOf(reader);
  for (let t = 0; t < topics; t++) if (counts[t] >= threshold) bored[t] = 1;
  if (clicked.length === 0 || keep === 1) return;
  const towards = new Float64Array(topics);
  for (const item of clicked)
    for (let t = 0; t < topics; t++) towards[t] += items.vectors[item * topics + t] / clicked.length;
  if (influence === "package") towards.fill(towards.reduce((sum, value) => sum + value, 0) / topics);
  reader.taste = reader.taste.map((value, t) => keep * value + (1 - keep) * towards[t]);
  scaleToUnit(reader.taste);
}

/** [topics] remembered clicks. */
function countsOf({ clicks }: BoredReader): Int32Array {
  const counts = new Int32Array(topics);
  for (const { topic } of clicks) counts[topic]++;
  return counts;
}

/**
 * Observations: [topics] the share n of remembered clicks on each topic, up to 1; then the slate that was shown
 * last [slots] and which of its places were clicked [slots].
 *
 * Policies: random; greedy, the items that are likeliest to be clicked now, which knows the reader; guard, the same, but
 * with no topic that could come to n clicks; epsilon-greedy.
 *
 * @throws on unknown or bad settings by name.
 */
export function boredom(changes: Changes<typeof boredomSettings> = {}): World {
  const { preset, influence, effects, seed } = parseSettings("boredom", boredomSettings, changes);
  const { slateSize: slots, items: count, steps, keep, threshold, ...chances } = boredomPresets[preset];
  const rules: BoredomRules = {
    ...chances,
    ...{ influence, keep: effects ? keep : 1, threshold: effects ? threshold : Number.POSITIVE_INFINITY },
  };
  const items = boredomItems(count, random(seed).fork("items"));
  const hidden = hiddenTruth<BoredReader[]>("boredom");
  const liking = (environments: Environments): (() => Float64Array) => {
    const readers = hidden.of(environments);
    return () => {
      const scores = new Float64Array(readers.length * count);
      readers.forEach((reader, i) => {
        for (let item = 0; item < count; item++) scores[i * count + item] = scoreOf(items, item, reader);
      });
      return scores;
    };
  };
  const { policies, policy } = readerPolicies(
    "boredom",
    { choices: count, slots, width: topics + 2 * slots },
    {
      greedy: liking,
      guard: (environments) => {
        const scores = liking(environments);
        return guard(hidden.of(environments), scores, { items, slots, threshold: rules.threshold });
      },
    },
  );
  return {
    name: "boredom",
    items: Array.from({ length: count }, (_, i) => ({
      ...{ id: `item-${i}`, title: `Item ${i}`, genres: `topic ${items.mains[i]}` },
    })),
    environments(size) {
      const { readers, environments } = boredReaders(size, { items, slots, steps, rules });
      return hidden.keep(environments, readers);
    },
    policies,
    policy,
  };
}

/** The best items of which no topic could come to `threshold` remembered clicks, if all of them were clicked. */
function guard(
  readers: readonly BoredReader[],
  scores: () => Float64Array,
  {
    items,
    slots,
    threshold,
  }: { readonly items: BoredomItems; readonly slots: number; readonly threshold: number },
): WorldPolicy {
  const slatesNow = (): Int32Array => {
    const all = scores();
    const count = items.mains.length;
    const actions = new Int32Array(readers.length * slots);
    readers.forEach((reader, i) => {
      const clicks = reader.clicks.filter(({ step }) => step >= reader.time + 1 - window);
      const counts = countsOf({ ...reader, clicks });
      const own = all.subarray(i * count, (i + 1) * count);
      const order = Int32Array.from(own.keys()).sort((a, b) => own[b] - own[a] || a - b);
      const taken: number[] = [];
      const left: number[] = [];
      for (const item of order) {
        if (taken.length === slots) break;
        if (counts[items.mains[item]] + 1 >= threshold) left.push(item);
        else {
          counts[items.mains[item]]++;
          taken.push(item);
        }
      }
      actions.set([...taken, ...left].slice(0, slots), i * slots);
    });
    return actions;
  };
  return {
    name: "guard",
    choose() {
      const actions = slatesNow();
      return { actions, propensities: new Float64Array(actions.length).fill(1) };
    },
    probabilities(_, actions) {
      const own = slatesNow();
      return Float64Array.from(actions, (action, k) => (action === own[k] ? 1 : 0));
    },
  };
}

function boredReaders(
  size: number,
  {
    items,
    slots,
    steps,
    rules,
  }: {
    readonly items: BoredomItems;
    readonly slots: number;
    readonly steps: number;
    readonly rules: BoredomRules;
  },
): { readonly readers: BoredReader[]; readonly environments: Environments } {
  const count = items.mains.length;
  const readers: BoredReader[] = [];
  const shown = new Int32Array(size * slots);
  const clicks = new Int32Array(size * slots);
  let chance: Random | undefined;
  const show = (i: number, draw: Random): number => {
    const reader = readers[i];
    const clicked: number[] = [];
    for (let k = 0; k < slots; k++) {
      const item = shown[i * slots + k];
      const click = draw.next() < clickChance(scoreOf(items, item, reader), k, rules);
      clicks[i * slots + k] = click ? 1 : 0;
      if (click) clicked.push(item);
    }
    afterClicks(reader, clicked, items, rules);
    return clicked.length;
  };
  const most = Number.isFinite(rules.threshold) ? rules.threshold : memory;
  const seen = (): Float32Array => {
    const width = topics + 2 * slots;
    const observations = new Float32Array(size * width);
    readers.forEach((reader, i) => {
      const counts = countsOf(reader);
      for (let t = 0; t < topics; t++) observations[i * width + t] = Math.min(1, counts[t] / most);
      observations.set(shown.subarray(i * slots, (i + 1) * slots), i * width + topics);
      observations.set(clicks.subarray(i * slots, (i + 1) * slots), i * width + topics + slots);
    });
    return observations;
  };
  const environments: Environments = {
    name: "boredom",
    size,
    observationSpace: {
      kind: "box",
      low: new Array<number>(topics + 2 * slots).fill(0),
      high: [
        ...new Array<number>(topics).fill(1),
        ...new Array<number>(slots).fill(count - 1),
        ...new Array<number>(slots).fill(1),
      ],
    },
    actionSpace: { kind: "slates", size: count, slots },
    reset(draw) {
      chance = draw;
      readers.length = 0;
      for (let i = 0; i < size; i++) {
        readers.push(newReader(draw));
        for (let k = 0; k < slots; k++) shown[i * slots + k] = draw.integer(count);
        show(i, draw);
      }
      return seen();
    },
    step(actions) {
      requireActions(chance, actions, { size, slots });
      const rewards = new Float64Array(size);
      const terminated = new Uint8Array(size);
      for (let i = 0; i < size; i++) {
        if (readers[i].time > steps) {
          terminated[i] = 1;
          continue;
        }
        for (let k = 0; k < slots; k++) {
          const item = actions[i * slots + k];
          requireChoice(item, count, "items");
          shown[i * slots + k] = item;
        }
        rewards[i] = show(i, chance);
        terminated[i] = readers[i].time > steps ? 1 : 0;
      }
      const truncated = new Uint8Array(size);
      return {
        observations: seen(),
        rewards,
        terminated,
        truncated,
        info: { earned: Float64Array.from(clicks) },
      };
    },
  };
  return { readers, environments };
}
