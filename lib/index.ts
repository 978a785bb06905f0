/**
 * The door: what a notebook or a script imports, in the order in which it is met. Families have doors of their own:
 * ./figures, ./embeddings, ./retrieval, ./offPolicy, ./worlds and ./audit. Heavy libraries load on first use.
 *
 * @example
 * const data = await prepare("goodbooks"); // or prepare({ interactions: "plays.csv", items: "tracks.csv" })
 * const model = await nextItem(data);
 * const run = await train(td3, { data, model, settings: { policyDelay: 2 }, steps: 3000, seed: 1 });
 * const table = await compare([run, model, ...(await baselines(data))], data);
 */

// From data to a table, in five lines
export { nextItem, prepare, type PrepareOptions } from "./runs/prepare";
export { train, type TrainedRun, type TrainOptions } from "./runs/train";
export { curveOfSeeds, endOfSeeds, gainOverSeeds, measuresOfSeeds, trainSeeds } from "./runs/trainSeeds";
export { judgeOn } from "./runs/judgeOn";
export { baselines } from "./studies/baselines";
export { compare, type ComparisonTable } from "./studies/compare";

// A log: who took what, when, and what it was worth
export type { Dataset } from "./data/dataset";
export type { Interactions } from "./data/interactions";
export { bestAvailableDataset } from "./data/openDataset";
export { type DataFrame, danfo, table } from "./data/table";
export { summaryOf } from "./data/summary";
export { feedbackOf } from "./data/feedback";
export { driftOf, itemsOfTheMoment, mostCounted } from "./data/drift";
export { mainGenres } from "./data/mainGenres";

// What was known when, and what came next
export { temporalSplit } from "./data/split";
export { type Histories, historiesOf, lastOf, takeHistories } from "./data/histories";
export { shuffleHistories } from "./data/shuffleHistories";
export { type Task, taskOf } from "./data/task";
export type { PreparedData } from "./runs/preparedData";

// Items as vectors: ./embeddings has more ways to them
export { cosine, dot, norm, normaliseRows } from "./math/vectors";

// Histories as states
export type { Encoder } from "./encoders/encoder";
export type { NextItemModel } from "./encoders/nextItemModel";
export { encoderNames } from "./encoders/sequenceNetworks";
export { cachedNextItem } from "./encoders/nextItemCache";
export { tuneRecentPopularity } from "./encoders/recentPopularityBias";
export { influenceByPosition, movesAt } from "./encoders/influence";

// Rewards, transitions, replay
export {
  centredReward,
  clippedReward,
  explicitReward,
  fittingReward,
  implicitReward,
  mixtureReward,
  type Reward,
  type RewardRow,
} from "./replay/rewards";
export { fitNormalisedReward, rewardColumn } from "./replay/rewardColumn";
export { itemRewards } from "./replay/itemRewards";
export { discountedReturns, returnsFromTheEnd } from "./replay/returns";
export { type StoredTransitions, type Transitions, transitionsOf, valueBounds } from "./replay/transitions";
export { replayBuffer } from "./replay/replayBuffer";
export type { Batch } from "./replay/batch";

// Agents
export { ddpg, type DdpgConfig, ddpgDefaults } from "./agents/actorCritic/ddpg";
export { smoothingNoise, td3, type Td3Config, td3Defaults } from "./agents/actorCritic/td3";
export { bcq, type BcqConfig } from "./agents/actorCritic/bcq";
export { sac } from "./agents/actorCritic/sac";
export { iql, type IqlConfig } from "./agents/actorCritic/iql";
export { reinforce, reinforceTopK } from "./agents/actorCritic/reinforce";
export { catalogueSlateQ, discreteCql, dqn } from "./agents/actorCritic/dqn";
export { qLearning } from "./agents/tabular/qLearning";
export { sarsa } from "./agents/tabular/sarsa";
export { linUcb } from "./agents/linUcb/linUcb";
export { type SlateQ, slateQ } from "./agents/slateQ/slateQ";
export { asPublished, behaviourRegularised, paperTd3Bc } from "./agents/agent";
export { predict } from "./agents/networks";

// An agent of one's own: see lib/agents/README.md
export { type Agent, type AgentFactory, agentOf, type AgentProblem } from "./agents/agent";
export { actionsFor, actionValue, actorNetwork, criticNetworks } from "./agents/networks";
export { multilayerPerceptron, type Network, network } from "./tensors/networks";
export { adam } from "./tensors/adam";
export { normals } from "./tensors/initialisers";
export { compile } from "./tensors/compiled";
export { descend, gradientStep } from "./tensors/gradientStep";
export { softUpdate } from "./tensors/softUpdate";
export { type Scalar, type Tensor2D, tf, type Variable } from "./tensors/tf";

// Runs by hand
export type { Run } from "./runs/trainSpec";
export type { RunSpec } from "./runs/runSpec";
export { validator } from "./runs/validator";
export { problemOf } from "./runs/problemOf";
export { queryRecommender } from "./runs/queryRecommender";

// From an action to a list, and its probability
export type { Lists } from "./retrieval/lists";
export type { Recommender } from "./retrieval/recommender";
export { itemPolicy } from "./policies/itemPolicy";
export { sampleSlate, slateLogProbability } from "./policies/plackettLuce";

// Evaluating lists
export { evaluateRecommender, itemCounts } from "./metrics/evaluate";
export { changedLists } from "./metrics/changedLists";
export { mostListed } from "./metrics/mostListed";
export { overlapOf } from "./metrics/beyondAccuracy";
export { peerTable } from "./metrics/peers";
export { fitBaselines } from "./baselines/fitBaselines";
export { mostPopular, repeated } from "./baselines/mostPopular";
export { recentPopularity } from "./baselines/recentPopularity";
export { settingsFor } from "./baselines/tuned";
export { differenceText } from "./runs/signedText";
export { resultsOf, writeResults } from "./studies/resultsFile";
export { fromGreedy, type WorldStudyTable } from "./studies/worldStudy";
export { worldMap } from "./studies/worldMap";

// Chance: drawn from seeds, and measured
export { random, type Random, shuffle } from "./math/random";
export { rankCorrelation } from "./math/rankCorrelation";
export { type Interval, interval, pairedInterval } from "./math/bootstrap";
export { wilsonInterval } from "./math/wilsonInterval";
