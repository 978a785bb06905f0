import type { Interactions } from "../data/interactions";
import { random } from "../math/random";
import type { NextItemConfig } from "./nextItemConfig";

/** For tests: logs in which one column decides what is taken, and settings under which that is learned in seconds. */
export const kinds = 12;
export const small: Partial<NextItemConfig> = {
  ...{ width: 16, units: 24, batchSize: 32, window: 10, learningRate: 0.02, dropout: 0.1 },
  ...{ epochs: 12, patience: 12, averageRate: 0.05, start: "random", seed: 1 },
};

interface Row {
  readonly user: number;
  readonly item: number;
  readonly time: number;
}

/** Rows in any order as a log with weights of 1. */
export function logOf(made: Row[], users: number, items: number): Interactions {
  const rows = [...made].sort((a, b) => a.time - b.time);
  return {
    size: rows.length,
    users: Int32Array.from(rows, (row) => row.user),
    items: Int32Array.from(rows, (row) => row.item),
    weights: new Float32Array(rows.length).fill(1),
    times: Float64Array.from(rows, (row) => row.time),
    userIds: Array.from({ length: users }, (_, user) => String(user)),
    itemIds: Array.from({ length: items }, (_, item) => String(item)),
    order: "timestamp",
    weightKind: "weight",
    extra: {},
  };
}

/** Everybody comes once a day; the hour of one visit decides among 12 kinds of 3 items what is taken at the next. */
export function logOfHours(users = 200, rounds = 10): Interactions {
  const draw = random(1);
  const rows: Row[] = [];
  for (let user = 0; user < users; user++) {
    let hour = draw.integer(24);
    const seen = new Set<number>();
    for (let round = 0; round < rounds; round++) {
      let item = 3 * Math.floor(hour / 2) + draw.integer(3);
      while (seen.has(item)) item = draw.integer(3 * kinds);
      seen.add(item);
      hour = draw.integer(24);
      rows.push({ user, item, time: 86_400 * (100 + round) + 3600 * hour + draw.integer(3600) });
    }
  }
  return logOf(rows, users, 3 * kinds);
}

/** Everybody takes three items at random and, a hundred days later, one of three that the user's group decides. */
export function logOfGroups(users = 700): { readonly log: Interactions; readonly groups: readonly string[] } {
  const draw = random(2);
  const rows: Row[] = [];
  const groups = Array.from({ length: users }, () => draw.integer(kinds));
  groups.forEach((group, user) => {
    const pool = [0, 1, 2].map((place) => 3 * kinds + 10 * place + draw.integer(10));
    pool.forEach((item, place) => {
      rows.push({ user, item, time: 86_400 * (user + 0.1 * place) });
    });
    rows.push({ user, item: 3 * group + draw.integer(3), time: 86_400 * (user + 150.5) });
  });
  return { log: logOf(rows, users, 3 * kinds + 30), groups: groups.map((group) => `group ${group}`) };
}

/** The log with a group of each user. */
export function withGroups(log: Interactions, groups: readonly string[]): Interactions {
  return { ...log, userColumns: { text: { group: groups }, numbers: {} } };
}
