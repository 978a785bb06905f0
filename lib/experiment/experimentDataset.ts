import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Dataset } from "../data/dataset";
import { loadDataset } from "../data/datasets";
import { readDataset } from "../data/readInteractions";
import { type SyntheticConfig, syntheticDataset, syntheticDefaults } from "../data/synthetic";
import type { ExperimentConfig } from "./experimentConfig";
import type { DataSettings } from "./experimentSchema";
import { rewardColumns } from "./rewardOf";

/**
 * The data of an experiment. Files are looked for from the working directory, then beside the experiment's file.
 *
 * @throws InputError when it cannot be had, or its rows are bad.
 */
export async function experimentDataset(
  { data, file, models }: ExperimentConfig,
  options: { readonly root?: string; readonly onNotice?: (notice: string) => void } = {},
): Promise<Dataset> {
  const { dataset, full, interactions, items, seed, skipBadRows = false } = data;
  if (dataset === "synthetic") return syntheticDataset({ seed: seed ?? 1, config: syntheticConfig(data) });
  if (dataset !== undefined)
    return loadDataset(dataset, { ...options, ...(full === undefined ? {} : { full }) });
  const found = (path: string): string =>
    !existsSync(path) && existsSync(join(dirname(file), path)) ? join(dirname(file), path) : path;
  const files = {
    interactions: found(interactions!),
    ...(typeof items === "string" ? { items: found(items) } : {}),
  };
  const needed = [...new Set(models.flatMap(({ config }) => rewardColumns(config.reward)))];
  const read = await readDataset(files, { skipBadRows, needed });
  for (const notice of read.notices) options.onNotice?.(notice);
  return read;
}

/**
 * Sizes of synthetic data. Sparsity is the share of (user, item) pairs that the log does not hold: histories are
 * (1 − sparsity) · items long on average, as far apart from each other as those of the defaults.
 *
 * @example syntheticConfig({ items: 100, sparsity: 0.78 }).rows // [12, 32]
 */
export function syntheticConfig(data: DataSettings): Partial<SyntheticConfig> {
  const { users = syntheticDefaults.users, sparsity } = data;
  const items = typeof data.items === "number" ? data.items : syntheticDefaults.items;
  const genres = data.genres ?? Math.max(1, Math.min(syntheticDefaults.genres, Math.floor(items / 4)));
  const [shortest, longest] = syntheticDefaults.rows;
  const usual = (shortest + longest) / 2;
  const mean = sparsity === undefined ? Math.min(usual, 0.4 * items) : (1 - sparsity) * items;
  const low = Math.max(2, Math.round((mean * shortest) / usual));
  const high = Math.max(low, Math.min(items, Math.round(2 * mean) - low));
  return { users, items, genres, rows: [low, high] };
}
