import { existsSync } from "node:fs";
import { join } from "node:path";
import { fingerprint, type Printed } from "../data/fingerprint";
import { furtherColumns, namedColumns } from "../data/furtherColumns";
import type { Histories } from "../data/histories";
import { InputError } from "../data/inputError";
import { candidateCount } from "./candidates";
import { chooseFeatures } from "./featureChoice";
import { type NextItemData, type NextItemOptions, trainNextItem } from "./nextItem";
import { type NextItemConfig, nextItemConfig } from "./nextItemConfig";
import { loadNextItem, nextItemFile, saveNextItem } from "./nextItemFile";
import type { NextItemModel } from "./nextItemModel";

/** Raise it when training changes, so that models made by the old one are not taken for new ones. */
const version = 3;

/**
 * A model trained once for everybody: loaded where the same rows, settings and start have been trained before,
 * else trained and saved. The folder is named by the fingerprint of all that the result depends on.
 *
 * @param folder where models are kept, `data/cache` by default
 * @example const model = await cachedNextItem(nextItemData(interactions, split), { seed: 1 });
 */
export async function cachedNextItem(
  data: NextItemData,
  changes: Partial<NextItemConfig> = {},
  { folder = join("data", "cache"), ...options }: NextItemOptions & { readonly folder?: string } = {},
): Promise<NextItemModel> {
  const config = nextItemConfig(changes);
  if (config.features === "auto") {
    const { model, choice } = await chooseFeatures(data, (features) =>
      cachedNextItem(data, { ...changes, features }, { folder, ...options }),
    );
    options.onChoice?.(choice);
    return model;
  }
  const home = join(folder, `next-item-${nextItemFingerprint(data, config, options.itemVectors)}`);
  if (existsSync(join(home, nextItemFile)))
    try {
      return await loadNextItem(home);
    } catch (error) {
      if (!(error instanceof InputError)) throw error; // a file that was cut, or of an earlier version: made again
    }
  const model = await trainNextItem(data, changes, options);
  await saveNextItem(model, home);
  return model;
}

/** What tells apart models: rows, settings and start. */
export function nextItemFingerprint(
  data: NextItemData,
  config: NextItemConfig,
  itemVectors?: Float32Array,
): string {
  const settled = {
    ...config,
    candidates: candidateCount(config.candidates, data.itemCount) === undefined ? "all" : config.candidates,
  };
  const { frameSize, features, ...rest } = settled;
  const readsBack = config.encoder === "frame" || config.encoder === "drr";
  const { histories, validation, itemCount } = data;
  const columns = ({ offsets, items, weights }: Histories) => [offsets, items, weights];
  return fingerprint([
    { version, itemCount, config: readsBack ? { ...rest, frameSize } : rest },
    ...columns(histories),
    ...(validation
      ? [
          ...[...columns(validation.histories), validation.relevantOffsets, validation.relevantItems],
          ...(validation.repeats ? ["repeats"] : []),
        ]
      : []),
    ...(itemVectors ? [itemVectors] : []),
    ...(typeof features === "string" ? [] : columnPrints(data, features)),
  ]);
}

/** The columns that a model reads, and the rows that it reads them of. */
function columnPrints({ histories, items, validation }: NextItemData, names: readonly string[]): Printed[] {
  const { log } = histories;
  if (log === undefined) return [names];
  const sizes = { log: log.size, time: log.size, user: log.userIds.length, item: items?.size ?? 0 };
  const columns = namedColumns(furtherColumns(log, items), names).flatMap(
    ({ name, source, number, text }): Printed[] =>
      number === undefined
        ? [name, text!.codes, text!.values]
        : [name, Float64Array.from({ length: sizes[source] }, (_, key) => number(key))],
  );
  return [...columns, histories.rows, log.users, ...(validation ? [validation.histories.rows] : [])];
}
