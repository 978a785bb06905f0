/** Are an agent's actions real items, or points where there are none? The door of lib/audit. */
export { cosinesOf, pairsOf } from "./audit/similarity";
export { distancesAmong, distancesToNearest, nearestOthers } from "./audit/nearest";
export { apartWithin, distancesToTaken, sharedWithin, takenInLikeStates } from "./audit/likeStates";
export { distanceFromReal, wassersteinDistance } from "./audit/wasserstein";
export { gridOver, kernelDensity } from "./audit/density";
export { hubnessOf } from "./audit/hubness";
export { reconstructionScores } from "./audit/reconstruction";
