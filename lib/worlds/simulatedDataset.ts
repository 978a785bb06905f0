import type { Dataset } from "../data/dataset";
import { idRows } from "../data/ids";
import { countsOf } from "../data/readInteractions";
import { random } from "../math/random";
import { type SimulatedLog, simulateLog } from "./simulatedLog";
import type { PolicyOptions, World } from "./world";

/** The first moment of a log: 2024-01-01; a step is a minute. */
const begin = 1_704_067_200;

/** Numeric columns of a simulated log of interactions beside user, item, timestamp and weight. */
export const simulatedColumns = ["propensity", "terminal"] as const;

/** One interaction of a simulated log. */
export interface SimulatedInteraction {
  readonly user: string;
  /** row of `World.items` */
  readonly item: number;
  /** epoch seconds */
  readonly time: number;
  readonly weight: number;
  readonly propensity: number;
  /** 1 where the reader left for good, and took nothing after this */
  readonly terminal: number;
}

/** Which rows of a simulated log are interactions: what a reader of a slate left alone is none. */
export function interactionRows({ slots, rewards }: SimulatedLog): Int32Array {
  const all = Int32Array.from(rewards, (_, row) => row);
  return slots > 1 ? all.filter((row) => rewards[row] !== 0) : all;
}

/** The interaction of each row, by its row. */
export function interactionsBy(log: SimulatedLog): (row: number) => SimulatedInteraction {
  const { users, steps, items, rewards, propensities, left } = log;
  const last = new Map<number, number>();
  for (const row of interactionRows(log)) last.set(users[row], row);
  return (row) => ({
    user: `user-${users[row]}`,
    item: items[row],
    time: begin + 60 * steps[row],
    weight: rewards[row],
    propensity: propensities[row],
    terminal: last.get(users[row]) === row && left[users[row]] === 1 ? 1 : 0,
  });
}

/**
 * A simulated log as a dataset: the same that reading its interactions.csv and items.csv gives, but for name, label and
 * origin.
 *
 * @example simulatedDataset(world, simulateLog(world, "random", { users: 100, random: random(1) }))
 */
export function simulatedDataset(world: World, log: SimulatedLog): Dataset {
  const interactionAt = interactionsBy(log);
  // Rows are in the order of time, and of places within a moment.
  const rows = Array.from(interactionRows(log), interactionAt);
  const { ids, rowOf } = idRows(world.items.map(({ id }) => id));
  const users = idRows([...new Set(rows.map(({ user }) => user))]);
  const known = new Map(world.items.map(({ id, title, genres = "" }) => [id, { title, genres }]));
  const interactions = {
    size: rows.length,
    users: Int32Array.from(rows, ({ user }) => users.rowOf(user)),
    items: Int32Array.from(rows, ({ item }) => rowOf(world.items[item].id)),
    weights: Float32Array.from(rows, ({ weight }) => weight),
    times: Float64Array.from(rows, ({ time }) => time),
    userIds: users.ids,
    itemIds: ids,
    order: "timestamp" as const,
    weightKind: "weight" as const,
    extra: Object.fromEntries(
      simulatedColumns.map((name) => [name, Float32Array.from(rows, (row) => row[name])]),
    ),
  };
  const name = `world-${world.name}`;
  return {
    name,
    label: `${name} (${countsOf(interactions)})`,
    origin: "made here",
    interactions,
    catalog: {
      size: ids.length,
      ids,
      titles: ids.map((id) => known.get(id)!.title),
      text: { genres: ids.map((id) => known.get(id)!.genres) },
      numbers: {},
      rowOf,
    },
    skippedRows: 0,
    notices: [],
  };
}

/** Which log of a world is made, as `npm run simulate` has it. */
export interface WorldLogOptions extends Required<PolicyOptions> {
  readonly policy: string;
  readonly users: number;
  readonly steps?: number;
  readonly seed: number;
}

/**
 * The log that `npm run simulate` writes with the same options, without files. Its weights are rewards.
 *
 * @example worldDataset(satiation(), { policy: "random", epsilon: 0.1, users: 100, discount: 1, seed: 1 })
 */
export function worldDataset(
  world: World,
  { policy, epsilon, users, steps, discount, seed }: WorldLogOptions,
): Dataset {
  const log = simulateLog(world, policy, {
    ...{ users, policy: { epsilon, discount }, random: random(seed).fork("log") },
    ...(steps !== undefined && { steps }),
  });
  const dataset = simulatedDataset(world, log);
  const by = policy === "epsilon-greedy" ? `${policy}, ε ${epsilon}` : policy;
  return { ...dataset, label: `${dataset.name} by ${by} (${countsOf(dataset.interactions)})` };
}
