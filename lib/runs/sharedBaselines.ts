import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type BaselineSettings, defaultSettings } from "../baselines/settings";
import { tuneBaselines } from "../baselines/tuneBaselines";
import { settingsFor } from "../baselines/tuned";
import { logFingerprint } from "../data/fingerprint";
import { writeJsonAtomically } from "../data/writeAtomically";
import { validationNdcg } from "../encoders/validationNdcg";
import type { PreparedData } from "./preparedData";

/** Raise it when tuning changes. */
const version = 1;

/**
 * The baselines' settings: those found for a known dataset, else chosen on validation rows once for each log
 * and protocol and then taken from data/cache. Without validation users the defaults stand. For refitted data
 * they are those that train rows alone had chosen.
 */
export async function sharedBaselineSettings(
  fitted: PreparedData,
  options: {
    readonly root?: string;
    readonly onProgress?: (label: string, done: number, total: number, detail: string) => void;
  } = {},
): Promise<BaselineSettings> {
  const data = fitted.refit ? fitted.beforeRefit() : fitted;
  let chosen = 0;
  const { interactions, name } = data.dataset;
  const { validation, split } = data;
  const relevance = { relevantAt: data.relevantAt };
  const known = settingsFor(name, interactions, split, relevance);
  if (known.source === "tuned on validation") return known.settings;
  if (validation === undefined) return defaultSettings(interactions, split, relevance);
  const cut = { protocol: split.protocol, ...data.ratios, relevantAt: data.relevantAt };
  const key = logFingerprint(interactions, { version, wanted: validation.relevantItems.length, ...cut });
  const file = join(options.root ?? process.cwd(), "data", "cache", `baselines-${key}.json`);
  try {
    return JSON.parse(await readFile(file, "utf8")) as BaselineSettings;
  } catch {
    // not tuned yet
  }
  const scoreOf = (recommender: Parameters<typeof validationNdcg>[0]): number =>
    validationNdcg(recommender, validation);
  const settings = tuneBaselines(interactions, split, scoreOf, {
    ...relevance,
    onChosen: (what) => options.onProgress?.("choosing the baselines' settings", ++chosen, 7, what),
  });
  await writeJsonAtomically(file, settings);
  return settings;
}
