/** One measured figure beside another of the same run. */
export interface BenchRow {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** What the figure stands beside, with its own figure. */
  readonly comparedWith: string;
  /** How many times as fast as that: above 1 is faster, whatever the unit. */
  readonly ratio: number;
}

/** A piece of work, and another that is measured in turn with it; both in milliseconds for one go. */
export interface Race {
  readonly ours: () => void | Promise<void>;
  readonly other: () => void | Promise<void>;
}

/**
 * Medians of both sides in milliseconds. Each side runs once to warm up, then they take turns, so that whatever
 * else the machine does meanwhile falls on both.
 *
 * @param repeats measurements a side, at least 5
 */
export async function race({ ours, other }: Race, repeats = 5): Promise<{ ours: number; other: number }> {
  const times: [number[], number[]] = [[], []];
  await ours();
  await other();
  for (let repeat = 0; repeat < repeats; repeat++) {
    times[0].push(await millisecondsOf(ours));
    times[1].push(await millisecondsOf(other));
  }
  return { ours: median(times[0]), other: median(times[1]) };
}

export async function millisecondsOf(run: () => void | Promise<void>): Promise<number> {
  const start = process.hrtime.bigint();
  await run();
  return Number(process.hrtime.bigint() - start) / 1e6;
}

/** The middle value, or the mean of the two middle ones. @example median([3, 1, 2, 9]) // 2.5 */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return sorted.length % 2 === 1 ? sorted[Math.floor(middle)] : (sorted[middle - 1] + sorted[middle]) / 2;
}
