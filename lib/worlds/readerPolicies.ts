import type { Environments } from "./environment";
import { type ScoredPolicyOptions, scoredPolicy } from "./scoredPolicy";
import type { PolicyOptions, World, WorldPolicy } from "./world";

/** Scores as `scoredPolicy` takes them. */
type Scores = NonNullable<ScoredPolicyOptions["scores"]>;

/** What scores the choices of some worlds, or a policy of another kind. */
type Made = (environments: Environments, options: Required<PolicyOptions>) => Scores | WorldPolicy;

/**
 * The policies of a world by name: `random`, those that are given, and `epsilon-greedy`, which follows `greedy` but for
 * a share of its choices.
 *
 * @param world its name, for the error
 */
export function readerPolicies(
  world: string,
  shape: Pick<ScoredPolicyOptions, "choices" | "slots" | "width">,
  given: Readonly<Record<string, Made>> & { readonly greedy: Made },
): Pick<World, "policies" | "policy"> {
  const policies = ["random", ...Object.keys(given), "epsilon-greedy"];
  return {
    policies,
    policy(name, environments, { epsilon = 0.1, discount = 1 } = {}) {
      if (!policies.includes(name))
        throw new Error(`${world} has no policy ${name}, but ${policies.join(", ")}`);
      if (name === "random") return scoredPolicy({ ...shape, name, epsilon: 1 });
      const isExploring = name === "epsilon-greedy";
      const made = given[isExploring ? "greedy" : name](environments, { epsilon, discount });
      if (typeof made !== "function") return made;
      return scoredPolicy({ ...shape, name, scores: made, epsilon: isExploring ? epsilon : 0 });
    },
  };
}

/** What a world keeps of its readers that observations do not show, for policies that know the truth. */
export function hiddenTruth<Truth>(world: string) {
  const kept = new WeakMap<Environments, Truth>();
  return {
    keep(environments: Environments, truth: Truth): Environments {
      kept.set(environments, truth);
      return environments;
    },
    /** @throws for readers of another world. */
    of(environments: Environments): Truth {
      const truth = kept.get(environments);
      if (truth === undefined)
        throw new Error(`a policy that knows the truth requires worlds of ${world}, got others`);
      return truth;
    },
  };
}
