import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { writeAtomically, writeJsonAtomically } from "../data/writeAtomically";
import type { GruWeights } from "../tensors/gruSequence";
import type { WeightScale } from "./gru";
import type { NextItemConfig } from "./nextItemConfig";
import {
  type NextItemModel,
  type NextItemParameters,
  nextItemModel,
  type TrainingEpoch,
} from "./nextItemModel";

const textName = "next-item.json";
const binaryName = "next-item.f32";
const format = 1;

/** The text half of a saved model; the binary half holds the arrays named in `arrays`, end to end, little-endian. */
interface SavedNextItem {
  readonly format: number;
  readonly config: NextItemConfig;
  readonly weightScale: WeightScale;
  readonly temperature: number;
  readonly training: readonly TrainingEpoch[];
  readonly bestEpoch: number;
  readonly arrays: readonly { readonly name: string; readonly length: number }[];
}

/** Saves a model as next-item.json and next-item.f32 in a folder; the text comes last, so its presence means both are whole. */
export async function saveNextItem(model: NextItemModel, folder: string): Promise<void> {
  const { gru, headWeights, headBias, itemBias, config, temperature, training, bestEpoch } = model.parameters;
  const named: readonly (readonly [string, Float32Array])[] = [
    ["itemVectors", gru.itemVectors],
    ["itemBias", itemBias],
    ["headWeights", headWeights],
    ["headBias", headBias],
    ...gru.weights.map((values, i) => [`gru${i}`, values] as const),
  ];
  const bytes = named.map(
    ([, values]) => new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
  );
  await writeAtomically(join(folder, binaryName), bytes);
  const arrays = named.map(([name, values]) => ({ name, length: values.length }));
  const { weightScale } = gru;
  const saved: SavedNextItem = { format, config, weightScale, temperature, training, bestEpoch, arrays };
  await writeJsonAtomically(join(folder, textName), saved);
}

/**
 * Loads what `saveNextItem` wrote; every number is the one saved.
 *
 * @throws when the files are missing, cut short or of another version.
 */
export async function loadNextItem(folder: string): Promise<NextItemModel> {
  const path = join(folder, textName);
  const saved = JSON.parse(await readFile(path, "utf8")) as SavedNextItem;
  if (saved.format !== format)
    throw new Error(`loadNextItem requires a file of format ${format}, got ${saved.format} in ${path}`);
  const bytes = await readFile(join(folder, binaryName));
  const total = saved.arrays.reduce((sum, { length }) => sum + 4 * length, 0);
  if (bytes.length !== total)
    throw new Error(`loadNextItem requires ${total} bytes of numbers, got ${bytes.length} in ${folder}`);
  const arrays = new Map<string, Float32Array>();
  let at = 0;
  for (const { name, length } of saved.arrays) {
    const values = new Float32Array(length);
    new Uint8Array(values.buffer).set(bytes.subarray(at, at + 4 * length));
    arrays.set(name, values);
    at += 4 * length;
  }
  const array = (name: string): Float32Array => {
    const values = arrays.get(name);
    if (!values) throw new Error(`loadNextItem requires an array named ${name}, got none in ${folder}`);
    return values;
  };
  const { config, weightScale, temperature, training, bestEpoch } = saved;
  const weights = [0, 1, 2, 3].map((i) => array(`gru${i}`)) as unknown as GruWeights<Float32Array>;
  const parameters: NextItemParameters = {
    config,
    gru: {
      width: config.width,
      units: config.units,
      itemVectors: array("itemVectors"),
      weights,
      weightScale,
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
