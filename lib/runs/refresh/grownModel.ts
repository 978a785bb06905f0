import type { Catalog } from "../../data/catalog";
import type { Histories } from "../../data/histories";
import { itemTexts } from "../../embeddings/itemText";
import { hasTextEncoder, textEmbeddings } from "../../embeddings/text";
import { textVectors } from "../../embeddings/textVectors";
import type { NextItemParameters } from "../../encoders/nextItemModel";
import type { Random } from "../../math/random";
import { normaliseRows } from "../../math/vectors";

/** How new items came by their first vectors, in numbers of items. */
export interface NewItemStarts {
  readonly text: number;
  readonly neighbours: number;
  readonly mean: number;
}

export interface GrownModel {
  readonly parameters: NextItemParameters;
  readonly starts: NewItemStarts;
}

export interface GrowOptions {
  /** [N] the item's row in the old model, -1 for a new one. */
  readonly oldItems: Int32Array;
  /** The rows that may be learned from: neighbours and popularity come from them. */
  readonly histories: Histories;
  readonly catalog: Catalog;
  readonly random: Random;
  /** The project's folder, where the text encoder lies. */
  readonly root?: string;
}

/** Items of a history so many places apart are neighbours. */
const reach = 3;
/** Of so many other items at least, a text map can be learned. */
const fewestTexts = 10;

/**
 * A model with vectors and biases for items that it never saw: vectors from their texts where the text encoder is installed
 * and they have titles, else the mean of the items read beside them in the rows that are learned from, else the mean of all
 * items; biases as popular as those rows say, which is least where they have none. What was learned stays as it was.
 */
export async function grownModel(old: NextItemParameters, options: GrowOptions): Promise<GrownModel> {
  const { oldItems, histories } = options;
  const { width } = old.config;
  const size = oldItems.length;
  const vectors = new Float32Array(size * width);
  const itemBias = new Float32Array(size);
  oldItems.forEach((row, item) => {
    if (row < 0) return;
    vectors.set(old.sequence.itemVectors.subarray(row * width, (row + 1) * width), item * width);
    itemBias[item] = old.itemBias[row];
  });
  const counts = countsOf(histories, size);
  const level = meanOver(oldItems, (item) => itemBias[item] - Math.log(counts[item] + 1));
  const fresh = [...oldItems.keys()].filter((item) => oldItems[item] < 0);
  const fromText = fresh.length > 0 ? await textStarts(vectors, counts, options) : undefined;
  const beside = fresh.length > 0 ? besideVectors(histories, vectors, { oldItems, width }) : undefined;
  const middle = normaliseRows(
    Float32Array.from({ length: width }, (_, a) => meanOver(oldItems, (item) => vectors[item * width + a])),
    width,
  );
  const lengths = meanOver(oldItems, (item) =>
    Math.hypot(...vectors.subarray(item * width, (item + 1) * width)),
  );
  const starts = { text: 0, neighbours: 0, mean: 0 };
  for (const item of fresh) {
    const own = (from: Float32Array): Float32Array => from.subarray(item * width, (item + 1) * width);
    const ways = [
      [
        "text",
        fromText && options.catalog.titles[item] !== options.catalog.ids[item] ? own(fromText) : undefined,
      ],
      ["neighbours", beside && own(beside)],
    ] as const;
    const [way, direction] = ways.find(([, one]) => one?.some((value) => value !== 0)) ?? ["mean", middle];
    starts[way]++;
    vectors.set(
      (direction as Float32Array).map((value) => value * lengths),
      item * width,
    );
    itemBias[item] = level + Math.log(counts[item] + 1);
  }
  const parameters = { ...old, sequence: { ...old.sequence, itemVectors: vectors }, itemBias };
  return { parameters, starts };
}

/** [N] how often each item stands in the histories. */
export function countsOf(histories: Histories, size: number): Float64Array {
  const counts = new Float64Array(size);
  for (const item of histories.items) counts[item]++;
  return counts;
}

/** The mean over items that the old model knows. */
function meanOver(oldItems: Int32Array, of: (item: number) => number): number {
  let [sum, count] = [0, 0];
  oldItems.forEach((row, item) => {
    if (row < 0) return;
    sum += of(item);
    count++;
  });
  return sum / Math.max(1, count);
}

/** [N × A] vectors that texts say, learned from old items; nothing without the encoder, titles or enough of them. */
async function textStarts(
  vectors: Float32Array,
  counts: Float64Array,
  { oldItems, catalog, random, root }: GrowOptions,
): Promise<Float32Array | undefined> {
  const isTitled = (item: number): boolean => catalog.titles[item] !== catalog.ids[item];
  if (!hasTextEncoder(root) || ![...oldItems.keys()].some((item) => oldItems[item] < 0 && isTitled(item)))
    return undefined;
  // Items with a past and a title teach the map; new ones do not, whose vectors are not made yet.
  const taught = Float64Array.from(counts, (count, item) =>
    oldItems[item] >= 0 && isTitled(item) ? count : 0,
  );
  if (taught.filter((count) => count >= 5).length < fewestTexts) return undefined;
  // Further columns stand in the newer items file alone: unless it names nearly all items, old and new read by titles.
  const known = Object.values(catalog.text).map((column) => column.filter((text) => text !== "").length);
  const text = Math.max(0, ...known) >= 0.9 * catalog.size ? catalog.text : {};
  const texts = await textEmbeddings(
    itemTexts({ titles: catalog.titles, text }),
    root === undefined ? {} : { root },
  );
  return textVectors({ texts, vectors, counts: taught }, random).vectors;
}

/** [N × A] for each new item the mean of the old ones that stand near it in the histories; zeros where none does. */
function besideVectors(
  { size, offsets, items }: Histories,
  vectors: Float32Array,
  { oldItems, width }: { readonly oldItems: Int32Array; readonly width: number },
): Float32Array {
  const sums = new Float32Array(vectors.length);
  for (let h = 0; h < size; h++)
    for (let e = offsets[h]; e < offsets[h + 1]; e++) {
      if (oldItems[items[e]] >= 0) continue;
      const [from, to] = [Math.max(offsets[h], e - reach), Math.min(offsets[h + 1] - 1, e + reach)];
      for (let near = from; near <= to; near++) {
        if (oldItems[items[near]] < 0) continue;
        for (let a = 0; a < width; a++) sums[items[e] * width + a] += vectors[items[near] * width + a];
      }
    }
  return normaliseRows(sums, width);
}
