import { InputError } from "../../data/inputError";
import type { Random } from "../../math/random";
import { estimateOf, meanStatistic, type SumStatistic } from "../../math/sumStatistic";
import { importanceWeights } from "../bandit/importanceWeights";
import { snips } from "../bandit/inversePropensity";
import { type LoggedRounds, loggedRounds } from "../bandit/loggedRounds";
import {
  choosePolicy,
  type JudgedPolicy,
  type PolicyChoice,
  type PolicyChoiceOptions,
} from "../report/policyChoice";
import { estimatorTitle } from "../report/reportText";
import { type Verdict, verdictThresholds } from "../report/verdict";
import { type CarryOverEffect, carryOverEffect } from "../sequential/carryOverEffect";
import { UnboundedWeights } from "../sequential/cumulativeWeights";
import { pdis, wpdis } from "../sequential/perDecision";
import { mostSteps } from "../sequential/sequentialEstimator";
import type { Trajectories } from "../sequential/trajectories";
import { returnsOf } from "../sequential/trajectorySampling";
import { coursesOfLog } from "./coursesOfLog";
import { evaluateLog } from "./evaluateLog";
import type { ReadRounds, TargetColumns } from "./readRounds";

/** A policy, as what it says of each round of a log. */
export interface NamedTarget extends TargetColumns {
  readonly name: string;
}

/** The estimator that serves all policies, and why. */
export interface ChosenEstimator {
  readonly name: "snips" | "wpdis" | "pdis";
  /** What its values are of. */
  readonly per: "round" | "user";
  readonly why: string;
}

/** Policies ranked by one log. */
export interface PoliciesOfLog extends PolicyChoice {
  readonly rounds: number;
  readonly estimator: ChosenEstimator;
  readonly discount: number;
  /** Policies that do in every round of the log what another one does: they were not judged twice. */
  readonly same: readonly { readonly name: string; readonly as: string }[];
}

export interface ChoosePoliciesOptions extends Omit<PolicyChoiceOptions, "units"> {
  /** Of later steps where the estimator is sequential; .9 by default. */
  readonly discount?: number;
}

const nothingOfIt = "the log shows nothing of what it would do at some step: it has no value there";

/** Verdicts need a standard error, not the ends of intervals. */
const verdictResamples = 200;

/**
 * Judges policies on one log with known propensities by one estimator, which the log alone decides on, before any policy is
 * looked at: of users' whole trajectories where what is done changes what comes (`carryOverEffect`), else of single rounds.
 *
 * @throws InputError when propensities are estimated, or weights of trajectories leave all bounds.
 */
export function choosePolicies(
  { rounds, log }: Pick<ReadRounds, "rounds" | "log">,
  targets: readonly NamedTarget[],
  random: Random,
  { discount = 0.9, ...options }: ChoosePoliciesOptions = {},
): PoliciesOfLog {
  if (rounds.provenance !== "known")
    throw new InputError("has no propensities of its own", {
      file: log.file,
      expected: "a log that says with which probability each action was chosen: guesses rank nothing",
    });
  const found = coursesOfLog(rounds, log, discount);
  const courses = found?.whole;
  const estimator = estimatorOf(courses, found && carryOverEffect(found.tops, found.actions));
  const { different, same } = withoutTwins(targets);
  const { steps: _, ...unordered } = log;
  const judged = different.map(({ name, logged, unsupported }): JudgedPolicy => {
    const own = loggedRounds({ ...rounds, targetProbabilities: logged, ...(unsupported && { unsupported }) });
    const statistic = statisticOf(estimator, own, {
      courses: coursesOfLog(own, log, discount)?.whole,
      name,
      file: log.file,
    });
    if (!Number.isFinite(estimateOf(statistic)))
      return { name, statistic: statistic, verdict: "unreliable", reasons: [nothingOfIt] };
    const read = { rounds: own, log: estimator.per === "user" ? log : unordered };
    const card = evaluateLog(read, random.fork("verdicts"), { discount, resamples: verdictResamples });
    return { name, statistic, ...verdictOn(estimator, card) };
  });
  const earned = estimator.per === "user" ? returnsOf(courses!) : rounds.rewards;
  const choice = choosePolicy(judged, meanStatistic(earned), random, {
    ...options,
    ...(estimator.per === "round" && rounds.users && { units: rounds.users }),
  });
  return { rounds: rounds.size, estimator, discount, same, ...choice };
}

function estimatorOf(
  courses: Trajectories | undefined,
  effect: CarryOverEffect | undefined,
): ChosenEstimator {
  const limit = verdictThresholds.carryOverErrors.weak;
  if (courses === undefined)
    return {
      ...{ name: "snips", per: "round" },
      why: "the log has no steps of users, so what is done is taken to leave what comes as it is",
    };
  const errors = effect?.errors ?? 0;
  if (errors <= limit)
    return {
      ...{ name: "snips", per: "round" },
      why: `nothing that was done is seen to change what comes (at most ${errors.toFixed(1)} standard errors; over ${limit} would count)`,
    };
  const { done, change } = effect!;
  return {
    name: courses.horizon <= mostSteps ? "wpdis" : "pdis",
    per: "user",
    why: `what is done changes what comes: after ${done} users earn ${change > 0 ? "more" : "less"}, ${errors.toFixed(1)} standard errors`,
  };
}

function statisticOf(
  { name }: ChosenEstimator,
  rounds: LoggedRounds,
  {
    courses,
    name: policy,
    file,
  }: { readonly courses: Trajectories | undefined; readonly name: string; readonly file: string },
): SumStatistic {
  if (name === "snips") return snips.on(rounds, importanceWeights(rounds));
  try {
    return (name === "wpdis" ? wpdis : pdis).on(courses!);
  } catch (error) {
    if (!(error instanceof UnboundedWeights)) throw error;
    throw new InputError(`weights of ${policy} over users' steps grow beyond all bounds`, {
      file,
      expected: "shorter trajectories",
    });
  }
}

function verdictOn({ name, per }: ChosenEstimator, card: ReturnType<typeof evaluateLog>): Verdict {
  const { verdict, reasons } = per === "user" ? card.sequential!.verdicts[name] : card.verdicts[name];
  return { verdict, reasons };
}

/** Of policies that do the same in every round the first stays. */
function withoutTwins(targets: readonly NamedTarget[]) {
  const different: NamedTarget[] = [];
  const same: { readonly name: string; readonly as: string }[] = [];
  for (const target of targets) {
    const twin = different.find(
      ({ logged, unsupported }) =>
        logged.every((value, i) => value === target.logged[i]) &&
        unsupported?.length === target.unsupported?.length &&
        (unsupported ?? []).every((value, i) => value === target.unsupported?.[i]),
    );
    if (twin === undefined) different.push(target);
    else same.push({ name: target.name, as: twin.name });
  }
  return { different, same };
}

/** What an estimator is called in a sentence. */
export function estimatorName({ name }: ChosenEstimator): string {
  return name === "wpdis" ? "weighted per-decision IS" : estimatorTitle(name);
}
