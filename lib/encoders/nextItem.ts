import { setImmediate } from "node:timers/promises";
import type { Catalog } from "../data/catalog";
import type { Histories } from "../data/histories";
import { historiesOf } from "../data/histories";
import type { Interactions } from "../data/interactions";
import { fittingRows, type Split } from "../data/split";
import { type Task, taskOf } from "../data/task";
import { coReading } from "../embeddings/coReading";
import { random } from "../math/random";
import { alwaysOfLarge, largestRows } from "./candidates";
import { chooseFeatures, type FeatureChoice } from "./featureChoice";
import { featureReader } from "./features";
import { fitFeatures } from "./fitFeatures";
import { type NextItemConfig, nextItemConfig } from "./nextItemConfig";
import {
  type NextItemModel,
  type NextItemParameters,
  nextItemModel,
  type TrainingEpoch,
} from "./nextItemModel";
import { continuedNetwork, disposeOf, nextItemNetwork, parametersOf } from "./nextItemNetwork";
import { nextItemRecommender } from "./nextItemRecommender";
import { type NextItemUpdate, nextItemUpdate } from "./nextItemUpdate";
import { validationNdcg } from "./validationNdcg";
import { weightScaleOf } from "./weightScale";
import { epochWindows, windowBatches } from "./windows";

/** What next-item training reads. */
export interface NextItemData {
  /** What is learned from. */
  readonly histories: Histories;
  /** N: size of the catalogue. */
  readonly itemCount: number;
  /** What is known of the items, for columns of theirs. */
  readonly items?: Catalog;
  /** What decides when to stop; without it all epochs run and the last one counts. */
  readonly validation?: Task;
}

/** Called after each epoch, and within one about every twentieth of it. */
export interface NextItemProgress {
  readonly epoch: number;
  readonly epochs: number;
  /** Share of this epoch that is done, (0, 1]. */
  readonly share: number;
  readonly loss: number;
  /** Present when the epoch is done and there is a validation task. */
  readonly validationNdcg?: number;
}

export interface NextItemOptions {
  readonly onProgress?: (progress: NextItemProgress) => void;
  /** [N × A] item vectors to start from, whatever `start` says; zero rows start at random. */
  readonly itemVectors?: Float32Array;
  /**
   * Goes on from this model instead of from nothing: same sizes and settings, no further columns. Its weights as they are
   * are a candidate beside those of each pass.
   */
  readonly from?: NextItemParameters;
  /** Hears what `features: "auto"` found. */
  readonly onChoice?: (choice: FeatureChoice) => void;
}

/**
 * Train rows to learn from and the validation task to stop by. With `refit`, train and validation rows are
 * learned from and nothing stops training early: pass the number of epochs that train alone had chosen.
 * Validation rows are relevant from `relevantAt`, or by the protocol's rule.
 */
export function nextItemData(
  interactions: Interactions,
  split: Split,
  {
    refit = false,
    relevantAt,
    repeats,
    items,
  }: {
    readonly refit?: boolean;
    readonly relevantAt?: number | null;
    /** Items may come again: what was had may be relevant. */
    readonly repeats?: boolean;
    readonly items?: Catalog;
  } = {},
): NextItemData {
  const histories = historiesOf(interactions, fittingRows(split, { refit }));
  const itemCount = interactions.itemIds.length;
  const learned = { histories, itemCount, ...(items && { items }) };
  return refit
    ? learned
    : {
        ...learned,
        validation: taskOf(interactions, split, "validation", { relevantAt, repeats }),
      };
}

/**
 * Trains the next-item model (after GRU4Rec, Hidasi et al. 2016): from every entry of every history, the next
 * one, by softmax over the catalogue. Item vectors are tied between input and output. `encoder` names what reads
 * the history.
 *
 * The same data, settings and threads give the same bytes. Between batches it lets other work run, so progress
 * reaches the screen.
 *
 * @throws on bad settings, for columns that are none, or when no history has two entries.
 * @example const model = await trainNextItem(nextItemData(interactions, split), { epochs: 3, seed: 7 });
 */
export async function trainNextItem(
  data: NextItemData,
  changes: Partial<NextItemConfig> = {},
  options: NextItemOptions = {},
): Promise<NextItemModel> {
  const { onProgress, itemVectors, from } = options;
  const given = nextItemConfig(changes);
  if (given.features === "auto") {
    const { model, choice } = await chooseFeatures(data, (features) =>
      trainNextItem(data, { ...changes, features }, options),
    );
    options.onChoice?.(choice);
    return model;
  }
  const features =
    given.features === "none" ? undefined : fitFeatures(given.features, data.histories, data.items);
  const config = features
    ? { ...given, features: features.columns.map(({ name }) => name) }
    : { ...given, features: "none" as const };
  const epochs = config.epochs ?? fittingEpochs(data.histories.items.length);
  const patience = config.patience ?? Math.ceil(epochs / 2);
  const { histories, itemCount, validation } = data;
  const draw = random(config.seed);
  const weightScale = from?.sequence.weightScale ?? weightScaleOf(histories.weights);
  const counts = new Float64Array(itemCount);
  for (const item of histories.items) counts[item]++;
  const start =
    itemVectors ??
    (config.start === "co-reading" && from === undefined
      ? coReading(histories, itemCount, draw.fork("co-reading"), { factors: config.width })
      : undefined);
  const always = config.candidates === "auto" ? largestRows(counts, alwaysOfLarge) : undefined;
  const network = from
    ? continuedNetwork(config, from)
    : nextItemNetwork(config, counts, draw, start, features);
  const read = features && featureReader(features).of(histories);
  let update: NextItemUpdate | undefined;
  const training: TrainingEpoch[] = [];
  let best = { ...parametersOf(network, weightScale, features), epoch: 0, score: Number.NEGATIVE_INFINITY };
  if (from && validation) best = { ...best, score: scoreOf(best, validation) };
  for (let epoch = 1; epoch <= epochs; epoch++) {
    const chance = draw.fork(`epoch ${epoch}`);
    const windows = epochWindows(histories, config.window, chance);
    if (windows.starts.length === 0)
      throw new Error("trainNextItem requires a history of at least two entries, got none");
    const batches = windowBatches(windows, config.batchSize, chance);
    const source = {
      ...{ sequence: network.sequence, histories, windows, weightScale, itemCount, always },
      ...(read && { features: read }),
    };
    update ??= nextItemUpdate(network, source, { batches, epochs });
    let [sum, entries] = [0, 0];
    for (const [step, chosen] of batches.entries()) {
      const done = update.apply(source, chosen, chance);
      sum += done.loss * done.entries;
      entries += done.entries;
      if (onProgress && step % Math.ceil(batches.length / 20) === 0 && step + 1 < batches.length) {
        onProgress({ epoch, epochs, share: (step + 1) / batches.length, loss: sum / entries });
        await setImmediate();
      }
    }
    const parameters = parametersOf(update.averaged, weightScale, features);
    const loss = sum / entries;
    let score = epoch;
    if (validation) score = scoreOf(parameters, validation);
    const measured = validation ? { validationNdcg: score } : {};
    training.push({ epoch, loss, ...measured });
    if (score > best.score) best = { ...parameters, epoch, score };
    onProgress?.({ epoch, epochs, share: 1, loss, ...measured });
    await setImmediate();
    if (epoch - best.epoch >= patience) break;
  }
  update?.dispose();
  disposeOf(network);
  const { epoch: bestEpoch, score: _, ...parameters } = best;
  return nextItemModel({ ...parameters, training, bestEpoch });
}

/** NDCG@10 of a model of these numbers on a validation task. */
function scoreOf(parameters: Omit<NextItemParameters, "training" | "bestEpoch">, validation: Task): number {
  const model = nextItemModel({ ...parameters, training: [], bestEpoch: 0 });
  const recommender = nextItemRecommender(model);
  const score = validationNdcg(recommender, validation);
  recommender.dispose();
  model.dispose();
  return score;
}

/**
 * Passes that read about two million entries, between 8 and 24: little data is read more often. Of a large log as many
 * as read about 20 million entries, which takes half an hour on two cores, but at least one.
 *
 * @example fittingEpochs(240_000) // 8; of 4.8 million entries: 4; of 16 million: 1
 */
export function fittingEpochs(entries: number): number {
  const most = Math.max(1, Math.round(2e7 / entries));
  return Math.min(24, most, Math.max(8, Math.round(2e6 / entries)));
}
