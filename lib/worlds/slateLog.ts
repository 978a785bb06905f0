import type { Random } from "../math/random";
import { type SlatePolicy, slotMarginals } from "./slatePolicies";
import { type SlateWorld, type SlateWorth, slateWorth } from "./slateWorld";

/** Slates that were shown, and what users did: m slates of K slots. */
export interface SlateLog {
  readonly size: number;
  /** [m] */
  readonly contexts: Int32Array;
  /** [m] slates of [K] items. */
  readonly slates: readonly Int32Array[];
  /** [m · K] clicks. */
  readonly rewards: Float64Array;
}

/** Shows `count` slates of a policy to users of the world, in contexts drawn uniformly. */
export function slateLog(
  world: SlateWorld,
  policy: SlatePolicy,
  { count, random }: SlateLogOptions,
): SlateLog {
  if (!(Number.isSafeInteger(count) && count >= 1))
    throw new Error(`slateLog requires at least 1 slate, got ${count}`);
  const contexts = new Int32Array(count);
  const rewards = new Float64Array(count * world.slots);
  const slates = Array.from({ length: count }, (_, i) => {
    contexts[i] = random.integer(world.contexts);
    const slate = policy.draw(contexts[i], world.slots, random);
    rewards.set(world.clicks(contexts[i], slate, random), i * world.slots);
    return slate;
  });
  return { size: count, contexts, slates, rewards };
}

export interface SlateLogOptions {
  readonly count: number;
  readonly random: Random;
}

/** Columns [m · K] that estimators read. */
export interface SlateColumns {
  /** [m + 1] */
  readonly offsets: Int32Array;
  readonly rewards: Float64Array;
  readonly propensities: Float64Array;
  readonly targetProbabilities: Float64Array;
  readonly marginals: { readonly propensities: Float64Array; readonly targetProbabilities: Float64Array };
  /** The exact worth of slots under the target. */
  readonly model: { readonly logged: Float64Array; readonly expected: Float64Array };
}

/** What a log says of a target, with every probability and the reward model exact, by enumeration: for small catalogues. */
export function slateColumns(
  world: SlateWorld,
  { contexts, slates, rewards }: SlateLog,
  { logging, target }: { readonly logging: SlatePolicy; readonly target: SlatePolicy },
): SlateColumns {
  const { slots, items } = world;
  const each = (value: (context: number, slate: Int32Array) => Float64Array): Float64Array => {
    const column = new Float64Array(slates.length * slots);
    slates.forEach((slate, i) => {
      column.set(value(contexts[i], slate), i * slots);
    });
    return column;
  };
  const known = new Map<string, SlateWorth>();
  const worthOf = (context: number, slate: Int32Array): SlateWorth => {
    const key = `${context}/${slate.join()}`;
    if (!known.has(key)) known.set(key, slateWorth(world, target, { context, slate }));
    return known.get(key)!;
  };
  const marginalsOf = (policy: SlatePolicy): Float64Array => {
    const all = Array.from({ length: world.contexts }, (_, context) =>
      slotMarginals(policy, context, { items, slots }),
    );
    return each((context, slate) => Float64Array.from(slate, (item, k) => all[context][k * items + item]));
  };
  return {
    offsets: Int32Array.from({ length: slates.length + 1 }, (_, i) => i * slots),
    rewards,
    propensities: each((context, slate) => logging.slotProbabilities(context, slate)),
    targetProbabilities: each((context, slate) => target.slotProbabilities(context, slate)),
    marginals: { propensities: marginalsOf(logging), targetProbabilities: marginalsOf(target) },
    model: {
      logged: each((context, slate) => worthOf(context, slate).logged),
      expected: each((context, slate) => worthOf(context, slate).expected),
    },
  };
}
