import type { z } from "zod";
import type { actorCriticSettings } from "./actorCriticConfig";

/**
 * An actor–critic held near the log, as changes to its defaults: beside the value term, divided by mean |Q|,
 * stands the log probability of the logged item under a softmax over the catalogue. The next state is valued at
 * the item that the target actor retrieves: at its bare query, which lies far from every item, values climbed
 * out of their bounds (DDPG on goodbooks with criticWeight 2.5: 91% of a batch after 3,000 updates) while the
 * lists still looked fine. The actor waits until the critic has learned something.
 *
 * @example ddpg(problem, { ...behaviourRegularised, criticWeight: 0 }) // imitation alone
 */
export const behaviourRegularised = {
  behaviour: "softmax",
  behaviourWeight: 1,
  criticWeight: 1,
  scaleByValue: true,
  bootstrapAt: "item",
  warmUp: 500,
  targetRate: 0.005,
} as const satisfies z.input<typeof actorCriticSettings>;
