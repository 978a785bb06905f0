import { existsSync } from "node:fs";
import { join } from "node:path";
import { fingerprint } from "../data/fingerprint";
import type { Histories } from "../data/histories";
import { candidateCount } from "./candidates";
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
  const home = join(
    folder,
    `next-item-${nextItemFingerprint(data, nextItemConfig(changes), options.itemVectors)}`,
  );
  if (existsSync(join(home, nextItemFile))) return loadNextItem(home);
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
  const { frameSize, ...rest } = settled;
  const readsBack = config.encoder === "frame" || config.encoder === "drr";
  const { histories, validation, itemCount } = data;
  const columns = ({ offsets, items, weights }: Histories) => [offsets, items, weights];
  return fingerprint([
    { version, itemCount, config: readsBack ? settled : rest },
    ...columns(histories),
    ...(validation
      ? [...columns(validation.histories), validation.relevantOffsets, validation.relevantItems]
      : []),
    ...(itemVectors ? [itemVectors] : []),
  ]);
}
