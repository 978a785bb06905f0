"use strict";
// Runs the steps of set-up that are not in place, each as soon as what it needs is there.
const { CommandFailed } = require("./command");
const { removeStamp, validStamp, writeStamp } = require("./stamp");

/** An error that already knows what its reader can do about it. */
class SetupProblem extends Error {
  constructor(message, todo) {
    super(message);
    this.name = "SetupProblem";
    this.todo = todo;
  }
}

/** The steps that are not in place. */
function missingSteps(steps) {
  return steps.filter((step) => validStamp(step) === undefined);
}

/** What failed, why and what to do, as lines to print. */
function describeFailure(step, error) {
  const lines = [`${step.title} failed: ${error.message}`];
  if (error instanceof CommandFailed) {
    if (error.tail) lines.push(...error.tail.split("\n").map((line) => `    | ${line}`));
    if (error.log) lines.push(`    whole log: ${error.log}`);
  }
  lines.push(`    what to do: ${error.todo ?? step.todo}`);
  return lines;
}

async function runStep(step, report) {
  const before = validStamp(step);
  if (before !== undefined) return report.inPlace?.(step, before);
  report.started?.(step);
  const start = performance.now();
  removeStamp(step);
  const result = (await step.run()) ?? {};
  const seconds = Math.round((performance.now() - start) / 100) / 10;
  writeStamp(step, { ...result, seconds });
  report.finished?.(step, seconds, result.note ?? "");
}

/**
 * Runs steps side by side in the order of their needs. A step whose needs failed is not tried; all others
 * are. Resolves to the failures, as lists of lines.
 *
 * @param {Array<{ name: string, title: string, needs?: string[], stamp: string, todo: string,
 *   inputs: () => unknown, proof?: (details: object) => string[], run: () => Promise<object> }>} steps
 *   in an order where needs come first
 * @param {{ started?: Function, finished?: Function, failed?: Function, inPlace?: Function }} report
 */
async function runSteps(steps, report = {}) {
  const outcomes = new Map();
  const failures = [];
  for (const step of steps) {
    const needs = (step.needs ?? []).map((name) => {
      if (!outcomes.has(name)) throw new Error(`step ${step.name} needs ${name}, which is not before it`);
      return outcomes.get(name);
    });
    const outcome = Promise.all(needs).then(async (done) => {
      const lacking = (step.needs ?? []).filter((_, position) => !done[position]);
      if (lacking.length > 0) {
        failures.push([`${step.title} was not tried: it needs ${lacking.join(", ")}`]);
        return false;
      }
      try {
        await runStep(step, report);
        return true;
      } catch (error) {
        report.failed?.(step);
        failures.push(describeFailure(step, error));
        return false;
      }
    });
    outcomes.set(step.name, outcome);
  }
  await Promise.all(outcomes.values());
  return failures;
}

module.exports = { SetupProblem, missingSteps, runSteps };
