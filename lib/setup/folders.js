"use strict";
/**
 * The folders of lib from left to right: each imports only from those before it. The test of import lines, the
 * map of lib/README.md and the picture of the house all take it from here.
 */
const folders = [
  { name: "math", idea: "seeded random, vectors, intervals" },
  { name: "tensors", idea: "networks and steps; TensorFlow's door" },
  { name: "data", idea: "logs as columns, histories, splits" },
  { name: "retrieval", idea: "nearest items: exact and FAISS, alike" },
  { name: "metrics", idea: "ranking metrics over users" },
  { name: "policies", idea: "items as probabilities" },
  { name: "embeddings", idea: "items as 64 numbers" },
  { name: "encoders", idea: "histories as 128 numbers" },
  { name: "replay", idea: "rewards, transitions, replay buffers" },
  { name: "agents", idea: "DDPG and its kin, tables, bandits" },
  { name: "baselines", idea: "what any new method has to beat" },
  { name: "worlds", idea: "simulators whose truth is known" },
  { name: "offPolicy", idea: "what another policy would earn" },
  { name: "audit", idea: "are the actions real?" },
  { name: "settings", idea: "what can be set, its range and meaning" },
  { name: "runs", idea: "one model trained under one seed" },
  { name: "studies", idea: "many runs evaluated together" },
  { name: "serving", idea: "a run as a service that logs what it shows" },
  { name: "tuning", idea: "settings searched on validation rows" },
  { name: "cli", idea: "one thin file a command" },
];

/** Folders beside the line. */
const besides = [
  { name: "figures", idea: "data in, picture out; needs math only" },
  { name: "setup", idea: "runs before anything is installed" },
];

module.exports = { folders, besides };
