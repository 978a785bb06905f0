import type { Histories } from "../data/histories";
import type { RewardedLog } from "./incrementalAgent";

/** What one user has seen so far, and what the last of it brought. */
export interface Trajectory {
  readonly items: number[];
  /** Of the last item; 0 before there is one. */
  reward: number;
  terminal: boolean;
}

/** Who has seen what so far: the users of a log, and whatever was appended since. */
export interface Trajectories {
  /** Forgets everybody and starts from the users of a log. */
  follow(log: RewardedLog): void;
  /** The user's trajectory, empty for somebody new. What is pushed to it stays. */
  of(user: number): Trajectory;
  columns(): TrajectoryColumns;
  restore(columns: TrajectoryColumns): void;
}

/** Trajectories end to end, for a file. */
export interface TrajectoryColumns {
  readonly trajectoryUsers: Int32Array;
  /** [users + 1] */
  readonly trajectoryOffsets: Int32Array;
  readonly trajectoryItems: Int32Array;
  /** [users] of each last item */
  readonly trajectoryRewards: Float64Array;
  readonly trajectoryTerminals: Int32Array;
}

/** A log's columns are read where they are until a user comes back; only then is the trajectory copied. */
export function trajectories(): Trajectories {
  let base: TrajectoryColumns | undefined;
  let place = new Map<number, number>();
  let moved = new Map<number, Trajectory>();
  const read = (user: number): Trajectory => {
    const at = place.get(user);
    if (base === undefined || at === undefined) return { items: [], reward: 0, terminal: false };
    return {
      items: [...base.trajectoryItems.subarray(base.trajectoryOffsets[at], base.trajectoryOffsets[at + 1])],
      reward: base.trajectoryRewards[at],
      terminal: base.trajectoryTerminals[at] === 1,
    };
  };
  const restore = (columns: TrajectoryColumns): void => {
    base = columns;
    place = new Map();
    moved = new Map();
    for (const [at, user] of columns.trajectoryUsers.entries()) if (user >= 0) place.set(user, at);
  };
  return {
    restore,
    follow({ histories: { users, offsets, items }, rewards, terminals }) {
      const last = Int32Array.from(users, (_, h) => (offsets[h + 1] > offsets[h] ? offsets[h + 1] - 1 : -1));
      restore({
        trajectoryUsers: users,
        trajectoryOffsets: offsets,
        trajectoryItems: items,
        trajectoryRewards: Float64Array.from(last, (e) => (e < 0 ? 0 : rewards[e])),
        trajectoryTerminals: last.map((e) => (e < 0 ? 0 : (terminals?.[e] ?? 0))),
      });
    },
    of(user) {
      const known = moved.get(user);
      if (known !== undefined) return known;
      const trajectory = read(user);
      moved.set(user, trajectory);
      return trajectory;
    },
    columns() {
      const users = [...new Set([...place.keys(), ...moved.keys()])].sort((a, b) => a - b);
      const all = users.map((user) => moved.get(user) ?? read(user));
      const offsets = Int32Array.from([0, ...all.map(({ items }) => items.length)]);
      for (let i = 1; i < offsets.length; i++) offsets[i] += offsets[i - 1];
      const items = new Int32Array(offsets[users.length]);
      for (const [i, trajectory] of all.entries()) items.set(trajectory.items, offsets[i]);
      return {
        trajectoryUsers: Int32Array.from(users),
        trajectoryOffsets: offsets,
        trajectoryItems: items,
        trajectoryRewards: Float64Array.from(all, ({ reward }) => reward),
        trajectoryTerminals: Int32Array.from(all, ({ terminal }) => (terminal ? 1 : 0)),
      };
    },
  };
}

/** One user's trajectory as a history of its own. Its weights are unknown, and 1. */
export function historyOf(user: number, items: readonly number[]): Histories {
  return {
    size: 1,
    users: Int32Array.of(user),
    offsets: Int32Array.of(0, items.length),
    items: Int32Array.from(items),
    weights: new Float32Array(items.length).fill(1),
    rows: new Int32Array(items.length).fill(-1),
  };
}
