import { InputError } from "../../data/inputError";
import type { Random } from "../../math/random";
import type { LoggedRounds } from "../bandit/loggedRounds";
import { clusterCard, type FurtherCard, sequentialCard, slateCard } from "../report/furtherCards";
import { type ReportCard, type ReportOptions, reportCard } from "../report/reportCard";
import { UnboundedWeights } from "../sequential/cumulativeWeights";
import { trajectories } from "../sequential/trajectories";
import { slatesOfRows } from "../slate/slatesOfRows";
import { idRowsOf, type ReadRounds } from "./readRounds";

/** A report card, and what more the log's columns allow to say. */
export interface EvaluatedLog extends ReportCard {
  /** With `slate_id` and `position`: of whole slates. */
  readonly slate?: FurtherCard;
  /** With `user_id` and `step`: of users' whole trajectories, discounted. */
  readonly sequential?: FurtherCard & { readonly discount: number; readonly horizon: number };
  /** With clusters of actions. */
  readonly marginalised?: FurtherCard;
}

export interface EvaluateLogOptions extends ReportOptions {
  /** γ of the sequential estimators; .9 by default. */
  readonly discount?: number;
  /** "uniform" where no policy was given: it is none for slates, whose slots may not repeat what stands above them. */
  readonly target?: "given" | "uniform";
}

/**
 * Judges a log that was read from files by all estimators its columns allow.
 *
 * @throws InputError when trajectories are so long that their weights leave all bounds and no clip is given.
 */
export function evaluateLog(
  { rounds, log, clusters }: Pick<ReadRounds, "rounds" | "log" | "clusters">,
  random: Random,
  { discount = 0.9, target, ...options }: EvaluateLogOptions = {},
): EvaluatedLog {
  const { clip, method, resamples, level } = options;
  const how = { clip, method, resamples, level };
  const slates = log.slates && log.positions && idRowsOf(log.slates);
  // Slots of one slate are not independent: without users the slate is what is drawn.
  const owned = slates && !rounds.users ? { ...rounds, users: slates } : rounds;
  const drawn = owned === rounds ? {} : ({ owner: "slate" } as const);
  const { model: _, ...withoutModel } = rounds;
  return {
    ...reportCard(owned, random, { ...options, actions: log.actions, ...drawn }),
    ...(slates &&
      target !== "uniform" && {
        slate: slateCard(
          // A file's model speaks of single rows; cascade-DR wants one of a slot and all below it.
          slatesOfRows(withoutModel, { slates, positions: log.positions! }).slates,
          random.fork("slates"),
          how,
        ),
      }),
    ...(log.users && log.steps && { sequential: trajectoryCard(rounds, log.steps) }),
    ...(clusters && {
      marginalised: clusterCard(owned, clusters, random.fork("clusters"), { ...how, ...drawn }),
    }),
  };

  function trajectoryCard(each: LoggedRounds, steps: Int32Array) {
    const { rewards, propensities, provenance, targetProbabilities, users } = each;
    const columns = { rewards, propensities, provenance, targetProbabilities, users: users! };
    const found = trajectories({ ...columns, steps, discount });
    try {
      const card = sequentialCard(found, random.fork("courses"), how);
      return { ...card, discount, horizon: found.horizon };
    } catch (error) {
      if (!(error instanceof UnboundedWeights)) throw error;
      throw new InputError(`weights of trajectories of up to ${found.horizon} steps grow beyond all bounds`, {
        file: log.file,
        expected: "--clip, or shorter trajectories",
      });
    }
  }
}
