import type { ReadRounds } from "../offPolicy/files/readRounds";

interface RequestContext {
  readonly rewardModel?: string;
  readonly target?: string;
  readonly targetRun?: string;
  readonly estimatePropensities?: boolean;
  readonly context?: string;
}

/** What of a log was passed over, and what would add to the answer. */
export function* opeNotices({ log, actions }: ReadRounds, asked: RequestContext): Generator<string> {
  const { rewardModel, target, targetRun, estimatePropensities, context } = asked;
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
  if (targetRun !== undefined && log.times === undefined)
    yield "no timestamp: a round whose item the run's data has for that user is taken to be that row, and only what came before it is known; of other rounds the data does not tell when they were";
  if (rewardModel === undefined && targetRun === undefined)
    yield "no --reward-model: six estimators that need one are left out (fit it to other rounds than those it speaks of)";
}

export const opeHelp = `
Files (CSV or Parquet, rows in any order):
  log.csv       round_id,action,reward,propensity
  target.csv    round_id,action,probability: a row for every action of a round, 0 where it would never do it; a round sums to 1
  model.csv     round_id,action,value

The verdict says whether the values may be believed: "ok", "weak" (read the reasons) or "unreliable" (do not use them). It is on the weights; the table has one for each estimator, which counts what is wrong with that one alone too. With user_id and step the log itself is asked whether what is done changes what comes: then read the sequential estimators.

  npm run -s ope -- --log log.csv --target target.csv --reward-model model.csv --json card.json
`;
