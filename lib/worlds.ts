/**
 * Simulators whose truth is known: the door of lib/worlds, in reading order. A world of one's own is an object of the
 * type `Environment`.
 */

// What a world is
export { type Environment, type Environments, environmentOf, unitBox } from "./worlds/environment";
export { type Acting, rollout } from "./worlds/rollout";
export { collectLog, joinLogs } from "./worlds/collectLog";

// Acting with noise, to explore
export { exploring } from "./worlds/exploring";
export { ornsteinUhlenbeck } from "./math/ornsteinUhlenbeck";

// Worlds small enough to be counted out
export { tabularValue, tabularWorld } from "./worlds/tabularWorld";
export { tabularLog, tabularTrajectories } from "./worlds/tabularLog";
export { banditWorld } from "./worlds/banditWorld";

// The circle: actions are directions
export { circleTrajectory, circleWorld } from "./worlds/circleWorld";
export { narrowLog } from "./worlds/narrowLog";
export { degreesFrom, evenDirections } from "./worlds/directions";
export { degreesOf, trajectoryReturns } from "./worlds/trajectoryReturns";

// Readers: worlds by name, each with policies that know its truth
export { satiation } from "./worlds/satiation";
export { dirichletWorld } from "./worlds/dirichletWorld";
export { interestEvolution } from "./worlds/interestEvolution";
export { boredom, boredomPresets } from "./worlds/boredom";
export { worldNamed, worlds } from "./worlds/worlds";
export { playWorld } from "./worlds/playWorld";
export { simulateLog } from "./worlds/simulatedLog";
export { trueValue } from "./worlds/trueValue";
export { trialAgents, worldTransitions, worldTrial } from "./worlds/worldTrial";
export { knownPolicies, playedOut, type TablePolicy } from "./worlds/tablePolicies";
export type { World, WorldPolicy } from "./worlds/world";

// Slates
export { slateValue, slateWorld } from "./worlds/slateWorld";
export { independentSlotsPolicy, plackettLucePolicy } from "./worlds/slatePolicies";
export { slateColumns, slateLog } from "./worlds/slateLog";

// SlateQ: learning from logs of slates
export { slateShapeOf, slateSteps } from "./worlds/slateSteps";
export { slateQPolicy } from "./worlds/slateQPolicy";
export { slateQRuns, slateQTrial } from "./worlds/slateQTrial";

// Learning by acting: agents, how they explore, and what not knowing costs
export { learnOnline } from "./worlds/online";
export { eachChoice, type OnlineLearner, scoredLearner } from "./worlds/onlineLearner";
export { constant, exponentialDecay, linearDecay, type Schedule } from "./worlds/onlineSchedules";
export { onlineQLearning, onlineSarsa } from "./worlds/onlineTabular";
export { linUcbLearner } from "./worlds/onlineBandit";
export { dqnLearner } from "./worlds/onlineDqn";
export { slateQLearner } from "./worlds/slateQOnline";
export { regretCurves, sideBySide } from "./worlds/onlineSideBySide";
export { overSeeds } from "./worlds/overSeeds";

// A control task beside a known implementation
export { pendulum, pendulums } from "./worlds/pendulum";
export { careless, pendulumBehaviours, pendulumLog, randomTorque, swingUp } from "./worlds/pendulumLog";
export { pendulumAgents, pendulumTrial } from "./worlds/pendulumTrial";

// How a policy did while it was played
export { convergenceOf } from "./worlds/convergence";
export { interactionMetrics } from "./worlds/interactionMetrics";
