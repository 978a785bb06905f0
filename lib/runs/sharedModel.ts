import { join } from "node:path";
import type { FeatureChoice } from "../encoders/featureChoice";
import { nextItemData } from "../encoders/nextItem";
import { cachedNextItem } from "../encoders/nextItemCache";
import type { NextItemConfig } from "../encoders/nextItemConfig";
import type { NextItemModel } from "../encoders/nextItemModel";
import { atMost, type PreparedData } from "./preparedData";

export interface SharedModelOptions {
  /** Settings that differ from the defaults. */
  readonly config?: Partial<NextItemConfig>;
  /** The project's folder; models are kept in its data/cache. By default the working directory. */
  readonly root?: string;
  /** Hears how far training is: done of total, in twentieths of an epoch. */
  /** Hears what `features: "auto"` found. */
  readonly onChoice?: (choice: FeatureChoice) => void;
  readonly onProgress?: (done: number, total: number, detail: string) => void;
}

/**
 * The next-item model of some data: trained once, then taken from data/cache. With refit it learns from train
 * and validation rows for as many epochs as train alone had chosen (that model is made first when missing).
 *
 * @example const model = await sharedModel(data)
 */
export async function sharedModel(
  data: PreparedData,
  options: SharedModelOptions = {},
): Promise<NextItemModel> {
  const { config = {}, root = process.cwd(), onProgress, onChoice } = options;
  const { interactions, catalog: items } = data.dataset;
  const settings = { folder: join(root, "data", "cache"), ...(onChoice && { onChoice }) };
  const listen = onProgress && {
    onProgress: (at: {
      epoch: number;
      epochs: number;
      share: number;
      loss: number;
      validationNdcg?: number;
    }) =>
      onProgress(
        Math.round(20 * (at.epoch - 1 + at.share)),
        20 * at.epochs,
        `loss ${at.loss.toFixed(3)}${at.validationNdcg === undefined ? "" : `, validation NDCG@10 ${at.validationNdcg.toFixed(4)}`}`,
      ),
  };
  if (data.refit) {
    const chosen = await sharedModel(data.beforeRefit(), options);
    const epochs = chosen.bestEpoch;
    const { features } = chosen.config; // of "auto", what train alone had chosen
    chosen.dispose();
    const both = nextItemData(interactions, data.split, { refit: true, items });
    const changes = { ...config, features, epochs, patience: epochs };
    return cachedNextItem(both, changes, { ...settings, ...listen });
  }
  const learned =
    data.validation === undefined
      ? { histories: data.histories, itemCount: interactions.itemIds.length, items }
      : nextItemData(interactions, data.split, { relevantAt: data.relevantAt, repeats: data.repeats, items });
  const { validation } = learned;
  const few = validation && {
    validation: atMost(validation, mostValidated(learned.itemCount), "next-item validation users"),
  };
  return cachedNextItem({ ...learned, ...few }, config, { ...settings, ...listen });
}

/** Users whose lists stop training, at most: more would take longer to rank than the pass before them to read. */
function mostValidated(items: number): number {
  return Math.max(2000, Math.min(20_000, Math.floor(5e8 / items)));
}
