import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { z } from "zod";
import type { Dataset } from "../data/dataset";
import { isMade, loadDataset, makers } from "../data/datasets";
import { readDataset } from "../data/readInteractions";
import { type SyntheticConfig, syntheticDefaults } from "../data/synthetic";
import { defaultSizes, type LogSizes } from "../data/syntheticLog";
import { rewardColumns } from "../runs/rewardOf";
import type { StudyConfig } from "../settings/studyConfig";
import type { DataSettings } from "../settings/studySettings";
import { worldDataSettings, worldOf } from "../settings/worldData";
import { worldDataset } from "../worlds/simulatedDataset";

/**
 * The data of a study. Files are looked for from the working directory, then beside the study's file.
 *
 * @throws InputError when it cannot be found, or its rows are bad.
 */
export async function studyDataset(
  { data, file, models }: StudyConfig,
  options: { readonly root?: string; readonly onNotice?: (notice: string) => void } = {},
): Promise<Dataset> {
  if (data.world !== undefined) {
    const whole = z.object(worldDataSettings).parse(data); // what else is said is of the cut
    return worldDataset(worldOf(whole).world, whole);
  }
  const { dataset, full, interactions, items, seed, columns, events, skipBadRows = false } = data;
  if (isMade(dataset)) {
    const config = dataset === "synthetic" ? syntheticConfig(data) : sizesOf(data, defaultSizes);
    return makers[dataset]({ seed: seed ?? 1, config });
  }
  if (dataset !== undefined)
    return loadDataset(dataset, { ...options, ...(full === undefined ? {} : { full }) });
  const found = (path: string): string =>
    !existsSync(path) && existsSync(join(dirname(file), path)) ? join(dirname(file), path) : path;
  const files = {
    interactions: found(interactions!),
    ...(typeof items === "string" ? { items: found(items) } : {}),
  };
  const needed = [
    ...new Set(
      models.flatMap(({ config }) => [
        ...rewardColumns(config.reward),
        ...(config.terminals === null ? [] : [config.terminals]),
      ]),
    ),
  ];
  const read = await readDataset(files, {
    ...{ skipBadRows, needed },
    ...(columns && { columns }),
    ...(events && { events }),
  });
  for (const notice of read.notices) options.onNotice?.(notice);
  return read;
}

/**
 * Sizes and genres of the dataset "synthetic", as `sizesOf` has them.
 *
 * @example syntheticConfig({ items: 100, sparsity: 0.78 }).rows // [12, 32]
 */
export function syntheticConfig(data: DataSettings): Partial<SyntheticConfig> {
  const sizes = sizesOf(data, syntheticDefaults);
  const genres = data.genres ?? Math.max(1, Math.min(syntheticDefaults.genres, Math.floor(sizes.items / 4)));
  return { ...sizes, genres };
}

/**
 * Sizes of synthetic data. Sparsity is the share of (user, item) pairs that the log does not hold: histories are
 * (1 − sparsity) · items long on average, as far apart from each other as those of the defaults.
 */
export function sizesOf(data: DataSettings, defaults: LogSizes): LogSizes {
  const { users = defaults.users, sparsity } = data;
  const items = typeof data.items === "number" ? data.items : defaults.items;
  const [shortest, longest] = defaults.rows;
  const usual = (shortest + longest) / 2;
  const mean = sparsity === undefined ? Math.min(usual, 0.4 * items) : (1 - sparsity) * items;
  const low = Math.max(2, Math.round((mean * shortest) / usual));
  const high = Math.max(low, Math.min(items, Math.round(2 * mean) - low));
  return { users, items, rows: [low, high] };
}
