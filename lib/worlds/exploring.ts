import type { OrnsteinUhlenbeck } from "../math/ornsteinUhlenbeck";
import { normaliseRows } from "../math/vectors";
import type { Acting } from "./rollout";

/**
 * A policy with noise on its actions, for collecting logs in a world: an agent's own choices, shaken. Actions
 * are cut off at ±1 where the world's actions are, or scaled to length 1 in the space of items.
 *
 * @param noise as many numbers as all worlds' actions together
 * @example exploring(agent, ornsteinUhlenbeck(worlds * actionSize, random(1)), { space: "box" })
 */
export function exploring(
  policy: Acting,
  noise: Pick<OrnsteinUhlenbeck, "next">,
  { space, actionSize = 1 }: { readonly space: "unit" | "box" | "free"; readonly actionSize?: number },
): Acting {
  return {
    act(observations) {
      const actions = policy.act(observations).slice();
      const shake = noise.next();
      if (shake.length !== actions.length)
        throw new Error(`exploring requires noise for ${actions.length} numbers, got ${shake.length}`);
      for (let i = 0; i < actions.length; i++) {
        const moved = actions[i] + shake[i];
        actions[i] = space === "box" ? Math.max(-1, Math.min(1, moved)) : moved;
      }
      return space === "unit" ? normaliseRows(actions, actionSize) : actions;
    },
  };
}
