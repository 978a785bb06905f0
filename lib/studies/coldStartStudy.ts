import { mostPopular } from "../baselines/mostPopular";
import { feedbackOf } from "../data/feedback";
import { historiesOf } from "../data/histories";
import {
  neighbourSettings,
  ridgeSettings,
  type TextMapSetting,
  type TextVectors,
  textVectors,
} from "../embeddings/textVectors";
import type { NextItemData } from "../encoders/nextItem";
import type { NextItemModel } from "../encoders/nextItemModel";
import { type Random, shuffle } from "../math/random";
import { normaliseRows } from "../math/vectors";
import { itemCounts } from "../metrics/evaluate";
import { type ColdStartEntry, type ColdStartTable, coldStart } from "../runs/coldStart";
import { chooseColdBias, coldItems, withColdItems } from "../runs/coldStartModel";
import type { PreparedData } from "../runs/preparedData";

export interface ColdStartStudy {
  readonly table: ColdStartTable;
  /** How the text-made vectors came about. */
  readonly made: { readonly ridge: TextVectors; readonly neighbours: TextVectors };
  /** The model whose cold items have those of near texts, and the bias that was chosen. The caller disposes of it. */
  readonly model: NextItemModel;
}

export interface ColdStartStudyOptions {
  /** [N × F] one text's vector an item: textEmbeddings(itemTexts(catalog)). */
  readonly texts: Float32Array;
  readonly random: Random;
  /** Rows of the items the model never saw; by default those without a row to learn from. */
  readonly cold?: Int32Array;
  /** A model that did see them: the most that can be hoped for. */
  readonly trained?: NextItemModel;
  readonly k?: number;
}

/**
 * What text is worth to items that training never saw, beside the ways of doing without: their vectors at random,
 * or as training left them (it pushed them away from every query it saw), or a list by popularity, which has none
 * of them. How popular cold items are taken to be on the whole is chosen on validation users, for each way by itself;
 * how they differ is guessed from text where vectors are (an author's next book is about as popular as the last).
 *
 * @throws when there are no validation users to choose by, or no test user wanted a cold item.
 * @example const { table } = coldStartStudy(data, model, { texts, random: random(1) })
 */
export function coldStartStudy(
  data: PreparedData,
  model: NextItemModel,
  options: ColdStartStudyOptions,
): ColdStartStudy {
  const { texts, random, trained, k = 10 } = options;
  const { validation, dataset } = data;
  const { interactions, catalog } = dataset;
  if (validation === undefined) throw new Error("coldStartStudy requires validation users, got none");
  const cold = options.cold ?? coldItems(data.histories, catalog.size);
  const left = new Set(cold);
  const counts = itemCounts(interactions.items, data.rows, catalog.size).map((count, item) =>
    left.has(item) ? 0 : count,
  );
  const making = (settings: readonly TextMapSetting[]): TextVectors =>
    textVectors({ texts, vectors: model.itemVectors, biases: model.itemBias, counts }, random.fork("folds"), {
      settings,
    });
  const made = { ridge: making(ridgeSettings), neighbours: making(neighbourSettings) };
  const width = model.headBias.length;
  const chance = random.fork("random vectors");
  const drawn = normaliseRows(
    Float32Array.from({ length: catalog.size * width }, () => chance.normal()),
    width,
  );
  const tuned = (name: string, made: Pick<TextVectors, "vectors" | "biases">) => {
    const first = withColdItems(model, { rows: cold, vectors: made.vectors });
    const { biases, share } = chooseColdBias(first, cold, { validation, spread: made.biases });
    first.dispose();
    return { name, share, by: withColdItems(model, { rows: cold, vectors: made.vectors, biases }) };
  };
  const atRandom = tuned("random vectors", { vectors: drawn });
  const straight = tuned("text, straight map", made.ridge);
  const near = tuned("text, near texts", made.neighbours);
  const { relevantAt } = feedbackOf(interactions);
  const minimum = relevantAt === null ? {} : { positiveAt: relevantAt };
  const entries: ColdStartEntry[] = [
    { name: "as training left them", by: model },
    atRandom,
    straight,
    near,
    ...(trained === undefined ? [] : [{ name: "trained with them", by: trained }]),
    { name: "MostPopular", by: mostPopular(interactions, rowsWithout(data, left), minimum) },
  ];
  const table = coldStart(entries, data.test(), { cold, random, k });
  atRandom.by.dispose();
  straight.by.dispose();
  return { table, made, model: near.by };
}

/**
 * Takes some items out of what is learned, as if they had come out after it: a model trained on what is left has
 * items without a past whose true vectors are known from a model trained on everything.
 *
 * @param share of the items that occur in the learned rows, (0, 1)
 * @returns the rows of those items, and what to train on
 * @example const { removed, learned } = removeItems(data, { random: random(1) });
 *   const reduced = await cachedNextItem(learned);
 */
export function removeItems(
  data: PreparedData,
  { random, share = 0.1 }: { readonly random: Random; readonly share?: number },
): { readonly removed: Int32Array; readonly learned: NextItemData } {
  if (!(share > 0 && share < 1)) throw new Error(`removeItems requires a share in (0, 1), got ${share}`);
  const { interactions } = data.dataset;
  const itemCount = interactions.itemIds.length;
  const never = new Set(coldItems(data.histories, itemCount));
  const seen = Int32Array.from({ length: itemCount }, (_, item) => item).filter((item) => !never.has(item));
  shuffle(seen, random.fork("removed items"));
  const removed = seen.slice(0, Math.max(1, Math.round(share * seen.length))).sort();
  const histories = historiesOf(interactions, rowsWithout(data, new Set(removed)));
  const { validation } = data;
  return { removed, learned: { histories, itemCount, ...(validation === undefined ? {} : { validation }) } };
}

/** The rows that are learned from, less those of some items. */
function rowsWithout({ dataset, rows }: PreparedData, items: ReadonlySet<number>): Int32Array {
  return rows.filter((row) => !items.has(dataset.interactions.items[row]));
}
