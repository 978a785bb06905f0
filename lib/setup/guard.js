"use strict";
// Refuses to start a command whose set-up is missing, and says what to do.
const { missingSteps } = require("./runSteps");
const { allSteps } = require("./steps");

/**
 * Titles of the steps that are missing of those a command needs (all when none are named).
 *
 * @param {string[]} [needed] names of steps
 */
function missing(needed) {
  const steps = allSteps().filter((step) => needed === undefined || needed.includes(step.name));
  return missingSteps(steps).map((step) => step.title);
}

/** Ends the process with status 1 when a needed step is missing. */
function requireSetup(needed) {
  const titles = missing(needed);
  if (titles.length === 0) return;
  process.stderr.write(`Set-up is missing here (${titles.join(", ")}): run \`npm start\` once.\n`);
  process.exit(1);
}

module.exports = { missing, requireSetup };
