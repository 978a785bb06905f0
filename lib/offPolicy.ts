/**
 * What another policy would have earned, from a log that one policy made: the door of lib/offPolicy, in reading order.
 * README.md there says what each number means.
 */

// A log, and the policy under test
export { type LoggedRounds, loggedRounds } from "./offPolicy/bandit/loggedRounds";
export { banditRounds } from "./offPolicy/bandit/banditRounds";
export { banditChoices, policyRounds } from "./offPolicy/bandit/banditChoices";
export { ratedRounds } from "./offPolicy/bandit/ratedRounds";
export { openBanditChoices } from "./offPolicy/bandit/openBanditChoices";
export { openBanditRounds } from "./offPolicy/bandit/openBanditRounds";
export { loadOpenBandit } from "./data/openBandit";
export { readRounds } from "./offPolicy/files/readRounds";

// Estimators over rounds
export type { Estimator } from "./offPolicy/bandit/estimator";
export { importanceWeights } from "./offPolicy/bandit/importanceWeights";
export { ips, snips, subGaussianIps } from "./offPolicy/bandit/inversePropensity";
export {
  directMethod,
  doublyRobust,
  optimisticShrinkage,
  selfNormalisedDr,
  subGaussianDr,
  switchDr,
} from "./offPolicy/bandit/doublyRobust";
export { banditEstimators } from "./offPolicy/bandit/banditEstimators";
export { ridgeRewards } from "./offPolicy/bandit/ridgeRewards";
export { crossFittedRewards } from "./offPolicy/bandit/rewardModel";
export {
  clusterProbabilities,
  marginalisedIps,
  marginalisedRounds,
  selfNormalisedMips,
} from "./offPolicy/bandit/marginalised";

// Settings chosen from the log itself
export { slope } from "./offPolicy/bandit/slope";
export { tunedByError } from "./offPolicy/bandit/tunedByError";
export {
  candidatesOf,
  clippedFamily,
  optimisticShrinkageFamily,
  subGaussianDrFamily,
  subGaussianIpsFamily,
  switchDrFamily,
} from "./offPolicy/bandit/estimatorFamilies";

// Estimators over users' steps
export { type Trajectories, trajectories, withModel } from "./offPolicy/sequential/trajectories";
export { tis, wtis } from "./offPolicy/sequential/trajectorySampling";
export { pdis, wpdis } from "./offPolicy/sequential/perDecision";
export { sdm, sdr, wsdr } from "./offPolicy/sequential/sequentialDoublyRobust";
export { sequentialEstimators } from "./offPolicy/sequential/sequentialEstimators";
export { fittedQ } from "./offPolicy/sequential/fittedQ";
export { fittedQTabular } from "./offPolicy/sequential/fittedQTabular";
export { crossFitted } from "./offPolicy/sequential/crossFitted";
export { carryOverEffect } from "./offPolicy/sequential/carryOverEffect";
export { firstOrderLean } from "./offPolicy/sequential/firstOrderLean";

// Estimators over slates
export { loggedSlates } from "./offPolicy/slate/slateRounds";
export { slatesOfRows } from "./offPolicy/slate/slatesOfRows";
export { iips, rips, sips, sniips, snrips, snsips } from "./offPolicy/slate/slateInversePropensity";
export { cascadeDoublyRobust } from "./offPolicy/slate/cascadeDoublyRobust";
export { slateEstimators } from "./offPolicy/slate/slateEstimators";

// Propensities that a log does not have
export { choiceColumns } from "./offPolicy/propensities/choiceColumns";
export { behaviourFits, chosenPropensities } from "./offPolicy/propensities/chosenPropensities";
export { frequencyModel } from "./offPolicy/propensities/frequencyModel";
export { multinomialModel } from "./offPolicy/propensities/multinomialModel";
export { crossFittedPropensities, propensitiesOf } from "./offPolicy/propensities/crossFitted";
export { reliabilityOf } from "./offPolicy/propensities/calibration";
export { atTemperature, fittedTemperature } from "./offPolicy/propensities/temperature";
export { fittedFloor, withFloor } from "./offPolicy/propensities/floor";
export { sensitivityOf } from "./offPolicy/propensities/sensitivity";

// What to believe
export { diagnosticsOf } from "./offPolicy/report/diagnostics";
export { verdictOf, verdictThresholds } from "./offPolicy/report/verdict";
export { estimatorThresholds, estimatorVerdicts } from "./offPolicy/report/estimatorVerdicts";
export { reportCard } from "./offPolicy/report/reportCard";
export { clusterCard, sequentialCard, slateCard } from "./offPolicy/report/furtherCards";
export { estimatorTitle, reportText } from "./offPolicy/report/reportText";
export { policySelection } from "./offPolicy/report/policySelection";
export { coverageStudy } from "./offPolicy/report/coverageStudy";
export {
  estimatorTable,
  heldIn,
  methodTable,
  rowOfStudy,
  verdictTable,
} from "./offPolicy/report/coverageTables";
export { digitsProtocol, handwrittenDigits } from "./offPolicy/trial/digitsProtocol";
export { opeTrial } from "./offPolicy/trial/opeTrial";
export { opeSummary, opeTable } from "./offPolicy/trial/opeTrialTable";
export { servedAgents } from "./offPolicy/trial/opeTrialAgents";
export { evaluateLog } from "./offPolicy/files/evaluateLog";
export { estimateOf, meanStatistic, type SumStatistic } from "./math/sumStatistic";
export { statisticIntervals } from "./math/statisticIntervals";
