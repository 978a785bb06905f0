import type { DdpgConfig } from "./ddpg";

/**
 * DDPG held near the log, as changes to its defaults: beside the value term, divided by mean |Q|, stands the
 * log probability of the logged item under a softmax over the catalogue. The actor waits until the critic has
 * learned something. Chosen on the validation rows of the goodbooks sample, from the supervised head.
 *
 * @example ddpg(problem, { ...constrainedDdpg, criticWeight: 0 }) // imitation alone
 */
export const constrainedDdpg: Partial<DdpgConfig> = {
  behaviour: "softmax",
  behaviourWeight: 1,
  criticWeight: 2.5,
  scaleByValue: true,
  warmUp: 500,
  targetRate: 0.005,
};
