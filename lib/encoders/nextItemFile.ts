import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { writeAtomically, writeJsonAtomically } from "../data/writeAtomically";
import { type NextItemConfig, nextItemConfig } from "./nextItemConfig";
import {
  type NextItemModel,
  type NextItemParameters,
  nextItemModel,
  type TrainingEpoch,
} from "./nextItemModel";
import { sequenceNetwork } from "./sequenceNetworks";
import type { WeightScale } from "./weightScale";

const textName = "next-item.json";
const binaryName = "next-item.f32";

/** 2 since there are encoders other than the gated recurrent unit. Format 1 knew that one only and is still read. */
const format = 2;

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
  const { sequence, config, itemBias, temperature, headWeights, headBias, training, bestEpoch } =
    model.parameters;
  const named: readonly (readonly [string, Float32Array])[] = [
    ["itemVectors", sequence.itemVectors],
    ["itemBias", itemBias],
    ["headWeights", headWeights],
    ["headBias", headBias],
    ...sequenceNetwork(config).arrays.map(
      ({ name }, i) => [`encoder.${name}`, sequence.weights[i]!] as const,
    ),
  ];
  const bytes = named.map(
    ([, values]) => new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
  );
  await writeAtomically(join(folder, binaryName), bytes);
  const arrays = named.map(([name, values]) => ({ name, length: values.length }));
  const { weightScale } = sequence;
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
  if (saved.format !== format && saved.format !== 1)
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
  const { weightScale, temperature, training, bestEpoch } = saved;
  const config = nextItemConfig(saved.config); // settings that an older file does not know: their defaults
  const weights = sequenceNetwork(config).arrays.map(({ name }, i) =>
    array(saved.format === 1 ? `gru${i}` : `encoder.${name}`),
  );
  const parameters: NextItemParameters = {
    config,
    sequence: { itemVectors: array("itemVectors"), weights, weightScale },
    itemBias: array("itemBias"),
    temperature,
    headWeights: array("headWeights"),
    headBias: array("headBias"),
    training,
    bestEpoch,
  };
  return nextItemModel(parameters);
}
