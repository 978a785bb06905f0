import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { type NextItemData, type NextItemOptions, trainNextItem } from "./nextItem";
import { type NextItemConfig, nextItemConfig, nextItemDefaults } from "./nextItemConfig";
import { loadNextItem, saveNextItem } from "./nextItemFile";
import type { NextItemModel } from "./nextItemModel";

/** Raise it when training changes, so that models made by the old one are not taken for new ones. */
const version = 2;

/**
 * A model trained once for everybody: loaded where the same rows, settings and start have been trained before,
 * else trained and saved. The folder's name is a hash of all that the result depends on.
 *
 * @param folder where models are kept, `data/cache` by default
 * @example const model = await cachedNextItem(nextItemData(interactions, split), { seed: 1 });
 */
export async function cachedNextItem(
  data: NextItemData,
  changes: Partial<NextItemConfig> = {},
  { folder = join("data", "cache"), ...options }: NextItemOptions & { readonly folder?: string } = {},
): Promise<NextItemModel> {
  const home = join(folder, `next-item-${nextItemKey(data, nextItemConfig(changes), options.itemVectors)}`);
  if (existsSync(join(home, "next-item.json"))) return loadNextItem(home);
  const model = await trainNextItem(data, changes, options);
  await saveNextItem(model, home);
  return model;
}

/** The hash (16 hexadecimal digits) of rows, settings and start. */
export function nextItemKey(data: NextItemData, config: NextItemConfig, itemVectors?: Float32Array): string {
  const { encoder, frameSize, ...rest } = config;
  // What only other encoders read is left out for the default one: its models are older than those settings.
  const read = encoder === nextItemDefaults.encoder ? rest : { encoder, frameSize, ...rest };
  const settings = JSON.stringify({ version, config: read, itemCount: data.itemCount });
  const hash = createHash("sha256").update(settings);
  const add = (values: Int32Array | Float32Array): void => {
    hash
      .update(`${values.length}:`)
      .update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  };
  const { histories, validation } = data;
  for (const values of [histories.offsets, histories.items, histories.weights]) add(values);
  if (validation) {
    const past = validation.histories;
    for (const values of [past.offsets, past.items, past.weights]) add(values);
    add(validation.relevantOffsets);
    add(validation.relevantItems);
  }
  if (itemVectors) add(itemVectors);
  return hash.digest("hex").slice(0, 16);
}
