import { median } from "../measure";
import type { Side } from "./side";

/** Milliseconds of one piece of work on one side: the middle of its blocks, and the best. */
export interface Times {
  readonly median: number;
  readonly minimum: number;
}

export interface Duel {
  readonly ours: Times;
  readonly peer: Times;
  /** How many times as fast as the peer, by medians: above 1 is faster. */
  readonly ratio: number;
}

export interface DuelOptions {
  /** Measured blocks a side. */
  readonly blocks: number;
  /** Pieces of work in a block. */
  readonly count: number;
  /** How far two numbers of the check may lie apart, relative to their size; 0 by default. */
  readonly tolerance?: number;
}

/**
 * Both sides in turn, block by block, so that whatever else the machine does falls on both. One block a side comes
 * first and is not counted.
 *
 * @throws when the sides' checks differ: they did not do the same work.
 */
export async function duel(ours: Side, peer: Side, options: DuelOptions): Promise<Duel> {
  const { blocks, count, tolerance = 0 } = options;
  requireSameWork(ours, peer, tolerance);
  const times: [number[], number[]] = [[], []];
  for (let block = 0; block <= blocks; block++)
    for (const [s, side] of [ours, peer].entries()) {
      const milliseconds = await side.block(count);
      if (block > 0) times[s].push(milliseconds);
    }
  const [own, other] = times.map((all) => ({ median: median(all), minimum: Math.min(...all) }));
  return { ours: own, peer: other, ratio: other.median / own.median };
}

function requireSameWork(ours: Side, peer: Side, tolerance: number): void {
  const refuse = (what: string): never => {
    throw new Error(`${ours.name} and ${peer.name} must do the same work, got ${what}`);
  };
  if (ours.check.length !== peer.check.length)
    refuse(`${ours.check.length} and ${peer.check.length} numbers to compare`);
  ours.check.forEach((value, i) => {
    const other = peer.check[i];
    if (!(Math.abs(value - other) <= tolerance * Math.max(Math.abs(value), Math.abs(other))))
      refuse(`${value} and ${other} as number ${i + 1} of the check`);
  });
}
