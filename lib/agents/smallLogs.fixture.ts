import { historiesOfLists } from "../data/histories";
import type { Random } from "../math/random";
import type { RewardedLog } from "./incrementalAgent";

/** Each step is [item, reward] or, where the world ends with it, [item, reward, true]. */
export type HandStep = readonly [item: number, reward: number, terminal?: boolean];

export function handLog(steps: readonly (readonly HandStep[])[]): RewardedLog {
  const flat = steps.flat();
  return {
    histories: historiesOfLists(
      steps.map((list) => list.map(([item]) => item)),
      { users: [...steps.keys()] },
    ),
    rewards: Float32Array.from(flat, ([, reward]) => reward),
    terminals: Uint8Array.from(flat, ([, , terminal]) => (terminal === true ? 1 : 0)),
  };
}

/** Users who each have seen some different items, with rewards from a few. */
export function someLog(
  draw: Random,
  options: { readonly users: number; readonly items: number; readonly length: number },
): RewardedLog {
  const { users, items, length } = options;
  return handLog(
    Array.from({ length: users }, () => {
      const seen = new Set<number>();
      while (seen.size < length) seen.add(draw.integer(items));
      return [...seen].map((item): HandStep => [item, (draw.integer(5) - 2) / 2]);
    }),
  );
}
