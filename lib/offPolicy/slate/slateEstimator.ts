import type { SumStatistic } from "../../math/sumStatistic";
import type { LoggedSlates } from "./slateRounds";

/** A way to guess from a log of slates what another policy's slates would have earned. */
export interface SlateEstimator {
  /** As reports call it, e.g. "rips". */
  readonly name: string;
  /** What the log must come with. */
  readonly needs: "nothing" | "model";
  /**
   * The statistic on a log, with slates as rows: the value of a slate, Σₖ αₖ rₖ.
   *
   * @param clip the largest weight allowed; without it none is changed
   * @throws when the log lacks what it needs.
   */
  on(slates: LoggedSlates, clip?: number): SumStatistic;
}
