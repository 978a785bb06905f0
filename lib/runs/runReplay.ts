import { join } from "node:path";
import type { Companion } from "../baselines/companion";
import type { Histories } from "../data/histories";
import { arrayOf, readArrays, writeArrays } from "../data/namedArrays";
import { type EntryFeatures, featureReader } from "../encoders/features";
import type { Random } from "../math/random";
import type { Batch } from "../replay/batch";
import { type PrioritisedBuffer, prioritisedBuffer } from "../replay/prioritisedBuffer";
import { replayBuffer } from "../replay/replayBuffer";
import { fittingReward } from "../replay/rewards";
import { terminalColumn } from "../replay/terminalColumn";
import { type StoredTransitions, type Transitions, transitionsOf } from "../replay/transitions";
import type { AddedLogits, AddedRows } from "../retrieval/addedLogits";
import { discountOf, type RunSpec } from "./runSpec";

/** Where a run's batches come from, and what of it has to be kept beside the agent. */
export interface RunReplay {
  readonly transitions: Transitions | StoredTransitions;
  /** @param share how far the run is, from 0 to 1 */
  sample(batchSize: number, random: Random, share: number): Batch;
  save(folder: string): Promise<void>;
  restore(folder: string): Promise<void>;
  dispose(): void;
}

const prioritiesFile = "priorities.arrays";

/** β at the start; it grows to 1, as in the paper on prioritised replay (Schaul et al. 2016, section 3.4). */
const firstImportance = 0.4;

/** The log as transitions, drawn uniformly or by priority, with windows where the encoder learns along. */
export function runReplay(spec: RunSpec): RunReplay {
  const { data, model, reward, terminals, replay = "uniform", window, companion } = spec;
  const { interactions } = data.dataset;
  const states = data.stateCacheOf(model.encoder);
  const transitions = transitionsOf({
    interactions,
    histories: data.histories,
    states: states.states ?? states,
    stateSize: model.encoder.stateSize,
    itemVectors: model.itemVectors,
    actionSize: model.headBias.length,
    discount: discountOf(spec),
    reward: reward ?? fittingReward(interactions),
    ...(terminals !== undefined && {
      terminals: terminalColumn(interactions, data.histories, terminals),
    }),
  });
  const options = {
    repeats: data.repeats,
    ...(window === undefined ? {} : { window, ...windowFeatures(spec) }),
    // A state of the table stands after an entry of the histories, and so does what is added there.
    ...(companion === undefined ? {} : { added: addedIn(companion, data.histories, spec) }),
  };
  if (replay === "prioritised") return byPriority(prioritisedBuffer(transitions, options));
  const buffer = replayBuffer(transitions, options);
  return {
    transitions,
    sample: (batchSize, random) => buffer.sample(batchSize, random),
    save: async () => {},
    restore: async () => {},
    dispose: () => buffer.dispose(),
  };
}

/** The columns that a model reads beside items and ratings, of the entries that windows are made of. */
function windowFeatures({ model, data }: RunSpec): { readonly features?: EntryFeatures } {
  const { features } = model.parameters.sequence;
  return features ? { features: featureReader(features).of(data.histories) } : {};
}

/** Bytes that a table of what is added in every state may take in memory. */
const addedInMemory = 2 ** 30;
/** A state of the table is found so many times faster than one that is asked for, whose history is read anew. */
const askedCost = 3;

/**
 * What is added in each state: all of it at once, or as batches ask for it where that is too much to hold, or where
 * the updates will meet so few of the states that most of a table would never be read. The logits are the same.
 */
function addedIn(
  companion: Companion,
  histories: Histories,
  { steps = 3000, batchSize = 256 }: Pick<RunSpec, "steps" | "batchSize">,
): AddedLogits | AddedRows {
  const states = histories.items.length;
  const fits = 8 * companion.most * states <= addedInMemory;
  return fits && askedCost * 2 * steps * batchSize >= states
    ? companion.along(histories)
    : { at: (entries) => companion.at(histories, entries) };
}

function byPriority(buffer: PrioritisedBuffer): RunReplay {
  return {
    transitions: buffer.transitions,
    sample: (batchSize, random, share) =>
      buffer.sample(batchSize, random, { importance: firstImportance + (1 - firstImportance) * share }),
    save: (folder) => writeArrays(join(folder, prioritiesFile), {}, { priorities: buffer.priorities() }),
    restore: async (folder) => {
      const path = join(folder, prioritiesFile);
      const { arrays } = await readArrays(path);
      buffer.restore(arrayOf(arrays, "priorities", Float64Array, path));
    },
    dispose: () => buffer.dispose(),
  };
}
