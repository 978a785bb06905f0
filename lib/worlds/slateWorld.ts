import type { Random } from "../math/random";
import { allSlates, type SlatePolicy, slateProbability } from "./slatePolicies";

/**
 * What makes a user click: an item by itself; an item, as long as the user has not left before it (Craswell et al.
 * 2008); an item, and less so the more attractive everything else on the slate is.
 */
export type ClickModel = "independent" | "cascade" | "full";

/** Slates, users who click on them, and the value of every policy known exactly. */
export interface SlateWorld {
  readonly model: ClickModel;
  readonly contexts: number;
  readonly items: number;
  readonly slots: number;
  /** [K] probability of a click on each slot of a slate. */
  clickChances(context: number, slate: Int32Array): Float64Array;
  /** [K] clicks, 0 or 1, of one user. */
  clicks(context: number, slate: Int32Array, random: Random): Float64Array;
}

export interface SlateWorldOptions {
  readonly model: ClickModel;
  /** Equally frequent; 2 by default. */
  readonly contexts?: number;
  readonly items?: number;
  readonly slots?: number;
  /** How strongly slots touch each other, in [0, 1]; .8 by default. At 0 the three click models are one. */
  readonly interaction?: number;
}

/**
 * A world whose items have an attraction θ between .1 and .9 in each context, drawn by `random`; s is the
 * interaction. A slot is clicked with probability
 * independent θₖ; cascade θₖ Πⱼ﹤ₖ (1 − s θⱼ), as of a user who after a click leaves with probability s;
 * full θₖ (1 − s · mean of the other slots' θ).
 *
 * @throws when a size or the interaction is out of range.
 * @example slateWorld({ model: "cascade", items: 4, slots: 3 }, random(1))
 */
export function slateWorld(
  { model, contexts = 2, items = 4, slots = 3, interaction = 0.8 }: SlateWorldOptions,
  random: Random,
): SlateWorld {
  for (const [name, value] of Object.entries({ contexts, items, slots }))
    if (!(Number.isSafeInteger(value) && value >= 1))
      throw new Error(`slateWorld requires at least 1 of ${name}, got ${value}`);
  if (!(interaction >= 0 && interaction <= 1))
    throw new Error(`slateWorld requires an interaction in [0, 1], got ${interaction}`);
  const attractions = Float64Array.from({ length: contexts * items }, () => 0.1 + 0.8 * random.next());
  const attractionsOf = (context: number, slate: Int32Array): Float64Array =>
    Float64Array.from(slate, (item) => attractions[context * items + item]);

  const clickChances: SlateWorld["clickChances"] = (context, slate) => {
    const own = attractionsOf(context, slate);
    if (model === "independent") return own;
    if (model === "cascade") {
      let stays = 1;
      return own.map((attraction) => {
        const chance = attraction * stays;
        stays *= 1 - interaction * attraction;
        return chance;
      });
    }
    const all = own.reduce((sum, attraction) => sum + attraction, 0);
    const others = Math.max(1, slate.length - 1);
    return own.map((attraction) => attraction * (1 - (interaction * (all - attraction)) / others));
  };

  return {
    ...{ model, contexts, items, slots },
    clickChances,
    clicks(context, slate, draw) {
      if (model !== "cascade")
        return clickChances(context, slate).map((chance) => (draw.next() < chance ? 1 : 0));
      let gone = false;
      return attractionsOf(context, slate).map((attraction) => {
        const click = !gone && draw.next() < attraction;
        gone ||= click && draw.next() < interaction;
        return click ? 1 : 0;
      });
    },
  };
}

/** Exact mean number of clicks on a policy's slates, by enumeration of all slates in all contexts. */
export function slateValue(world: SlateWorld, policy: SlatePolicy): number {
  const slates = allSlates(world.items, world.slots);
  let value = 0;
  for (let context = 0; context < world.contexts; context++)
    for (const slate of slates) {
      const probability = slateProbability(policy, context, slate);
      for (const chance of world.clickChances(context, slate)) value += probability * chance;
    }
  return value / world.contexts;
}

/** What a slate's slots, filled from the top, are worth under a policy that fills the rest. */
export interface SlateWorth {
  /** [K] clicks on slot k and below, given the slots down to k. */
  readonly logged: Float64Array;
  /** [K] the same given the slots above k alone. */
  readonly expected: Float64Array;
}

/** The exact qₖ of cascade-DR, by enumeration of what may follow. */
export function slateWorth(
  world: SlateWorld,
  policy: SlatePolicy,
  { context, slate }: { readonly context: number; readonly slate: Int32Array },
): SlateWorth {
  const worth = (known: number, from: number, filled: Int32Array): number => {
    if (known === world.slots)
      return world
        .clickChances(context, filled)
        .reduce((sum, chance, k) => (k < from ? sum : sum + chance), 0);
    let mean = 0;
    for (let item = 0; item < world.items; item++) {
      const next = filled.slice();
      next[known] = item;
      const probability = policy.slotProbabilities(context, next.subarray(0, known + 1))[known];
      if (probability > 0) mean += probability * worth(known + 1, from, next);
    }
    return mean;
  };
  return {
    logged: Float64Array.from(slate, (_, k) => worth(k + 1, k, slate)),
    expected: Float64Array.from(slate, (_, k) => worth(k, k, slate)),
  };
}
