import { join } from "node:path";
import type { Dataset } from "../data/dataset";
import { logFingerprint } from "../data/fingerprint";
import { InputError } from "../data/inputError";
import { type Interval, intervalOverSeeds, pairedIntervalOverSeeds } from "../math/bootstrap";
import { deviationOf } from "../math/deviation";
import { meanOf } from "../math/mean";
import { random } from "../math/random";
import { prepareData } from "../runs/preparedData";
import { withTried } from "../settings/searchSpace";
import type { TuneConfig } from "../settings/tuneConfig";
import { cellMaker, type ExecuteOptions, evaluationTask, execute } from "../studies/execute";
import { type PlannedRow, plannedIn } from "../studies/plan";
import type { StudyCell } from "../studies/workers";
import type { Trial } from "./driver";

/** Settings trained again under fresh seeds, on the validation users. */
export interface Confirmed {
  /** The trial whose settings these are; absent for the default ones. */
  readonly trial?: number;
  readonly seeds: readonly number[];
  /** Mean NDCG@10 under each seed. */
  readonly bySeed: readonly number[];
  readonly ndcg: Interval;
  /** From the default settings, paired over users and seeds. */
  readonly difference?: Interval;
}

export interface Confirmation {
  /** The default settings first. */
  readonly rows: readonly Confirmed[];
  readonly users: number;
  /** How far one seed's mean lies from another's with the same settings: a standard deviation. */
  readonly seedNoise: number;
  /** Rows and seeds whose learning ran away. */
  readonly failed: readonly string[];
}

export interface ConfirmRequest extends ExecuteOptions {
  readonly tune: TuneConfig;
  readonly dataset: Dataset;
  /** The study's folder. */
  readonly folder: string;
  /** Best first. */
  readonly best: readonly Pick<Trial, "number" | "params">[];
}

const defaultName = "default settings";
const rowName = (number: number): string => `trial ${number}`;

/**
 * Trains the best trials again beside the default settings, under seeds that no trial has seen, and compares them seed by
 * seed on the validation users. The best of many trials was lucky in its seed: here that luck is gone. That in its readers
 * is not, for they chose it: what is to be believed comes from test rows (`experiment`, `evaluate`).
 */
export async function confirm(request: ConfirmRequest): Promise<Confirmation> {
  const { best, tune } = request;
  const { rows, data, on } = planOf(request);
  const runs = await execute(rows, data, on, request);
  const columns = new Map<string, Map<number, Float64Array>>();
  for (const { name, seeds } of runs.rows) {
    const own = new Map<number, Float64Array>();
    for (const { seed, evaluated } of seeds) own.set(seed, (await evaluated()).column("ndcg", 10));
    columns.set(name, own);
  }
  const reference = columns.get(defaultName)!;
  const draw = random(tune.seed);
  const confirmed = [undefined, ...best.map(({ number }) => number)].flatMap((trial): Confirmed[] => {
    const own = columns.get(trial === undefined ? defaultName : rowName(trial))!;
    if (own.size < 2) return []; // learning ran away: nothing can be said
    const both = [...own.keys()].filter((seed) => reference.has(seed));
    const of = (from: Map<number, Float64Array>) => both.map((seed) => from.get(seed)!);
    return [
      {
        ...(trial !== undefined && { trial }),
        seeds: [...own.keys()],
        bySeed: [...own.values()].map(meanOf),
        ndcg: intervalOverSeeds([...own.values()], draw),
        ...(trial !== undefined &&
          both.length > 1 && { difference: pairedIntervalOverSeeds(of(own), of(reference), draw) }),
      },
    ];
  });
  const spreads = confirmed.map(({ bySeed }) => deviationOf(Float64Array.from(bySeed)) ** 2);
  return {
    rows: confirmed,
    users: on.task.histories.size,
    seedNoise: Math.sqrt(meanOf(Float64Array.from(spreads))),
    failed: runs.failed.map(({ name, seed }) => `${name}, seed ${seed}`),
  };
}

/** Makes single runs of it: for a process beside the one that compares. */
export function confirmCells(request: ConfirmRequest): (cell: StudyCell) => Promise<void> {
  const { rows, data, on } = planOf(request);
  return cellMaker(rows, data, on, request);
}

function planOf({ tune, dataset, folder, best }: ConfirmRequest) {
  const { entry, base, search, study } = tune;
  const row = (name: string, config: typeof base) => ({ name, role: "model" as const, entry, config });
  const planned: PlannedRow[] = plannedIn(
    join(folder, "confirm"),
    [
      row(defaultName, base),
      ...best.map(({ number, params }) => row(rowName(number), withTried(base, search, params, entry))),
    ],
    { seeds: freshSeeds(study.seeds, tune.confirm.seeds), log: logFingerprint(dataset.interactions) },
  );
  const data = prepareData(dataset, base);
  if (data.validation === undefined)
    throw new InputError("no user of the validation rows can be evaluated", { file: dataset.origin });
  return { rows: planned, data, on: evaluationTask(data, data.validation, [10]) };
}

/** The next seeds after those that trials were trained under: `freshSeeds([1, 4], 2)` is `[5, 6]`. */
export function freshSeeds(used: readonly number[], count: number): number[] {
  return Array.from({ length: count }, (_, i) => Math.max(...used) + 1 + i);
}
