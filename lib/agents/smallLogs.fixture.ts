import type { Histories } from "../data/histories";
import type { Random } from "../math/random";
import type { RewardedLog } from "./incrementalAgent";

/** Histories written down by hand, for the tests of agents that learn from a log: entries happen as they stand. */
export function handHistories(lists: readonly (readonly number[])[], users?: readonly number[]): Histories {
  const items = Int32Array.from(lists.flat());
  const offsets = Int32Array.from([0, ...lists.map((list) => list.length)]);
  for (let h = 1; h < offsets.length; h++) offsets[h]! += offsets[h - 1]!;
  return {
    size: lists.length,
    users: Int32Array.from(users ?? lists.keys()),
    offsets,
    items,
    weights: new Float32Array(items.length).fill(1),
    rows: Int32Array.from(items.keys()),
  };
}

/** Each step is [item, reward] or, where the world ends with it, [item, reward, true]. */
export type HandStep = readonly [item: number, reward: number, terminal?: boolean];

export function handLog(steps: readonly (readonly HandStep[])[]): RewardedLog {
  const flat = steps.flat();
  return {
    histories: handHistories(steps.map((list) => list.map(([item]) => item))),
    rewards: Float32Array.from(flat, ([, reward]) => reward),
    terminals: Uint8Array.from(flat, ([, , terminal]) => (terminal === true ? 1 : 0)),
  };
}

/** Users who each had some different items, with rewards from a few. */
export function someLog(
  draw: Random,
  options: { readonly users: number; readonly items: number; readonly length: number },
): RewardedLog {
  const { users, items, length } = options;
  return handLog(
    Array.from({ length: users }, () => {
      const had = new Set<number>();
      while (had.size < length) had.add(draw.integer(items));
      return [...had].map((item): HandStep => [item, (draw.integer(5) - 2) / 2]);
    }),
  );
}
