import { random } from "../../math/random";
import { type SatiationConfig, satiation, satiationSettings, satiationTables } from "../../worlds/satiation";
import { type TablePolicy, tableOf, withChance } from "../../worlds/tablePolicies";
import { agentPolicy, trainedInWorld } from "../../worlds/worldTrial";

export interface ServedAgentOptions {
  /** The world; with effects by default. */
  readonly effects?: boolean;
  /** Share of the choices that are left to chance when the agent serves; .1 by default. */
  readonly chance?: number;
  /** Readers of the log that they learn from; 1,000 by default. */
  readonly users?: number;
  /** ε of that log's policy; .5 by default. */
  readonly epsilon?: number;
  /** .9 by default */
  readonly discount?: number;
  /** 1,500 by default */
  readonly updates?: number;
  readonly seed: number;
}

/**
 * What trained agents would serve, as tables for `opeTrial`: each learns from a log of its own, and what it holds best is
 * done but for a share of chance, so that every action has a probability.
 *
 * @param names of `trialAgents`
 * @example opeTrial({ policies: [...knownPolicies(tables, 0.9), ...servedAgents(["dqn"], { seed: 1 })], seed: 1 })
 */
export function servedAgents(
  names: readonly string[],
  {
    effects = true,
    chance = 0.1,
    users = 1000,
    epsilon = 0.5,
    discount = 0.9,
    updates = 1500,
    seed,
  }: ServedAgentOptions,
): readonly TablePolicy[] {
  const config = satiationSettings.parse({ effects });
  const world = satiation(config);
  const tables = satiationTables(config);
  const seen = observationsOf(config, tables.states);
  return names.map((name) => {
    const own = random(seed).fork(name);
    const agent = trainedInWorld(world, name, { users, epsilon, discount, updates, random: own });
    try {
      const table = tableOf(agentPolicy(agent, world.environments(1)), seen, tables);
      return { name, probabilities: withChance(table.probabilities, chance, tables.actions) };
    } finally {
      agent.dispose();
    }
  });
}

/** [S × genres] what is seen in each state. */
function observationsOf({ genres, levels }: SatiationConfig, states: number): Float32Array {
  const seen = new Float32Array(states * genres);
  for (let s = 0; s < states; s++)
    for (let g = genres - 1, rest = s; g >= 0; g--, rest = Math.floor(rest / levels))
      seen[s * genres + g] = rest % levels;
  return seen;
}
