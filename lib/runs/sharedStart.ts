import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Companion } from "../baselines/companion";
import { fingerprint, logFingerprint, type Printed } from "../data/fingerprint";
import { writeJsonAtomically } from "../data/writeAtomically";
import type { NextItemModel } from "../encoders/nextItemModel";
import { random } from "../math/random";
import type { RunConfig } from "../settings/runConfig";
import { chooseStart } from "./chooseStart";
import type { PreparedData } from "./preparedData";
import { sharedModel } from "./sharedModel";
import {
  type LinkedModels,
  linkedModels,
  minimumWeight,
  plainStart,
  type StartChoice,
  type SupervisedStart,
  supervisedStart,
} from "./supervisedStart";

/** Raise it when choosing changes. */
const version = 2;

/** Starts for many runs: what they share is fitted once. */
export interface SharedStarts {
  /** The choice for a run's data: from data/cache where it was made before. When refitting, the one of train alone. */
  choose(model: NextItemModel, data: PreparedData, config: RunConfig): Promise<StartChoice>;
  /** The start of a choice. */
  put(choice: StartChoice, model: NextItemModel, data: PreparedData, config: RunConfig): SupervisedStart;
}

/**
 * Makes starts for runs. Linear models are fitted once for each log and cut, and a companion's table over the train
 * histories is made once while runs ask for the same one.
 *
 * @param options.root the project's folder, for data/cache
 */
export function sharedStarts({ root }: { readonly root?: string } = {}): SharedStarts {
  const fitted = new Map<string, LinkedModels>();
  const made = new Map<string, Companion>(); // the last two: refitting asks for two in turn
  const linkedOf = (data: PreparedData, config: RunConfig): LinkedModels => {
    const key = keyOf(data, config);
    const known = fitted.get(key) ?? linkedModels(data, minimumWeight(config, data));
    fitted.set(key, known);
    return known;
  };
  return {
    async choose(model, data, config) {
      if (!config.popularity && !config.companion) return plainStart;
      if (data.refit) {
        const before = data.beforeRefit();
        const settings = { ...config.nextItem, seed: config.seed };
        const first = await sharedModel(before, {
          config: settings,
          ...(root === undefined ? {} : { root }),
        });
        try {
          return await this.choose(first, before, config);
        } finally {
          first.dispose();
        }
      }
      const { popularity, companion, nextItem, seed, validationUsers } = config;
      const { itemBias, headWeights } = model; // tell one model from another of the same settings
      const key = keyOf(data, config, {
        ...{ version, popularity, companion, nextItem, seed, validationUsers },
        model: fingerprint([itemBias, headWeights]),
      });
      const file = join(root ?? process.cwd(), "data", "cache", `start-${key}.json`);
      try {
        return JSON.parse(await readFile(file, "utf8")) as StartChoice;
      } catch {
        // not chosen yet
      }
      const choice = chooseStart(model, data, {
        minimumWeight: minimumWeight(config, data),
        popularity,
        linked: companion ? linkedOf(data, config) : undefined,
        random: random(seed).fork("start"),
      });
      await writeJsonAtomically(file, choice);
      return choice;
    },
    put(choice, model, data, config) {
      const start = supervisedStart(choice, model, data, {
        minimumWeight: minimumWeight(config, data),
        linked: Object.keys(choice.companion).length === 0 ? undefined : linkedOf(data, config),
      });
      if (start.companion === undefined) return start;
      const key = keyOf(data, config, choice.companion);
      const companion = made.get(key) ?? rememberingTrain(start.companion, data);
      made.delete(key);
      made.set(key, companion);
      for (const older of [...made.keys()].slice(0, -2)) made.delete(older);
      return { ...start, companion };
    },
  };
}

/** What tells apart rows that are learned from, and what counts as positive in them. */
function keyOf(data: PreparedData, config: RunConfig, beside: Printed = null): string {
  const { dataset, split, rows, relevantAt, ratios, repeats } = data;
  const cut = {
    ...{ protocol: split.protocol, ...ratios, rows: rows.length, relevantAt },
    ...(repeats && { repeats }),
  };
  const positive = minimumWeight(config, data) ?? null;
  return logFingerprint(dataset.interactions, { ...cut, positive }, beside);
}

/** The same companion, which makes its table over the train histories once. */
function rememberingTrain(companion: Companion, { histories }: PreparedData): Companion {
  let table: ReturnType<Companion["along"]> | undefined;
  const same = (wanted: Int32Array): boolean =>
    wanted.length === histories.items.length && wanted.every((item, e) => item === histories.items[e]);
  return {
    ...companion,
    along(wanted) {
      if (wanted.size !== histories.size || !same(wanted.items)) return companion.along(wanted);
      table ??= companion.along(wanted);
      return table;
    },
  };
}
