/**
 * The table of contents: what a notebook imports, in the order in which it is met. Heavy libraries load on first use.
 */

export { type BcqConfig, bcq, bcqDefaults } from "./agents/actorCritic/bcq";
export { type DdpgConfig, ddpg, ddpgDefaults } from "./agents/actorCritic/ddpg";
export { type DqnConfig, dqn, dqnDefaults } from "./agents/actorCritic/dqn";
export {
  type ReinforceConfig,
  reinforce,
  reinforceDefaults,
  reinforceTopK,
} from "./agents/actorCritic/reinforce";
export { type SacConfig, sac, sacDefaults } from "./agents/actorCritic/sac";
export { type Td3Config, td3, td3Defaults } from "./agents/actorCritic/td3";
export { behaviourRegularised, td3Bc } from "./agents/agent";
export type { IncrementalAgent, RewardedLog } from "./agents/incrementalAgent";
export { type LinUcbConfig, linUcb, linUcbDefaults } from "./agents/linUcb/linUcb";
// Learning from rewards
export { actionValue, predict } from "./agents/networks";
export { qLearning, qLearningDefaults } from "./agents/tabular/qLearning";
export { sarsa, sarsaDefaults } from "./agents/tabular/sarsa";
export type { TabularConfig } from "./agents/tabular/tabularSettings";
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
// Figures and tables
export { activityPerUser } from "./figures/activityPerUser";
export { bandedLines } from "./figures/bandedLines";
export { cellProgress } from "./figures/cellProgress";
export { circleDirections, shareOutsideArc } from "./figures/circleDirections";
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
// Judging lists
export { giniOf, overlapOf } from "./metrics/beyondAccuracy";
export { changedLists } from "./metrics/changedLists";
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
export { prepareData, takeTask } from "./runs/preparedData";
export { problemOf } from "./runs/problemOf";
export { queryRecommender } from "./runs/queryRecommender";
export { sharedModel } from "./runs/sharedModel";
export { differenceText } from "./runs/signedText";
export { train } from "./runs/train";
export { validator } from "./runs/validator";
// Experiments
export { agentDefaults, agentEntry } from "./settings/agents";
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
