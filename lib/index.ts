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
// What any new method has to beat
export { fitBaselines } from "./baselines/fitBaselines";
export { mostPopular, repeated } from "./baselines/mostPopular";
export { recentPopularity } from "./baselines/recentPopularity";
export { settingsFor } from "./baselines/tuned";
// The log: what people rated, and when
export { bestAvailableDataset, loadDataset } from "./data/datasets";
export { driftOf, itemsOfTheMoment, mostCounted } from "./data/drift";
export { historiesOf, lastOf, takeHistories } from "./data/histories";
export { loadOpenBandit } from "./data/loadOpenBandit";
export { mainGenres } from "./data/mainGenres";
export { plantFuture } from "./data/plantedFuture";
export { shuffleHistories } from "./data/shuffleHistories";
export { leaveOneOutSplit, temporalSplit } from "./data/split";
export { summaryOf } from "./data/summary";
export { interactionTable, itemTable, table } from "./data/table";
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
// Are the actions real?
export { gridOver, kernelDensity } from "./evaluation/audit/density";
export { hubnessOf } from "./evaluation/audit/hubness";
export { distancesAmong, distancesToNearest, nearestOthers } from "./evaluation/audit/nearest";
export { reconstructionScores } from "./evaluation/audit/reconstruction";
export { cosinesOf, pairsOf } from "./evaluation/audit/similarity";
export { distanceFromReal, wassersteinDistance } from "./evaluation/audit/wasserstein";
// How a policy did while it was played
export { convergenceOf } from "./evaluation/interaction/convergence";
export { interactionMetrics } from "./evaluation/interaction/interactionMetrics";
// What another policy would have earned
export { banditChoices, policyRounds } from "./evaluation/offPolicy/banditChoices";
export { banditEstimators } from "./evaluation/offPolicy/banditEstimators";
export { banditRounds } from "./evaluation/offPolicy/banditRounds";
export { coverageStudy } from "./evaluation/offPolicy/coverageStudy";
export { diagnosticsOf } from "./evaluation/offPolicy/diagnostics";
export {
  directMethod,
  doublyRobust,
  optimisticShrinkage,
  selfNormalisedDr,
  subGaussianDr,
  switchDr,
} from "./evaluation/offPolicy/doublyRobust";
export type { Estimator } from "./evaluation/offPolicy/estimator";
export {
  candidatesOf,
  clippedFamily,
  optimisticShrinkageFamily,
  subGaussianDrFamily,
  subGaussianIpsFamily,
  switchDrFamily,
} from "./evaluation/offPolicy/estimatorFamilies";
export { judgeLog } from "./evaluation/offPolicy/files/judgeLog";
export { readRounds } from "./evaluation/offPolicy/files/readRounds";
export { foldsOf } from "./evaluation/offPolicy/folds";
export { clusterCard, sequentialCard, slateCard } from "./evaluation/offPolicy/furtherCards";
export { importanceWeights } from "./evaluation/offPolicy/importanceWeights";
export { ips, snips, subGaussianIps } from "./evaluation/offPolicy/inversePropensity";
export { type LoggedRounds, loggedRounds } from "./evaluation/offPolicy/loggedRounds";
export {
  clusterProbabilities,
  marginalisedIps,
  marginalisedRounds,
  selfNormalisedMips,
} from "./evaluation/offPolicy/marginalised";
export { openBanditChoices } from "./evaluation/offPolicy/openBanditChoices";
export { openBanditRounds } from "./evaluation/offPolicy/openBanditRounds";
export { policySelection } from "./evaluation/offPolicy/policySelection";
export { reliabilityOf } from "./evaluation/offPolicy/propensities/calibration";
export { choiceColumns } from "./evaluation/offPolicy/propensities/choiceColumns";
export { behaviourFits, chosenPropensities } from "./evaluation/offPolicy/propensities/chosenPropensities";
export { crossFittedPropensities, propensitiesOf } from "./evaluation/offPolicy/propensities/crossFitted";
export { fittedFloor, withFloor } from "./evaluation/offPolicy/propensities/floor";
export { frequencyModel } from "./evaluation/offPolicy/propensities/frequencyModel";
export { multinomialModel } from "./evaluation/offPolicy/propensities/multinomialModel";
export { sensitivityOf } from "./evaluation/offPolicy/propensities/sensitivity";
export { atTemperature, fittedTemperature } from "./evaluation/offPolicy/propensities/temperature";
export { ratedRounds } from "./evaluation/offPolicy/ratedRounds";
export { reportCard } from "./evaluation/offPolicy/reportCard";
export { estimatorTitle, reportText } from "./evaluation/offPolicy/reportText";
export { crossFittedRewards } from "./evaluation/offPolicy/rewardModel";
export { ridgeRewards } from "./evaluation/offPolicy/ridgeRewards";
export { fittedQ, fittedQDefaults } from "./evaluation/offPolicy/sequential/fittedQ";
export { fittedQTabular } from "./evaluation/offPolicy/sequential/fittedQTabular";
export { pdis, wpdis } from "./evaluation/offPolicy/sequential/perDecision";
export { sdm, sdr, wsdr } from "./evaluation/offPolicy/sequential/sequentialDoublyRobust";
export { sequentialEstimators } from "./evaluation/offPolicy/sequential/sequentialEstimators";
export { trajectories, withModel } from "./evaluation/offPolicy/sequential/trajectories";
export { tis, wtis } from "./evaluation/offPolicy/sequential/trajectorySampling";
export { cascadeDoublyRobust } from "./evaluation/offPolicy/slate/cascadeDoublyRobust";
export { slateEstimators } from "./evaluation/offPolicy/slate/slateEstimators";
export {
  iips,
  rips,
  sips,
  sniips,
  snrips,
  snsips,
} from "./evaluation/offPolicy/slate/slateInversePropensity";
export { loggedSlates } from "./evaluation/offPolicy/slate/slateRounds";
export { slatesOfRows } from "./evaluation/offPolicy/slate/slatesOfRows";
export { slope } from "./evaluation/offPolicy/slope";
export { tunedByError } from "./evaluation/offPolicy/tunedByError";
export { verdictOf, verdictThresholds } from "./evaluation/offPolicy/verdict";
// Judging lists
export { giniOf, overlapOf } from "./evaluation/ranking/beyondAccuracy";
export { changedLists, compareRecommenders } from "./evaluation/ranking/compare";
export { evaluateRecommender, itemCounts } from "./evaluation/ranking/evaluate";
export { peerTable } from "./evaluation/ranking/peers";
// Experiments
export { agentEntry } from "./experiment/agents";
export { cachedRun } from "./experiment/cachedRun";
export { coldItems, withColdItems } from "./experiment/coldStartModel";
export { coldStartStudy, removeItems } from "./experiment/coldStartStudy";
export { experimentData, takeTask } from "./experiment/experimentData";
export { looker } from "./experiment/look";
export { problemOf } from "./experiment/problemOf";
export { queryRecommender } from "./experiment/queryRecommender";
export { writeResults } from "./experiment/resultsFile";
export { runExperiment } from "./experiment/runExperiment";
export { sharedModel } from "./experiment/sharedModel";
export { differenceText } from "./experiment/signedText";
// Figures and tables
export { activityPerUser } from "./figures/activityPerUser";
export { bandedLines } from "./figures/bandedLines";
export { cellProgress } from "./figures/cellProgress";
export { circleDirections, shareOutside } from "./figures/circleDirections";
export { coverageByMethod } from "./figures/coverageByMethod";
export { driftOverTime } from "./figures/driftOverTime";
export { estimatesBesideTruth } from "./figures/estimatesBesideTruth";
export { groupedMarks } from "./figures/groupedMarks";
export { itemCircle } from "./figures/itemCircle";
export { itemMap } from "./figures/itemMap";
export { learningCurves } from "./figures/learningCurves";
export { matrixPanels } from "./figures/matrixPanels";
export { policyPanels } from "./figures/policyPanels";
export { popularityCurve } from "./figures/popularityCurve";
export { rankingPlot } from "./figures/rankingPlot";
export { ratingHistogram } from "./figures/ratingHistogram";
export { reliabilityDiagram } from "./figures/reliabilityDiagram";
export { reportCardFigure } from "./figures/reportCardFigure";
export { retrievalSpeed } from "./figures/retrievalSpeed";
export { returnsByDiscount } from "./figures/returnsByDiscount";
export { rewardDistribution } from "./figures/rewardDistribution";
export { say } from "./figures/say";
export { sensitivityBand } from "./figures/sensitivityBand";
export { show } from "./figures/show";
export { showTable } from "./figures/showTable";
export { similarityHeatmap } from "./figures/similarityHeatmap";
export { similarityPanels } from "./figures/similarityPanels";
export { slateProbabilities } from "./figures/slateProbabilities";
export { splitTimeline } from "./figures/splitTimeline";
export { stateTrajectory } from "./figures/stateTrajectory";
export { titlesOverTime } from "./figures/titlesOverTime";
export { trainingCurves } from "./figures/trainingCurves";
export { valueCurve } from "./figures/valueCurve";
export { weightShares } from "./figures/weightShares";
// Chance, measured and drawn
export { interval, pairedInterval } from "./math/bootstrap";
export { random, shuffle } from "./math/random";
export { rankCorrelation } from "./math/rankCorrelation";
export { statisticIntervals } from "./math/statisticIntervals";
export { meanStatistic, type SumStatistic } from "./math/sumStatistic";
export { cosine, dot, norm, normaliseRows } from "./math/vectors";
export { wilsonInterval } from "./math/wilsonInterval";
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
// Worlds whose truth is known
export { banditWorld } from "./worlds/banditWorld";
export { circleWorld } from "./worlds/circleWorld";
export { collectLog, joinLogs } from "./worlds/collectLog";
export { type Environment, type Environments, environmentOf, unitBox } from "./worlds/environment";
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
export { degreesOf, walkedReturns } from "./worlds/walkedReturns";
