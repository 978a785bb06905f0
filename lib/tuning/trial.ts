import { randomUUID } from "node:crypto";
import { mkdir, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Dataset } from "../data/dataset";
import { logFingerprint } from "../data/fingerprint";
import { InputError } from "../data/inputError";
import { meanOf } from "../math/mean";
import { withFolderLock } from "../runs/folderLock";
import { prepareData } from "../runs/preparedData";
import { runFiles } from "../runs/runFolder";
import { sharedModel } from "../runs/sharedModel";
import { sharedStarts } from "../runs/sharedStart";
import { trainRun } from "../runs/trainRun";
import type { RunConfig } from "../settings/runConfig";
import { SearchProblem, type Tried, withTried } from "../settings/searchSpace";
import type { TuneConfig } from "../settings/tuneConfig";
import { rowFingerprint, supervisedOf } from "../studies/plan";

/** What a trial says while it is made, and at last: the lines that tune.py reads. */
export type TrialMessage =
  | { readonly step: number; readonly value: number }
  | { readonly value: number; readonly values: readonly number[]; readonly kept: readonly number[] }
  /** It counts as tried, and is no candidate. */
  | { readonly pruned: string }
  /** Nobody can make it until something else is mended. */
  | { readonly error: string; readonly input: boolean };

/** What a trial is told: the line that tune.py writes. */
export interface TrialJob {
  readonly params: Readonly<Record<string, Tried>>;
  /** Where its runs are made; only their settings and figures stay. */
  readonly folder: string;
}

export interface TrialOptions {
  readonly dataset: Dataset;
  /** The project's folder, for data/cache. */
  readonly root?: string;
  readonly say: (message: TrialMessage) => void;
}

/** What stays of a trial's run. */
const keptFiles: readonly string[] = [runFiles.config, runFiles.summary, "metrics.jsonl"];

/**
 * Makes one trial: trains the model with what is tried under every seed, one after another, and says NDCG@10 on the
 * validation users at the kept step, mean over the seeds. Test rows are never asked: they only take part in where the
 * log is cut. Validations on the way are told as they come, so that the trial can be stopped.
 */
export async function makeTrial(tune: TuneConfig, job: TrialJob, options: TrialOptions): Promise<void> {
  const { say } = options;
  try {
    say(await trained(tune, job, options));
  } catch (error) {
    const { message } = error as Error;
    if (error instanceof SearchProblem) say({ pruned: `${message}: ${error.expected}` });
    else if (/diverged/.test(message)) say({ pruned: message });
    else say({ error: message, input: error instanceof InputError });
  }
}

async function trained(
  tune: TuneConfig,
  { params, folder }: TrialJob,
  { dataset, root, say }: TrialOptions,
): Promise<TrialMessage> {
  const config = withTried(tune.base, tune.search, params, tune.entry);
  const values: number[] = [];
  const kept: number[] = [];
  let step = 0;
  for (const seed of tune.study.seeds) {
    const run = join(folder, `seed-${seed}`);
    const seeded = { ...config, seed };
    await shareStart(tune, seeded, { dataset, root });
    const { validation, record } = await trainRun({
      ...{ folder: run, dataset, config: seeded },
      ...(root !== undefined && { root }),
      onFigures({ step: at, validationNdcg }) {
        if (at > 0 && validationNdcg !== undefined) say({ step: ++step, value: validationNdcg });
      },
    });
    if (validation === null)
      throw new InputError("no user of the validation rows can be evaluated: there is nothing to choose by", {
        file: dataset.origin,
      });
    values.push(validation.ndcg.mean);
    if (record !== undefined) kept.push(record.chosenStep);
    await keepOnly(run);
  }
  return { value: meanOf(values), values, kept };
}

/**
 * Makes what all trials of a seed begin with while the other workers wait, where no trial begins with something of its
 * own: the next-item model and the choice of what is served beside it, which then lie in data/cache.
 */
async function shareStart(
  { search, entry }: TuneConfig,
  config: RunConfig,
  { dataset, root }: { readonly dataset: Dataset; readonly root?: string },
): Promise<void> {
  const own = ["nextItem", "popularity", "companion"];
  if (
    entry.kind === "baseline" ||
    entry.kind === "classic" ||
    search.some(({ path }) => own.includes(path[0]))
  )
    return;
  const place = root === undefined ? {} : { root };
  const start = rowFingerprint(supervisedOf(config), logFingerprint(dataset.interactions));
  const lock = join(root ?? process.cwd(), "data", "cache", `tuned-${start}-${config.seed}`);
  await withFolderLock(
    lock,
    async () => {
      if ((await readdir(lock)).includes("ready")) return;
      const data = prepareData(dataset, config);
      const model = await sharedModel(data, { config: { ...config.nextItem, seed: config.seed }, ...place });
      await sharedStarts({ root })
        .choose(model, data, config)
        .finally(() => {
          model.dispose();
          data.dispose();
        });
      await mkdir(join(lock, "ready"));
    },
    { onWait: () => {} },
  );
}

/** Removes what only a run that is served or continued needs. */
async function keepOnly(run: string): Promise<void> {
  const aside = `${run}.${randomUUID()}.tmp`;
  await mkdir(aside, { recursive: true });
  for (const name of await readdir(run))
    if (keptFiles.includes(name)) await rename(join(run, name), join(aside, name));
  await rm(run, { recursive: true, force: true });
  await rename(aside, run);
}
