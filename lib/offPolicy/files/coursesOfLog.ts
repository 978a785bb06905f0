import type { LoggedRounds } from "../bandit/loggedRounds";
import { slateSteps } from "../sequential/slateSteps";
import { type Trajectories, trajectories } from "../sequential/trajectories";
import type { LogColumns } from "./readLog";

/** A log's users with their steps in order. */
export interface CoursesOfLog {
  /** Whole slates as steps. */
  readonly whole: Trajectories;
  /** What is done at a step is what stood on top, by its own probability: whether it changes what comes can be asked of that. */
  readonly tops: Trajectories;
  /** What stood on top, by the log's step. */
  readonly actions: readonly string[];
  /** Places of the longest step. */
  readonly longest: number;
}

/**
 * Users' steps in order, where the log tells them.
 *
 * @param log what the rounds were read from; their rows are the same
 */
export function coursesOfLog(
  rounds: LoggedRounds,
  log: Pick<LogColumns, "steps" | "slates" | "positions" | "actions">,
  discount: number,
): CoursesOfLog | undefined {
  if (rounds.users === undefined || log.steps === undefined) return undefined;
  const found = slateSteps(rounds, log.steps, log.slates && log.positions);
  const { rewards, propensities, provenance, targetProbabilities, users } = found.steps;
  const columns = { rewards, propensities, provenance, targetProbabilities, users };
  const whole = trajectories({ ...columns, steps: found.order, discount });
  const own = Float64Array.from(whole.rows, (row) => rounds.propensities[found.rows[row]]);
  return {
    ...{ whole, tops: { ...whole, propensities: own }, longest: found.longest },
    actions: Array.from(found.rows, (row) => log.actions[row]),
  };
}
