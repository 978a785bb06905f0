import { meanOf } from "../math/mean";
import type { Random } from "../math/random";
import { playWorld } from "./playWorld";
import type { PolicyOptions, World } from "./world";

/** What a policy brings on average in an episode. */
export interface TrueValue {
  readonly value: number;
  /** 0 where it was counted out. */
  readonly standardError: number;
}

export interface TrueValueOptions {
  /** Readers that are asked; 10,000 by default. */
  readonly users?: number;
  /** Steps after which watching ends; the world's own end by default. */
  readonly steps?: number;
  /** γ; 1 by default. */
  readonly discount?: number;
  readonly random: Random;
  readonly policy?: PolicyOptions;
}

/** Exact where the world can be counted out and episodes are whole, else by Monte Carlo. */
export function trueValue(
  world: World,
  policyName: string,
  { users = 10_000, steps, discount = 1, random, policy = {} }: TrueValueOptions,
): TrueValue {
  const options = { discount, ...policy };
  if (world.value !== undefined && steps === undefined)
    return { value: world.value(policyName, discount, options), standardError: 0 };
  const environments = world.environments(users);
  const { returns } = playWorld(world.policy(policyName, environments, options), environments, random, {
    discount,
    steps,
  });
  const value = meanOf(returns);
  const variance = returns.reduce((sum, each) => sum + (each - value) ** 2, 0) / Math.max(1, users - 1);
  return { value, standardError: Math.sqrt(variance / users) };
}
