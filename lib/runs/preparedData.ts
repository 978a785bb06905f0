import type { Dataset } from "../data/dataset";
import { type Histories, historiesOf, takeHistories } from "../data/histories";
import { InputError } from "../data/inputError";
import { fittingRows, leaveOneOutSplit, type Split, type SplitRatios, temporalSplit } from "../data/split";
import { type Task, taskOf } from "../data/task";
import type { Encoder } from "../encoders/encoder";
import { type StateCache, stateCache, statesInMemory, statesPlace } from "../encoders/stateCache";
import { random, shuffle } from "../math/random";

/** A dataset cut for one protocol: what may be learned from, and what chooses. */
export interface PreparedData {
  readonly dataset: Dataset;
  readonly split: Split;
  /** Rows that are learned from: train, or with refit train and validation. */
  readonly rows: Int32Array;
  readonly refit: boolean;
  /** Shares that the temporal protocol holds out, where they are not a tenth each. */
  readonly ratios: SplitRatios;
  /** Held-out rows are relevant from this weight; null: the protocol's rule. */
  readonly relevantAt: number | null;
  /** Whether items may come again after they were had: nothing is left out then because it was seen. */
  readonly repeats: boolean;
  /** Their histories. */
  readonly histories: Histories;
  /** Some validation users; absent when refitting, or when no user can be evaluated. */
  readonly validation?: Task;
  /** The same data cut alike, learned from train rows alone: where settings are chosen. Itself unless `refit`. */
  beforeRefit(): PreparedData;
  /** The users of the test rows. @throws when there are none. */
  test(): Task;
  /** The states after each entry of `histories`, computed once for each encoder and kept: see `stateCache`. */
  stateCacheOf(encoder: Encoder): StateCache;
  /** The same as one table [entries × S]. @throws InputError where they are too many to hold in memory. */
  statesOf(encoder: Encoder): Float32Array;
  /** Forgets all states, and gives the room of those in files back. */
  dispose(): void;
}

export interface CutOptions extends SplitRatios {
  /** The dataset's own by default. */
  readonly protocol?: Split["protocol"];
  /** Held-out rows are relevant from this weight; by default the protocol's rule. */
  readonly relevantAt?: number | null;
  readonly refit?: boolean;
  /** Items may come again after they were had, as songs do and books do not; no by default. */
  readonly repeats?: boolean;
  /** Users of each validation, at most; 1,000 by default. */
  readonly validationUsers?: number;
  /** Bytes that a table of states may take; beyond them a file has the states. 2 GiB by default. */
  readonly statesInMemory?: number;
}

/**
 * Cuts a dataset and takes the histories that may be learned from.
 *
 * @throws InputError when there is too little to learn from, with what there is.
 * @example const data = prepareData(await loadDataset("goodbooks"))
 */
export function prepareData(dataset: Dataset, options: CutOptions = {}): PreparedData {
  const {
    protocol = dataset.protocol ?? "temporal",
    relevantAt = null,
    refit = false,
    repeats = false,
    validationUsers = 1000,
    validationRatio = 0.1,
    testRatio = 0.1,
    statesInMemory: maximumBytes = statesInMemory,
  } = options;
  const ratios = { validationRatio, testRatio };
  const { interactions, catalog } = dataset;
  const place = { file: dataset.origin };
  if (interactions.size < 10 || interactions.userIds.length < 2 || catalog.size < 3)
    throw new InputError(
      `there is too little to learn from: ${interactions.size} interactions of ${interactions.userIds.length} users with ${catalog.size} items`,
      { ...place, expected: "at least 10 interactions, 2 users and 3 items" },
    );
  const split = protocol === "temporal" ? temporal(dataset, ratios) : leaveOneOut(dataset);
  const rows = fittingRows(split, { refit });
  const histories = historiesOf(interactions, rows);
  if (!histories.offsets.some((end, h) => h > 0 && end - histories.offsets[h - 1] >= 2))
    throw new InputError(
      "there is too little to learn from: no user has two interactions to learn from",
      place,
    );
  const caches = new Map<Encoder, StateCache>();
  const data: PreparedData = {
    dataset,
    split,
    rows,
    refit,
    ratios,
    relevantAt,
    repeats,
    histories,
    ...(refit
      ? {}
      : validationOf(
          () => taskOf(interactions, split, "validation", { relevantAt, repeats }),
          validationUsers,
        )),
    beforeRefit: () => (refit ? prepareData(dataset, { ...options, refit: false }) : data),
    test: () => taskOf(interactions, split, "test", { relevantAt, repeats }),
    stateCacheOf(encoder) {
      const known = caches.get(encoder) ?? stateCache(encoder, histories, { maximumBytes });
      caches.set(encoder, known);
      return known;
    },
    statesOf(encoder) {
      const place = statesPlace(histories.items.length, encoder.stateSize, maximumBytes);
      if (place !== undefined)
        throw new InputError(`no table of all states is in memory: ${place}`, {
          expected: "stateCacheOf(encoder).after(entries), which reads those that are needed",
        });
      return data.stateCacheOf(encoder).states!;
    },
    dispose() {
      for (const cache of caches.values()) cache.dispose();
      caches.clear();
    },
  };
  return data;
}

function temporal(dataset: Dataset, ratios: SplitRatios): Split {
  try {
    return temporalSplit(dataset.interactions, ratios);
  } catch (error) {
    throw new InputError((error as Error).message, { file: dataset.origin });
  }
}

function leaveOneOut(dataset: Dataset): Split {
  try {
    return leaveOneOutSplit(dataset.interactions);
  } catch (error) {
    throw new InputError((error as Error).message, { file: dataset.origin });
  }
}

/** At most `most` users of a task, the same ones always; nothing when nobody can be evaluated. */
function validationOf(make: () => Task, most: number): { readonly validation?: Task } {
  try {
    return { validation: atMost(make(), most, "validation users") };
  } catch {
    return {}; // so small a log that no validation user has both a past and something relevant
  }
}

/** The task, or that of `most` of its users, drawn at random for a purpose and always the same. */
export function atMost(task: Task, most: number, purpose: string): Task {
  const { size } = task.histories;
  if (size <= most) return task;
  const order = shuffle(
    Int32Array.from({ length: size }, (_, h) => h),
    random(1).fork(purpose),
  );
  return takeTask(task, order.slice(0, most).sort());
}

/** The task of some of its users. */
export function takeTask(task: Task, users: Int32Array): Task {
  const offsets = new Int32Array(users.length + 1);
  users.forEach((h, i) => {
    offsets[i + 1] = offsets[i] + task.relevantOffsets[h + 1] - task.relevantOffsets[h];
  });
  const items = new Int32Array(offsets[users.length]);
  const gains = new Float64Array(items.length);
  users.forEach((h, i) => {
    const [from, to] = [task.relevantOffsets[h], task.relevantOffsets[h + 1]];
    items.set(task.relevantItems.subarray(from, to), offsets[i]);
    gains.set(task.relevantGains.subarray(from, to), offsets[i]);
  });
  return {
    stage: task.stage,
    histories: takeHistories(task.histories, users),
    relevantOffsets: offsets,
    relevantItems: items,
    relevantGains: gains,
    ...(task.repeats && { repeats: true }),
  };
}
