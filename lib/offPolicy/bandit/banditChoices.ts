import type { BanditLog, BanditWorld } from "../../worlds/banditWorld";
import { type ChoiceColumns, choiceColumns, type RoundDistributions } from "../propensities/choiceColumns";

/** A bandit world's log as somebody sees it who does not know its policy: what was seen of each visitor, and what was chosen. */
export function banditChoices(world: BanditWorld, { contexts, actions, users }: BanditLog): ChoiceColumns {
  const width = world.contextSize;
  const seen = new Float64Array(contexts.length * width);
  contexts.forEach((context, i) => {
    seen.set(world.features.subarray(context * width, (context + 1) * width), i * width);
  });
  return choiceColumns({ actions, actionCount: world.actions, width, contexts: seen, users });
}

/** A policy [C × A], round by round. */
export function policyRounds(
  policy: Float64Array,
  { contexts }: Pick<BanditLog, "contexts">,
  actionCount: number,
): RoundDistributions {
  return {
    ...{ size: contexts.length, actionCount },
    write(round, into) {
      const context = contexts[round];
      into.set(policy.subarray(context * actionCount, (context + 1) * actionCount));
    },
  };
}
