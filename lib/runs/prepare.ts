import type { Dataset } from "../data/dataset";
import type { DatasetOptions } from "../data/datasets";
import { openDataset } from "../data/openDataset";
import type { DatasetFiles, LogOptions } from "../data/readInteractions";
import type { NextItemConfig } from "../encoders/nextItemConfig";
import type { NextItemModel } from "../encoders/nextItemModel";
import { progressBar } from "../figures/progressBar";
import { type CutOptions, type PreparedData, prepareData } from "./preparedData";
import { sharedModel } from "./sharedModel";

export interface PrepareOptions extends CutOptions, DatasetOptions, LogOptions {
  /** Leave bad rows out, and count them, instead of refusing the file. */
  readonly skipBadRows?: boolean;
}

/**
 * Data to learn from and to be evaluated on: read, and cut into train, validation and test rows.
 *
 * @param source a dataset's name, the path of a file of interactions, paths of interactions, items and users, or a dataset
 *   that was read already
 * @throws InputError naming file and line where data is missing, broken or too little.
 * @example const data = await prepare("goodbooks");
 * @example const data = await prepare({ interactions: "plays.csv", items: "tracks.csv" });
 */
export async function prepare(
  source: string | DatasetFiles | Dataset,
  options: PrepareOptions = {},
): Promise<PreparedData> {
  const dataset =
    typeof source !== "string" && "catalog" in source ? source : await openDataset(source, options);
  return prepareData(dataset, options);
}

/**
 * The next-item model of some data: item vectors, a GRU that turns a history into a state, and the query head that every
 * actor starts as. Trained once, with a progress bar, then taken from data/cache.
 *
 * @param changes settings that differ from the defaults
 * @throws on unknown or bad settings by name.
 * @example const model = await nextItem(data, { units: 256 });
 */
export async function nextItem(
  data: PreparedData,
  changes: Partial<NextItemConfig> = {},
  { root }: { readonly root?: string } = {},
): Promise<NextItemModel> {
  const progress = progressBar("next-item model");
  const model = await sharedModel(data, {
    config: changes,
    ...(root === undefined ? {} : { root }),
    onProgress: (done, total, detail) => progress.update(done, total, detail),
  });
  progress.end();
  return model;
}
