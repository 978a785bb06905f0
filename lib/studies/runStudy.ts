import type { Dataset } from "../data/dataset";
import { logFingerprint } from "../data/fingerprint";
import { InputError } from "../data/inputError";
import { prepareData } from "../runs/preparedData";
import { rewardOf } from "../runs/rewardOf";
import type { StudyConfig } from "../settings/studyConfig";
import {
  cellMaker,
  type ExecutedStudy,
  type ExecuteOptions,
  evaluationTask,
  execute,
  testUsers,
} from "./execute";
import { plannedIn, rowsOf } from "./plan";
import { type StudyTable, studyTable } from "./table";
import type { StudyCell } from "./workers";

export interface StudyRequest extends ExecuteOptions {
  readonly study: StudyConfig;
  readonly dataset: Dataset;
  /** Where the runs are kept, one folder for each model and seed. What is finished there is not done again. */
  readonly folder: string;
}

/** A study's runs, and the table of them. */
export interface StudyOutcome {
  readonly runs: ExecutedStudy;
  readonly table: StudyTable;
}

/**
 * Trains what is missing of a study, every model under every seed, each into an ordinary run folder, and compares all
 * on the test users.
 *
 * @throws InputError when the data cannot be cut, nobody can be evaluated, or a reward is unknown.
 */
export async function runStudy(request: StudyRequest): Promise<StudyOutcome> {
  const { name, seeds, ks, controls } = request.study;
  const { rows, data, on } = planOf(request);
  const runs = await execute(rows, data, on, request);
  return { runs, table: await studyTable(runs, { name, seeds, ks, controls }) };
}

/** Makes single runs of a study: for a process beside the one that runs it. */
export function studyCells(request: StudyRequest): (cell: StudyCell) => Promise<void> {
  const { rows, data, on } = planOf(request);
  return cellMaker(rows, data, on, request);
}

function planOf({ study, dataset, folder }: StudyRequest) {
  const { models, seeds, ks } = study;
  for (const { config, refused } of models)
    try {
      rewardOf(config.reward, dataset.interactions);
    } catch (error) {
      throw error instanceof InputError ? refused("reward", error) : error;
    }
  const log = logFingerprint(dataset.interactions);
  const rows = plannedIn(folder, rowsOf(study), { seeds, log });
  const data = prepareData(dataset, models[0].config);
  const on = evaluationTask(data, testUsers(data.test, dataset.origin), ks);
  return { rows, data, on };
}
