/** What is known of each item at one moment, from what happened before it. Time is counted in interactions. */
export interface ItemClock {
  /** Interactions so far. */
  now(): number;
  /** The item was taken, now; the clock goes on by one. */
  tick(item: number, reward: number): void;
  /** Writes the item's four features, as they are now, to target[at ..]. */
  write(item: number, target: Float32Array | Float64Array, at: number): void;
  /** Sets how fast popularity is forgotten: after so many interactions a count is worth 1/e. */
  forgetAfter(interactions: number): void;
  columns(): ItemClockColumns;
  restore(columns: ItemClockColumns): void;
}

export interface ItemClockColumns {
  /** [N] */
  readonly counts: Float64Array;
  readonly sums: Float64Array;
  /** [N] when the item was last taken; -1 for never */
  readonly lastSeen: Float64Array;
  /** [N] decayed count at that moment */
  readonly decayed: Float64Array;
  /** [4] now, forgetting, sum of all rewards, their count */
  readonly clock: Float64Array;
}

/** log(1 + times taken), mean reward, log(1 + decayed times taken), log(1 + interactions since it was last taken). */
export const clockFeatures = 4;

/** The mean reward of an item counts as if it had been taken so many times more with the mean of all. */
const shrinkage = 5;

/**
 * A clock over N items. Every feature looks at what came before and nothing else, so in learning from a log
 * row by row no row sees its own reward.
 *
 * @example const clock = itemClock(2); clock.tick(0, 1); // item 0: taken once, item 1: never
 */
export function itemClock(items: number): ItemClock {
  const counts = new Float64Array(items);
  const sums = new Float64Array(items);
  const lastSeen = new Float64Array(items).fill(-1);
  const decayed = new Float64Array(items);
  const clock = Float64Array.of(0, 1000, 0, 0);
  const decayedNow = (item: number): number =>
    decayed[item] === 0 ? 0 : decayed[item] * Math.exp((lastSeen[item] - clock[0]) / clock[1]);
  return {
    now: () => clock[0],
    forgetAfter(interactions) {
      clock[1] = interactions;
    },
    tick(item, reward) {
      decayed[item] = decayedNow(item) + 1;
      lastSeen[item] = clock[0];
      counts[item]++;
      sums[item] += reward;
      clock[0]++;
      clock[2] += reward;
      clock[3]++;
    },
    write(item, target, at) {
      const mean = clock[3] > 0 ? clock[2] / clock[3] : 0;
      target[at] = Math.log1p(counts[item]);
      target[at + 1] = (sums[item] + shrinkage * mean) / (counts[item] + shrinkage);
      target[at + 2] = Math.log1p(decayedNow(item));
      target[at + 3] = Math.log1p(clock[0] - lastSeen[item]);
    },
    columns: () => ({ counts, sums, lastSeen, decayed, clock }),
    restore(columns) {
      counts.set(columns.counts);
      sums.set(columns.sums);
      lastSeen.set(columns.lastSeen);
      decayed.set(columns.decayed);
      clock.set(columns.clock);
    },
  };
}
