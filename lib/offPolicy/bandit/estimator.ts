import type { SumStatistic } from "../../math/sumStatistic";
import type { LoggedRounds } from "./loggedRounds";

/**
 * A way to guess from a log what another policy would have earned a round.
 *
 * It is a function of sums over rounds, so that a bootstrap can take the whole statistic again, ratio and all,
 * from sums alone; and an object written in a notebook cell is one.
 */
export interface Estimator {
  /** As reports call it, e.g. "snips". */
  readonly name: string;
  /** What the log must come with. */
  readonly needs: "nothing" | "model";
  /**
   * The statistic on a log.
   *
   * @param weights [n] importance weights, clipped if they are to be
   * @throws when the log lacks what it needs.
   */
  on(rounds: LoggedRounds, weights: Float64Array): SumStatistic;
}
