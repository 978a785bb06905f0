import type { BanditLog } from "../../worlds/banditWorld";
import { type LoggedRounds, loggedRounds, type RewardModel } from "./loggedRounds";

/**
 * A bandit world's log as rounds to evaluate a policy on. Where each round is another user's, nothing is said of users.
 *
 * @param target [C × A] the policy under test
 * @param model [C × A] what a model of rewards says, or its columns where it was cross-fitted
 * @param behaviour [C × A] the log's policy: with it, the target's mass where the log never acts is known exactly
 */
export function banditRounds(
  log: BanditLog,
  target: Float64Array,
  {
    actions,
    model,
    behaviour,
  }: {
    readonly actions: number;
    readonly model?: Float64Array | RewardModel;
    readonly behaviour?: Float64Array;
  },
): LoggedRounds {
  const { contexts, rewards, propensities, users } = log;
  const shared = new Set(users).size < users.length;
  const logged = (table: Float64Array): Float64Array =>
    Float64Array.from(contexts, (context, i) => table[context * actions + log.actions[i]]);
  const summed = (value: (at: number) => number): Float64Array =>
    Float64Array.from(contexts, (context) => {
      let sum = 0;
      for (let at = context * actions; at < (context + 1) * actions; at++) sum += value(at);
      return sum;
    });
  return loggedRounds({
    ...{ rewards, propensities, targetProbabilities: logged(target) },
    ...(shared && { users }),
    ...(model && {
      model:
        model instanceof Float64Array
          ? { logged: logged(model), expected: summed((at) => target[at] * model[at]) }
          : model,
    }),
    ...(behaviour && { unsupported: summed((at) => (behaviour[at] === 0 ? target[at] : 0)) }),
  });
}
