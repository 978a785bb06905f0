import { join } from "node:path";
import { InputError } from "../data/inputError";
import { arrayOf, readArrays, writeArrays } from "../data/namedArrays";
import { type Features, featureWidth } from "./features";
import type { NextItemConfig } from "./nextItemConfig";
import {
  type NextItemModel,
  type NextItemParameters,
  nextItemModel,
  type TrainingEpoch,
} from "./nextItemModel";
import { sequenceNetwork } from "./sequenceNetworks";
import type { WeightScale } from "./weightScale";

/** The file of a folder that holds a model. */
export const nextItemFile = "next-item.arrays";

/** Raise it when what is kept of a model changes. */
const format = 3;

/** What stands before the numbers. */
interface SavedNextItem {
  readonly format: number;
  readonly config: NextItemConfig;
  readonly weightScale: WeightScale;
  readonly temperature: number;
  readonly training: readonly TrainingEpoch[];
  readonly bestEpoch: number;
  /** Further columns that the model reads; absent: none. */
  readonly features?: Features["columns"];
}

/** Saves a model into a folder, as one file. */
export async function saveNextItem(model: NextItemModel, folder: string): Promise<void> {
  const { sequence, config, itemBias, temperature, headWeights, headBias, training, bestEpoch } =
    model.parameters;
  const { itemVectors, weights, weightScale, features } = sequence;
  const encoder = sequenceNetwork(config, featureWidth(features)).arrays.map(
    ({ name }, i) => [`encoder.${name}`, weights[i]] as const,
  );
  const header: SavedNextItem = {
    ...{ format, config, weightScale, temperature, training, bestEpoch },
    ...(features && { features: features.columns }),
  };
  const arrays = {
    ...{ itemVectors, itemBias, headWeights, headBias },
    ...Object.fromEntries(encoder),
    ...(features && { itemFeatures: features.items }),
  };
  await writeArrays(join(folder, nextItemFile), header, arrays);
}

/**
 * Loads what `saveNextItem` wrote; every number is the one saved.
 *
 * @throws InputError when the file is missing, is not the one that was written, or is of another version.
 */
export async function loadNextItem(folder: string): Promise<NextItemModel> {
  const path = join(folder, nextItemFile);
  const { header, arrays } = await readArrays<SavedNextItem>(path);
  if (header.format !== format)
    throw new InputError(`holds a model of format ${header.format}`, {
      file: path,
      expected: `format ${format}`,
    });
  const array = (name: string): Float32Array => arrayOf(arrays, name, Float32Array, path);
  const { config, weightScale, temperature, training, bestEpoch } = header;
  const features = header.features && { columns: header.features, items: array("itemFeatures") };
  const weights = sequenceNetwork(config, featureWidth(features)).arrays.map(({ name }) =>
    array(`encoder.${name}`),
  );
  const parameters: NextItemParameters = {
    config,
    sequence: {
      ...{ itemVectors: array("itemVectors"), weights, weightScale },
      ...(features && { features }),
    },
    itemBias: array("itemBias"),
    temperature,
    headWeights: array("headWeights"),
    headBias: array("headBias"),
    training,
    bestEpoch,
  };
  return nextItemModel(parameters);
}
