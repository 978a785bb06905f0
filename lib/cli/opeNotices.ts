import type { ReadRounds } from "../offPolicy/files/readRounds";

interface RequestContext {
  readonly rewardModel?: string;
  readonly target?: string;
  readonly targetRun?: string;
  readonly estimatePropensities?: boolean;
  readonly context?: string;
  /** The folder of a service's log, where that is what was read. */
  readonly served?: string;
}

/** What of a log was passed over, and what would add to the answer. */
export function* opeNotices({ log, actions }: ReadRounds, asked: RequestContext): Generator<string> {
  const { rewardModel, target, targetRun, estimatePropensities, context, served } = asked;
  const given = target !== undefined || targetRun !== undefined;
  if (!given) yield `no --target: the verdict is on the uniform policy over the log's ${actions} actions`;
  if (log.steps && !log.users) yield "step without user_id is passed over: whose steps are they?";
  if (log.slates && !log.positions) yield "slate_id without position is passed over";
  if (log.slates && log.positions && !given)
    yield "slates are not evaluated without --target: a uniform draw would repeat what stands above";
  if (log.slates && log.positions)
    yield "propensities and target probabilities of a slot are those given the slots above it; values a round are of single slots";
  if (estimatePropensities && log.propensities)
    yield "the log's propensities are passed over: estimated ones are asked for";
  if (estimatePropensities && context === undefined)
    yield "no --context: taken as if the log's policy had looked at nothing";
  const certain = certainArms(log);
  if (certain.length > 0 && !estimatePropensities)
    yield `${certain.join(", ")}: every propensity is 1, as of fixed lists, which show nothing of what another policy would do${log.policies && served !== undefined ? ": leave them out with --arm" : ""}`;
  if (targetRun !== undefined && served === undefined && log.slates && log.policies)
    yield "rows of a service tell neither what a request asked for nor what was taken before it: with --target-run give its folder to --log";
  if (targetRun !== undefined && log.times === undefined)
    yield "no timestamp: a round whose item the run's data has for that user is taken to be that row, and only what came before it is known; of other rounds the data does not tell when they were";
  if (rewardModel === undefined && targetRun === undefined)
    yield "no --reward-model: six estimators that need one are left out (fit it to other rounds than those it speaks of)";
}

/** Policies, or the log, that did everything for certain. */
function certainArms({ policies, propensities }: ReadRounds["log"]): string[] {
  const isCertain = new Map<string, boolean>();
  propensities?.forEach((propensity, row) => {
    const arm = policies === undefined ? "the log" : `arm ${policies[row]}`;
    isCertain.set(arm, propensity === 1 && (isCertain.get(arm) ?? true));
  });
  return [...isCertain].filter(([, each]) => each).map(([arm]) => arm);
}

export const opeHelp = `
Files (CSV or Parquet, rows in any order):
  log.csv       round_id,action,reward,propensity
  target.csv    round_id,action,probability: a row for every action of a round, 0 where it would never do it; a round sums to 1
  model.csv     round_id,action,value

The verdict says whether the values may be believed: "ok", "weak" (read the reasons) or "unreliable" (do not use them). It is on the weights; the table has one for each estimator, which counts what is wrong with that one alone too. With user_id and step the log itself is asked whether what is done changes what comes: then read the sequential estimators.

The folder of a service's log is joined by slate: what was taken earns its reward, other places 0. What each arm earned comes first.

  npm run -s ope -- --log log.csv --target target.csv --reward-model model.csv --json card.json
  npm run -s ope -- --log data/served --arm a --target-run data/runs/b
`;
