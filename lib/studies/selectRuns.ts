import { join, resolve } from "node:path";
import { InputError } from "../data/inputError";
import type { Random } from "../math/random";
import {
  type ChoosePoliciesOptions,
  choosePolicies,
  type NamedTarget,
  type PoliciesOfLog,
} from "../offPolicy/files/choosePolicies";
import type { LogColumns } from "../offPolicy/files/readLog";
import { readRounds, type TargetColumns } from "../offPolicy/files/readRounds";
import { checkpoints } from "../runs/checkpoint";
import { type OpenRun, openRun } from "../runs/openRun";
import { type FinishedRun, readFinished, runFiles } from "../runs/runFolder";
import { runNames } from "../runs/runNames";
import { runTarget } from "../runs/runTarget";
import { sharedStarts } from "../runs/sharedStart";

export interface SelectRequest {
  readonly folders: readonly string[];
  /** A log with known propensities, as `ope` reads it. */
  readonly log: string;
  /** Whether every checkpoint that a run has kept is a policy of its own; only what is served by default. */
  readonly checkpoints?: boolean;
  /** What a run would have done in each round of the log; `runTarget` by default. */
  readonly targetOf?: (run: OpenRun, log: LogColumns) => Promise<TargetColumns>;
  readonly onProgress?: (label: string, done: number, total: number) => void;
}

/** Where a policy of the table comes from. */
export interface PolicySource {
  readonly name: string;
  readonly folder: string;
  /** Of actors. */
  readonly step?: number;
  /** Share of the log's rounds that are rows the run has learned from: what it does there it was told. */
  readonly learnedFrom?: number;
}

/** Runs ranked by one log. */
export interface SelectedRuns extends PoliciesOfLog {
  readonly log: string;
  readonly sources: readonly PolicySource[];
  /** Runs that have no probabilities for a log to judge. */
  readonly passedOver: readonly { readonly name: string; readonly reason: string }[];
}

/**
 * Judges what runs serve on one log and ranks them.
 *
 * @throws InputError, with file and line, as readRounds and runTarget do; when a folder is no finished run or comes twice, or
 *   no run has probabilities.
 */
export async function selectRuns(
  { folders, log, checkpoints: each = false, targetOf = runTarget, onProgress }: SelectRequest,
  random: Random,
  options: ChoosePoliciesOptions = {},
): Promise<SelectedRuns> {
  const sources = [...(await policiesOf(folders, each))];
  const targets: NamedTarget[] = [];
  const passedOver: { name: string; reason: string }[] = [];
  const read = await readRounds({
    log,
    // The log is read once, and all are asked about it.
    target: async (columns) => {
      const starts = sharedStarts();
      for (const [done, source] of sources.entries()) {
        onProgress?.("policies", done, sources.length);
        const target = await judgedOf(source, columns, { starts, targetOf });
        if (typeof target === "string") passedOver.push({ name: source.name, reason: target });
        else {
          const { learnedFrom, ...columnsOfIt } = target;
          targets.push(columnsOfIt);
          sources[done] = { ...source, learnedFrom };
        }
      }
      onProgress?.("policies", sources.length, sources.length);
      const { rounds, propensities } = columns;
      return { logged: propensities!, unsupported: new Float64Array(rounds.length) };
    },
  });
  if (targets.length === 0)
    throw new InputError("no run has probabilities that a log could judge", {
      file: folders.join(", "),
      expected: "runs of agents or of the next-item model",
    });
  return { log, sources, passedOver, ...choosePolicies(read, targets, random, options) };
}

async function judgedOf(
  { name, folder, step }: PolicySource,
  log: LogColumns,
  {
    starts,
    targetOf,
  }: { readonly starts: ReturnType<typeof sharedStarts> } & Required<Pick<SelectRequest, "targetOf">>,
): Promise<(NamedTarget & { readonly learnedFrom: number }) | string> {
  const run = await openRun(folder, starts, step === undefined ? {} : { step });
  try {
    if (run.served === undefined && run.scored === undefined)
      return `${run.summary.agent} serves a fixed list and knows no probabilities`;
    return { name, ...(await targetOf(run, log)), learnedFrom: shareLearnedFrom(run, log) };
  } finally {
    run.dispose();
  }
}

/** Share of the rounds whose user and item are a row that the run has learned from. */
function shareLearnedFrom({ dataset, data }: OpenRun, { users = [], actions }: LogColumns): number {
  const { interactions } = dataset;
  const userOf = new Map(interactions.userIds.map((id, row) => [id, row]));
  const itemOf = new Map(interactions.itemIds.map((id, row) => [id, row]));
  const items = interactions.itemIds.length;
  const learned = new Set<number>();
  for (const row of data.rows) learned.add(interactions.users[row] * items + interactions.items[row]);
  let found = 0;
  for (const [round, user] of users.entries())
    if (learned.has(userOf.get(user)! * items + (itemOf.get(actions[round]) ?? Number.NaN))) found++;
  return found / users.length;
}

/** The policies of some runs: what each serves, and with `each` its other checkpoints. */
async function policiesOf(folders: readonly string[], each: boolean): Promise<PolicySource[]> {
  const twice = folders.find((folder, i) => folders.findIndex((one) => resolve(one) === resolve(folder)) < i);
  if (twice !== undefined)
    throw new InputError("was given twice", { file: twice, expected: "each run folder once" });
  const runs: FinishedRun[] = [];
  for (const folder of folders) runs.push(await readFinished(folder));
  const names = runNames(folders);
  const sources: PolicySource[] = [];
  for (const [i, { folder, summary }] of runs.entries()) {
    const kept = summary.record?.chosenStep;
    sources.push({ name: names[i], folder, ...(kept !== undefined && { step: kept }) });
    if (!each || kept === undefined) continue;
    for (const { step } of await checkpoints(join(folder, runFiles.checkpoints)))
      if (step !== kept) sources.push({ name: `${names[i]}, step ${step}`, folder, step });
  }
  return sources;
}
