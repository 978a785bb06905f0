import type { PreparedData } from "../runs/preparedData";
import { fittingSteps } from "../runs/trainRun";
import { agentEntry } from "../settings/agents";
import type { RunConfig } from "../settings/runConfig";
import { rowFingerprint } from "./plan";

/** Guesses how long the runs that are still to be made will take, and corrects itself by those that were made. */
export interface TimeLeft {
  /** A run that was made before: what it shares with others is there. */
  known(config: RunConfig): void;
  /** A run that is to be made. */
  expect(config: RunConfig): void;
  /** A run of those is made. */
  took(config: RunConfig, seconds: number): void;
  /** "about 2 h 10 min" */
  text(): string;
}

/** Seconds on two cores of 2020 or so: of an update, of a pass over one row of the log, of everything around a run. */
const guess = { update: 0.035, row: 1e-4, around: 3 };

/** @param jobs how many runs are made at once */
export function timeLeft(data: PreparedData, jobs = 1): TimeLeft {
  const models = new Set<string>();
  const left = new Map<string, number>();
  let [guessed, measured, sum] = [0, 0, 0];
  const modelKey = ({ nextItem, seed }: RunConfig): string => JSON.stringify([nextItem, seed]);
  const keyOf = (config: RunConfig): string => `${rowFingerprint(config)} ${config.seed}`;
  const secondsOf = (config: RunConfig): number => {
    const entry = agentEntry(config.agent.name);
    if (entry.kind === "baseline" || entry.kind === "classic") return guess.around;
    const isNew = !models.has(modelKey(config));
    models.add(modelKey(config));
    const passes = Number(config.nextItem.epochs ?? 10);
    const model = isNew ? guess.row * passes * data.rows.length : 0;
    const updates =
      entry.kind === "actor-critic" ? (config.steps ?? fittingSteps(entry.steps, data, config.batchSize)) : 0;
    return (config.refit ? 2 : 1) * (guess.around + model + guess.update * updates);
  };
  return {
    known: (config) => void models.add(modelKey(config)),
    expect(config) {
      const seconds = secondsOf(config);
      left.set(keyOf(config), seconds);
      sum += seconds;
    },
    took(config, seconds) {
      const expected = left.get(keyOf(config)) ?? 0;
      left.delete(keyOf(config));
      sum -= expected;
      guessed += expected;
      measured += seconds;
    },
    text() {
      const seconds = (sum * (guessed > 0 ? measured / guessed : 1)) / jobs;
      const minutes = Math.max(1, Math.round(seconds / 60));
      return minutes < 60
        ? `about ${minutes} min`
        : `about ${Math.floor(minutes / 60)} h ${minutes % 60} min`;
    },
  };
}
