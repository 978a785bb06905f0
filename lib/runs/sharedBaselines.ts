import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type BaselineSettings, defaultSettings } from "../baselines/settings";
import { tuneBaselines } from "../baselines/tuneBaselines";
import { settingsFor } from "../baselines/tuned";
import { logFingerprint } from "../data/fingerprint";
import type { Interactions } from "../data/interactions";
import { writeJsonAtomically } from "../data/writeAtomically";
import { validationNdcg } from "../encoders/validationNdcg";
import { random } from "../math/random";
import type { PreparedData } from "./preparedData";

/** Baselines of a log with more train rows are tuned on so many rows of users drawn at random: on all, in a day. */
const tunedWhole = 2_000_000;
const tunedRows = 300_000;

/** Raise it when tuning changes. */
const version = 1;

/**
 * The baselines' settings: those found for a known dataset, else chosen on validation rows once for each log
 * and protocol and then taken from data/cache. Of a large log, the train rows of some users are learned from to choose
 * them (all rows are, once they are chosen). Without validation users the defaults stand. For refitted data
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
  // What is known of a dataset was found where nothing comes again.
  if (!data.repeats && known.source === "tuned on validation") return known.settings;
  if (validation === undefined) return defaultSettings(interactions, split, relevance);
  const cut = {
    ...{ protocol: split.protocol, ...data.ratios, relevantAt: data.relevantAt },
    ...(data.repeats && { repeats: true }),
  };
  const key = logFingerprint(interactions, { version, wanted: validation.relevantItems.length, ...cut });
  const file = join(options.root ?? process.cwd(), "data", "cache", `baselines-${key}.json`);
  try {
    return JSON.parse(await readFile(file, "utf8")) as BaselineSettings;
  } catch {
    // not tuned yet
  }
  const scoreOf = (recommender: Parameters<typeof validationNdcg>[0]): number =>
    validationNdcg(recommender, validation);
  const train = rowsOfSome(interactions, split.train);
  const found = tuneBaselines(interactions, { ...split, train }, scoreOf, {
    ...relevance,
    onChosen: (what) => options.onProgress?.("choosing the baselines' settings", ++chosen, 7, what),
  });
  const settings = overAll(found, split.train.length / train.length, interactions.order);
  await writeJsonAtomically(file, settings);
  return settings;
}

/** All train rows, or of very many those of users drawn at random. */
export function rowsOfSome(
  { users, userIds }: Pick<Interactions, "users" | "userIds">,
  train: Int32Array,
  { whole = tunedWhole, wanted = tunedRows } = {},
): Int32Array {
  if (train.length <= whole) return train;
  const draw = random(1).fork("users that baselines are tuned on");
  const share = wanted / train.length;
  const some = Uint8Array.from(userIds, () => (draw.next() < share ? 1 : 0));
  return train.filter((row) => some[users[row]] === 1);
}

/** Settings found on a part of the users, for all: a window counted in rows holds as many times more of them. */
function overAll(found: BaselineSettings, times: number, order: Interactions["order"]): BaselineSettings {
  if (times === 1 || order === "timestamp") return found;
  const { recentPopularity } = found;
  return {
    ...found,
    recentPopularity: { ...recentPopularity, window: Math.round(times * recentPopularity.window) },
  };
}
