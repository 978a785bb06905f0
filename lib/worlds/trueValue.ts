import { deviationOf } from "../math/deviation";
import { meanOf } from "../math/mean";
import type { Random } from "../math/random";
import type { Environments } from "./environment";
import { playWorld } from "./playWorld";
import type { PolicyOptions, World, WorldPolicy } from "./world";

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
  /** Where a policy that was made for certain worlds chooses; `users` of them. */
  readonly environments?: Environments;
}

/** Exact where the world can be counted out and episodes are whole, else by Monte Carlo. */
export function trueValue(
  world: World,
  asked: string | WorldPolicy,
  {
    users = 10_000,
    steps,
    discount = 1,
    random,
    policy = {},
    environments = world.environments(users),
  }: TrueValueOptions,
): TrueValue {
  const options = { discount, ...policy };
  if (world.value !== undefined && steps === undefined)
    return { value: world.value(asked, discount, options), standardError: 0 };
  const chosen = typeof asked === "string" ? world.policy(asked, environments, options) : asked;
  const { returns } = playWorld(chosen, environments, random, {
    discount,
    steps,
  });
  const value = meanOf(returns);
  // One reader tells nothing of the spread.
  return { value, standardError: users > 1 ? deviationOf(returns) / Math.sqrt(users) : 0 };
}
