import { InputError } from "../../data/inputError";
import { deviationOf } from "../../math/deviation";
import type { Random } from "../../math/random";
import { clusterCard, type FurtherCard, sequentialCard, slateCard } from "../report/furtherCards";
import { type ReportCard, type ReportOptions, reportCard } from "../report/reportCard";
import { carryOverEffect } from "../sequential/carryOverEffect";
import { crossFitted } from "../sequential/crossFitted";
import { UnboundedWeights } from "../sequential/cumulativeWeights";
import { firstOrderLean } from "../sequential/firstOrderLean";
import { fittedQ } from "../sequential/fittedQ";
import type { FittedQSteps } from "../sequential/fittedQSteps";
import { type Trajectories, withModel } from "../sequential/trajectories";
import { slatesOfRows } from "../slate/slatesOfRows";
import { coursesOfLog } from "./coursesOfLog";
import { idRowsOf, type ReadRounds } from "./readRounds";

/** A report card, and what more the log's columns allow to say. */
export interface EvaluatedLog extends ReportCard {
  /** With `slate_id` and `position`: of whole slates. */
  readonly slate?: FurtherCard;
  /** With `user_id` and `step`: of users' whole trajectories, discounted; with `slate_id` and `position` too, a slate is one action. */
  readonly sequential?: FurtherCard & {
    readonly discount: number;
    readonly horizon: number;
    /** With states: of the fitted Q evaluation behind sdm, sdr and wsdr. */
    readonly fittedQ?: FittedQFigures;
  };
  /** With clusters of actions. */
  readonly marginalised?: FurtherCard;
}

/** How a fitted Q evaluation went. */
export interface FittedQFigures {
  /** Share of q̂ at logged steps that no policy could earn. */
  readonly alarmShare: number;
  /** Of the last regression, over the variance of the rewards. */
  readonly relativeLoss: number;
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
  { rounds, log, clusters, steps: states }: Pick<ReadRounds, "rounds" | "log" | "clusters" | "steps">,
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
  const courses = coursesOfLog(rounds, log, discount);
  if (courses && states && courses.longest > 1)
    throw new InputError("has steps of several places", {
      file: log.file,
      expected: "one item a step with --states: fitted Q evaluation is of single actions",
    });
  // Guessed propensities would tell of themselves as much as of users.
  const carryOver =
    courses && rounds.provenance === "known" ? carryOverEffect(courses.tops, courses.actions) : undefined;
  return {
    ...reportCard(owned, random, {
      ...{ ...options, actions: log.actions, ...drawn },
      ...(carryOver && { carryOver }),
      // Its unit is a step's: of slates of several places that is another than a round's.
      ...(carryOver && courses?.longest === 1 && { lean: firstOrderLean(courses.whole) }),
    }),
    ...(slates &&
      target !== "uniform" && {
        slate: slateCard(
          // A file's model speaks of single rows; cascade-DR wants one of a slot and all below it.
          slatesOfRows(withoutModel, { slates, positions: log.positions }).slates,
          random.fork("slates"),
          { ...how, ...(carryOver && { carryOver }) },
        ),
      }),
    ...(courses && { sequential: trajectoryCard(courses.whole) }),
    ...(clusters && {
      marginalised: clusterCard(owned, clusters, random.fork("clusters"), { ...how, ...drawn }),
    }),
  };

  function trajectoryCard(found: Trajectories) {
    const fitted =
      states && found.size > 1
        ? withFittedQ(found, states, { terminals: log.terminals, random: random.fork("fitted Q") })
        : undefined;
    try {
      const card = sequentialCard(fitted?.log ?? found, random.fork("courses"), how);
      const figures = fitted && { fittedQ: fitted.figures };
      return { ...card, discount, horizon: found.horizon, ...figures };
    } catch (error) {
      if (!(error instanceof UnboundedWeights)) throw error;
      throw new InputError(`weights of trajectories of up to ${found.horizon} steps grow beyond all bounds`, {
        file: log.file,
        expected: "--clip, or shorter trajectories",
      });
    }
  }
}

/**
 * The log with a model of returns, each half of the trajectories evaluated by what the other half taught.
 *
 * Where a log does not say which trajectories ended by themselves, each that is shorter than the longest did. Only so does
 * the model not know how long a trajectory will be, which what was done may have decided; and what is evaluated, the
 * steps that each user has, is the same.
 */
function withFittedQ(
  log: Trajectories,
  steps: FittedQSteps,
  { terminals, random }: { readonly terminals: Int32Array | undefined; readonly random: Random },
) {
  const figures = { alarmShare: 0, relativeLoss: 0 };
  const ended = terminals ? Uint8Array.from(terminals) : endsOf(log);
  const model = crossFitted(
    log,
    (learnFrom, draw) => {
      const how = { random: draw, learnFrom, terminals: ended };
      const { model: learned, losses, alarmShare } = fittedQ(log, steps, how);
      figures.alarmShare += alarmShare / 2;
      figures.relativeLoss += losses.at(-1)! / (deviationOf(log.rewards) ** 2 || 1) / 2;
      return learned;
    },
    { random },
  );
  return { log: withModel(log, model), figures };
}

/** [n] in the order of the log: 1 at the last step of each trajectory that is shorter than the longest. */
function endsOf({ size, horizon, offsets, rows }: Trajectories): Uint8Array {
  const ends = new Uint8Array(rows.length);
  for (let i = 0; i < size; i++)
    if (offsets[i + 1] - offsets[i] < horizon) ends[rows[offsets[i + 1] - 1]] = 1;
  return ends;
}
