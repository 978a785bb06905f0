/**
 * The table of contents: what a notebook imports, in the order in which it is met. Heavy libraries load on first use.
 */

// Learning from rewards
export { actionValue } from "./agents/actorNetwork";
export { askNetwork } from "./agents/askNetwork";
export { type BcqConfig, bcq, bcqDefaults } from "./agents/bcq";
export { type DdpgConfig, ddpg, ddpgDefaults } from "./agents/ddpg";
export { type DqnConfig, dqn, dqnDefaults } from "./agents/dqn";
export type { IncrementalAgent, RewardedLog } from "./agents/incrementalAgent";
export { type LinUcbConfig, linUcb, linUcbDefaults } from "./agents/linUcb";
export { nearLog } from "./agents/nearLog";
export { qLearning, qLearningDefaults } from "./agents/qLearning";
export { type ReinforceConfig, reinforce, reinforceDefaults, reinforceTopK } from "./agents/reinforce";
export { type SacConfig, sac, sacDefaults } from "./agents/sac";
export { sarsa, sarsaDefaults } from "./agents/sarsa";
export type { TabularConfig } from "./agents/tabularConfig";
export { type Td3Config, td3, td3Bc, td3Defaults } from "./agents/td3";
// Are the actions real?
export { gridOver, kernelDensity } from "./audit/density";
export { hubnessOf } from "./audit/hubness";
export { distancesAmong, distancesToNearest, nearestOthers } from "./audit/nearest";
export { reconstructionScores } from "./audit/reconstruction";
export { cosinesOf, pairsOf } from "./audit/similarity";
export { distanceFromReal, wassersteinDistance } from "./audit/wasserstein";
// What any new method has to beat
export { fitBaselines } from "./baselines/fitBaselines";
export { mostPopular, repeated } from "./baselines/mostPopular";
export { recentPopularity } from "./baselines/recentPopularity";
export { settingsFor } from "./baselines/tuned";
// The log: what people rated, and when
export { loadDataset } from "./data/datasets";
export { bestAvailableDataset, openDataset } from "./data/openDataset";
export { driftOf, itemsOfTheMoment, mostCounted } from "./data/drift";
export { historiesOf, lastOf, takeHistories } from "./data/histories";
export { mainGenres } from "./data/mainGenres";
export { loadOpenBandit } from "./data/openBandit";
export { shuffleHistories } from "./data/shuffleHistories";
export { leaveOneOutSplit, temporalSplit } from "./data/split";
export { summaryOf } from "./data/summary";
export { type DataFrame, danfo, table } from "./data/table";
export { taskOf } from "./data/task";
// Items as vectors
export { cachedVectors } from "./embeddings/cachedVectors";
export { coReading } from "./embeddings/coReading";
export { itemTexts } from "./embeddings/itemText";
export { implicitAls } from "./embeddings/matrixFactorization";
export {
  chanceOfSameGroup,
  neighboursOf,
  sameGroupShares,
  sharesOf,
} from "./embeddings/neighbours";
export { hasTextEncoder, textEmbeddings } from "./embeddings/text";
export { textVectors } from "./embeddings/textVectors";
export { influenceByPosition } from "./encoders/influence";
export { nextItemData, trainNextItem } from "./encoders/nextItem";
// Histories as states
export { cachedNextItem } from "./encoders/nextItemCache";
export { nextItemRecommender } from "./encoders/nextItemRecommender";
export { tuneRecentPopularity } from "./encoders/recentPopularityBias";
export { encoderNames } from "./encoders/sequenceNetworks";
export { trainableEncoder } from "./encoders/trainableEncoder";
// Figures and tables
export { activityPerUser } from "./figures/activityPerUser";
export { bandedLines } from "./figures/bandedLines";
export { cellProgress } from "./figures/cellProgress";
export { checkClaims } from "./figures/checkClaims";
export { driftOverTime } from "./figures/driftOverTime";
export { groupedMarks } from "./figures/groupedMarks";
export { itemCircle } from "./figures/itemCircle";
export { itemMap } from "./figures/itemMap";
export { learningCurves } from "./figures/learningCurves";
export { matrixPanels } from "./figures/matrixPanels";
export { plot } from "./figures/plot";
export { popularityCurve } from "./figures/popularityCurve";
export { rankingPlot } from "./figures/rankingPlot";
export { ratingHistogram } from "./figures/ratingHistogram";
export { reportCardFigure } from "./figures/reportCardFigure";
export { retrievalSpeed } from "./figures/retrievalSpeed";
export { say } from "./figures/say";
export { show } from "./figures/show";
export { showTable } from "./figures/showTable";
export { similarityHeatmap } from "./figures/similarityHeatmap";
export { slateProbabilities } from "./figures/slateProbabilities";
export { splitTimeline } from "./figures/splitTimeline";
export { titlesOverTime } from "./figures/titlesOverTime";
export { valueCurve } from "./figures/valueCurve";
// Chance, measured and drawn
export { interval, pairedInterval } from "./math/bootstrap";
// Judging lists
export { giniOf } from "./math/gini";
export { random, shuffle } from "./math/random";
export { rankCorrelation } from "./math/rankCorrelation";
export { statisticIntervals } from "./math/statisticIntervals";
export { meanStatistic, type SumStatistic } from "./math/sumStatistic";
export { cosine, dot, norm, normaliseRows } from "./math/vectors";
export { wilsonInterval } from "./math/wilsonInterval";
export { overlapOf } from "./metrics/beyondAccuracy";
export { changedLists, compareRecommenders } from "./metrics/compare";
export { evaluateRecommender, itemCounts } from "./metrics/evaluate";
export { peerTable } from "./metrics/peers";
// What another policy would have earned
export { banditChoices, policyRounds } from "./offPolicy/bandit/banditChoices";
export { banditEstimators } from "./offPolicy/bandit/banditEstimators";
export { banditRounds } from "./offPolicy/bandit/banditRounds";
export {
  directMethod,
  doublyRobust,
  optimisticShrinkage,
  selfNormalisedDr,
  subGaussianDr,
  switchDr,
} from "./offPolicy/bandit/doublyRobust";
export type { Estimator } from "./offPolicy/bandit/estimator";
export {
  candidatesOf,
  clippedFamily,
  optimisticShrinkageFamily,
  subGaussianDrFamily,
  subGaussianIpsFamily,
  switchDrFamily,
} from "./offPolicy/bandit/estimatorFamilies";
export { foldsOf } from "./offPolicy/bandit/folds";
export { importanceWeights } from "./offPolicy/bandit/importanceWeights";
export { ips, snips, subGaussianIps } from "./offPolicy/bandit/inversePropensity";
export { type LoggedRounds, loggedRounds } from "./offPolicy/bandit/loggedRounds";
export {
  clusterProbabilities,
  marginalisedIps,
  marginalisedRounds,
  selfNormalisedMips,
} from "./offPolicy/bandit/marginalised";
export { openBanditChoices } from "./offPolicy/bandit/openBanditChoices";
export { openBanditRounds } from "./offPolicy/bandit/openBanditRounds";
export { ratedRounds } from "./offPolicy/bandit/ratedRounds";
export { crossFittedRewards } from "./offPolicy/bandit/rewardModel";
export { ridgeRewards } from "./offPolicy/bandit/ridgeRewards";
export { slope } from "./offPolicy/bandit/slope";
export { tunedByError } from "./offPolicy/bandit/tunedByError";
export { evaluateLog } from "./offPolicy/files/evaluateLog";
export { readRounds } from "./offPolicy/files/readRounds";
export { reliabilityOf } from "./offPolicy/propensities/calibration";
export { choiceColumns } from "./offPolicy/propensities/choiceColumns";
export { behaviourFits, chosenPropensities } from "./offPolicy/propensities/chosenPropensities";
export { crossFittedPropensities, propensitiesOf } from "./offPolicy/propensities/crossFitted";
export { fittedFloor, withFloor } from "./offPolicy/propensities/floor";
export { frequencyModel } from "./offPolicy/propensities/frequencyModel";
export { multinomialModel } from "./offPolicy/propensities/multinomialModel";
export { sensitivityOf } from "./offPolicy/propensities/sensitivity";
export { atTemperature, fittedTemperature } from "./offPolicy/propensities/temperature";
export { coverageStudy } from "./offPolicy/report/coverageStudy";
export { diagnosticsOf } from "./offPolicy/report/diagnostics";
export { clusterCard, sequentialCard, slateCard } from "./offPolicy/report/furtherCards";
export { policySelection } from "./offPolicy/report/policySelection";
export { reportCard } from "./offPolicy/report/reportCard";
export { estimatorTitle, reportText } from "./offPolicy/report/reportText";
export { verdictOf, verdictThresholds } from "./offPolicy/report/verdict";
export { fittedQ, fittedQDefaults } from "./offPolicy/sequential/fittedQ";
export { fittedQTabular } from "./offPolicy/sequential/fittedQTabular";
export { pdis, wpdis } from "./offPolicy/sequential/perDecision";
export { sdm, sdr, wsdr } from "./offPolicy/sequential/sequentialDoublyRobust";
export { sequentialEstimators } from "./offPolicy/sequential/sequentialEstimators";
export { trajectories, withModel } from "./offPolicy/sequential/trajectories";
export { tis, wtis } from "./offPolicy/sequential/trajectorySampling";
export { cascadeDoublyRobust } from "./offPolicy/slate/cascadeDoublyRobust";
export { slateEstimators } from "./offPolicy/slate/slateEstimators";
export {
  iips,
  rips,
  sips,
  sniips,
  snrips,
  snsips,
} from "./offPolicy/slate/slateInversePropensity";
export { loggedSlates } from "./offPolicy/slate/slateRounds";
export { slatesOfRows } from "./offPolicy/slate/slatesOfRows";
// What is served
export { itemPolicy } from "./policies/itemPolicy";
export { sampleSlate } from "./policies/plackettLuce";
// Rewards and steps
export { itemRewards } from "./replay/itemRewards";
export { prioritisedBuffer } from "./replay/prioritisedBuffer";
export { replayBuffer } from "./replay/replayBuffer";
export { discountedReturns, returnsFromTheEnd } from "./replay/returns";
export { fitNormalisedReward, rewardColumn } from "./replay/rewardColumn";
export {
  centredReward,
  clippedReward,
  explicitReward,
  implicitReward,
  mixtureReward,
  type Reward,
} from "./replay/rewards";
export { transitionsOf, valueBounds } from "./replay/transitions";
// Finding items
export { batchIndex } from "./retrieval/batchIndex";
export { exactIndex } from "./retrieval/exactIndex";
export { faissIndex } from "./retrieval/faissIndex";
export { queriesWithOne, withBias } from "./retrieval/geometry";
export { recallOf } from "./retrieval/recall";
export { rankedBy } from "./retrieval/scorer";
export { slates } from "./retrieval/slate";
export { cachedRun } from "./runs/cachedRun";
export { coldItems, withColdItems } from "./runs/coldStartModel";
export { experimentData, takeTask } from "./runs/experimentData";
export { looker } from "./runs/look";
export { problemOf } from "./runs/problemOf";
export { queryRecommender } from "./runs/queryRecommender";
export { runExperiment } from "./runs/runExperiment";
export { sharedModel } from "./runs/sharedModel";
export { differenceText } from "./runs/signedText";
// Experiments
export { agentEntry } from "./settings/agents";
export { coldStartStudy, removeItems } from "./studies/coldStartStudy";
export { writeResults } from "./studies/resultsFile";
// Worlds whose truth is known
export { banditWorld } from "./worlds/banditWorld";
export { circleWorld } from "./worlds/circleWorld";
export { collectLog, joinLogs } from "./worlds/collectLog";
// How a policy did while it was played
export { convergenceOf } from "./worlds/convergence";
export { type Environment, type Environments, environmentOf, unitBox } from "./worlds/environment";
export { interactionMetrics } from "./worlds/interactionMetrics";
export { narrowLog } from "./worlds/narrowLog";
export { pendulum, pendulums } from "./worlds/pendulum";
export { careless, pendulumBehaviours, pendulumLog, randomTorque, swingUp } from "./worlds/pendulumLog";
export { pendulumAgents, pendulumTrial } from "./worlds/pendulumTrial";
export { rollout } from "./worlds/rollout";
export { slateColumns, slateLog } from "./worlds/slateLog";
export { independentSlotsPolicy, plackettLucePolicy } from "./worlds/slatePolicies";
export { slateValue, slateWorld } from "./worlds/slateWorld";
export { tabularLog } from "./worlds/tabularLog";
export { tabularValue, tabularWorld } from "./worlds/tabularWorld";
export { degreesOf, trajectoryReturns } from "./worlds/trajectoryReturns";
