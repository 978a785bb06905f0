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
export { distancesAmong, distancesToNearest } from "./evaluation/audit/nearest";
export { reconstructionScores } from "./evaluation/audit/reconstruction";
export { cosinesOf, pairsOf } from "./evaluation/audit/similarity";
export { distanceFromReal, wassersteinDistance } from "./evaluation/audit/wasserstein";
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
// Figures and tables
export { activityPerUser } from "./figures/activityPerUser";
export { bandedLines } from "./figures/bandedLines";
export { cellProgress } from "./figures/cellProgress";
export { circleDirections, shareOutside } from "./figures/circleDirections";
export { driftOverTime } from "./figures/driftOverTime";
export { groupedMarks } from "./figures/groupedMarks";
export { itemCircle } from "./figures/itemCircle";
export { itemMap } from "./figures/itemMap";
export { learningCurves } from "./figures/learningCurves";
export { matrixPanels } from "./figures/matrixPanels";
export { popularityCurve } from "./figures/popularityCurve";
export { rankingPlot } from "./figures/rankingPlot";
export { ratingHistogram } from "./figures/ratingHistogram";
export { retrievalSpeed } from "./figures/retrievalSpeed";
export { returnsByDiscount } from "./figures/returnsByDiscount";
export { rewardDistribution } from "./figures/rewardDistribution";
export { say } from "./figures/say";
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
// Chance, measured and drawn
export { interval, pairedInterval } from "./math/bootstrap";
export { random, shuffle } from "./math/random";
export { cosine, dot, norm, normaliseRows } from "./math/vectors";
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
export { circleWorld } from "./worlds/circleWorld";
export { collectLog, joinLogs } from "./worlds/collectLog";
export { type Environment, type Environments, environmentOf, unitBox } from "./worlds/environment";
export { narrowLog } from "./worlds/narrowLog";
export { pendulum, pendulums } from "./worlds/pendulum";
export { careless, pendulumBehaviours, pendulumLog, randomTorque, swingUp } from "./worlds/pendulumLog";
export { pendulumAgents, pendulumTrial } from "./worlds/pendulumTrial";
export { rollout } from "./worlds/rollout";
export { degreesOf, walkedReturns } from "./worlds/walkedReturns";
