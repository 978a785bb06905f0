import { existsSync } from "node:fs";
import type { Dataset } from "./dataset";
import { type DatasetOptions, datasetNames, loadDataset, printNotice } from "./datasets";
import { InputError } from "./inputError";
import { type DatasetFiles, type LogOptions, readDataset } from "./readInteractions";

/** What is used when nothing is asked for, best first; the last needs no files. */
const bestFirst = ["goodbooks", "ml-100k", "synthetic"] as const;

/**
 * A dataset by its name, or from files of one's own.
 *
 * @param source one of `datasetNames`, the path of a file of interactions, or paths of interactions, items and users
 * @throws InputError when it is neither a name nor a file that is there, and as loadDataset and readDataset do.
 * @example await openDataset("goodbooks")
 * @example await openDataset({ interactions: "plays.csv", items: "tracks.csv" })
 */
export async function openDataset(
  source: string | DatasetFiles,
  options: DatasetOptions &
    LogOptions & { readonly skipBadRows?: boolean; readonly needed?: readonly string[] } = {},
): Promise<Dataset> {
  const { onNotice = printNotice } = options;
  if (typeof source === "string" && (datasetNames as readonly string[]).includes(source))
    return loadDataset(source, options);
  const files = typeof source === "string" ? { interactions: source } : source;
  if (typeof source === "string" && !existsSync(source))
    throw new InputError(`no dataset and no file is called "${source}"`, {
      expected: `a file of interactions, or one of ${datasetNames.join(", ")}`,
    });
  const dataset = await readDataset(files, options);
  for (const notice of dataset.notices) onNotice(notice);
  return dataset;
}

/**
 * The best data that is there: goodbooks, else ml-100k, else synthetic (or, with `wanted`, that one first; a file that is wanted is taken or refused, never replaced).
 * It says what it uses and, where that is not the first choice, why; the dataset's label goes on every figure.
 *
 * @throws InputError when files are there but wrong: broken data is not replaced by other data.
 */
export async function bestAvailableDataset(
  options: DatasetOptions & { readonly wanted?: string } = {},
): Promise<Dataset> {
  const onNotice = options.onNotice ?? printNotice;
  const { wanted } = options;
  if (wanted !== undefined && !(datasetNames as readonly string[]).includes(wanted)) {
    const own = await openDataset(wanted, { ...options, onNotice });
    onNotice(`data: ${own.label}, from ${own.origin}`);
    return own;
  }
  const names = wanted === undefined ? bestFirst : [wanted, ...bestFirst.filter((name) => name !== wanted)];
  for (const name of names) {
    try {
      const dataset = await loadDataset(name, options);
      onNotice(`data: ${dataset.label}, from ${dataset.origin}`);
      return dataset;
    } catch (error) {
      if (!(error instanceof InputError) || error.file !== undefined) throw error;
      onNotice(`${error.message}; trying the next best`);
    }
  }
  throw new Error("bestAvailableDataset requires a dataset that needs no files, got none");
}
