import type { Histories } from "../data/histories";
import type { Task } from "../data/task";
import { type NextItemModel, nextItemModel } from "../encoders/nextItemModel";
import { ndcgOf } from "../encoders/validationNdcg";
import { batchIndex } from "../retrieval/batchIndex";
import { queriesWithOne, withBias } from "../retrieval/geometry";
import { leftOut } from "../retrieval/recommender";

/** Items that training never saw, and what they get instead of what training left them with. */
export interface ColdItems {
  /** Their rows. */
  readonly rows: Int32Array;
  /** [N × A]; only the rows named are read. Absent: the model's own vectors stay. */
  readonly vectors?: Float32Array;
  /** [N] biases in logits, how popular they are taken to be; only the rows named are read. Absent: the own stay. */
  readonly biases?: Float32Array;
}

/**
 * Rows of the items that occur in none of the histories that are learned from.
 *
 * @example coldItems(data.histories, catalog.size).length // 475 of goodbooks' 10,000
 */
export function coldItems(histories: Histories, itemCount: number): Int32Array {
  const seen = new Uint8Array(itemCount);
  for (const item of histories.items) seen[item] = 1;
  const rows: number[] = [];
  for (let item = 0; item < itemCount; item++) if (seen[item] === 0) rows.push(item);
  return Int32Array.from(rows);
}

/**
 * The model with other vectors and biases for some items. As its vectors are both what it scores and what its
 * encoder reads, such an item counts in a history as well as in a list. Nothing is trained.
 *
 * @throws when the vectors are not as many and as wide as the model's, or a row is not one of its items.
 * @example withColdItems(model, { rows: coldItems(data.histories, model.size), vectors, biases })
 */
export function withColdItems(model: NextItemModel, cold: ColdItems): NextItemModel {
  const { sequence, itemBias, config } = model.parameters;
  const { width } = config;
  const { rows, vectors = sequence.itemVectors, biases = itemBias } = cold;
  if (vectors.length !== sequence.itemVectors.length || biases.length !== model.size)
    throw new Error(
      `withColdItems requires vectors of ${model.size} × ${width} and as many biases, got ${vectors.length} and ${biases.length} numbers`,
    );
  const itemVectors = sequence.itemVectors.slice();
  const changed = itemBias.slice();
  for (const row of rows) {
    if (!(row >= 0 && row < model.size))
      throw new Error(`withColdItems requires rows below ${model.size}, got ${row}`);
    itemVectors.set(vectors.subarray(row * width, (row + 1) * width), row * width);
    changed[row] = biases[row];
  }
  return nextItemModel({ ...model.parameters, sequence: { ...sequence, itemVectors }, itemBias: changed });
}

/** Shares of the other items that new ones may be taken to be more popular than. */
const shares = [0, 0.02, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9] as const;

export interface ColdBiasTrial {
  /** Share of the other items whose bias is lower than the cold items' mean. */
  readonly share: number;
  readonly validationNdcg: number;
}

export interface ChosenColdBias extends ColdBiasTrial {
  /** [N] the model's biases with those of the cold items. */
  readonly biases: Float32Array;
  readonly trials: readonly ColdBiasTrial[];
}

/**
 * How popular items without a past are best taken to be: their mean bias is one of the quantiles of the other
 * items' biases, chosen by NDCG@10 of the whole catalogue on a validation task. Ties go to the less popular.
 *
 * @param model whose cold items already have their vectors
 * @param options.spread [N] how cold items differ among themselves, in logits: a guess at their biases, whose level
 *   does not count; all the same by default
 */
export function chooseColdBias(
  model: NextItemModel,
  rows: Int32Array,
  options: { readonly validation: Task; readonly spread?: Float32Array },
): ChosenColdBias {
  const { validation, spread = new Float32Array(model.size) } = options;
  const cold = new Set(rows);
  const others = model.itemBias.filter((_, item) => !cold.has(item)).sort();
  const mean = rows.reduce((sum, row) => sum + spread[row], 0) / rows.length;
  const width = model.headBias.length;
  const queries = queriesWithOne(model.queries(model.encoder.encode(validation.histories)), width);
  const trials = shares.map((share): Omit<ChosenColdBias, "trials"> => {
    const level = others[Math.floor(share * (others.length - 1))];
    const biases = model.itemBias.map((own, item) => (cold.has(item) ? level + spread[item] - mean : own));
    const index = batchIndex(withBias(model.itemVectors, biases, model.temperature), width + 1);
    const lists = index.search(queries, 10, leftOut(validation.histories, validation));
    index.dispose();
    return { share, biases, validationNdcg: ndcgOf(lists, validation) };
  });
  const best = trials.reduce((a, b) => (b.validationNdcg > a.validationNdcg ? b : a));
  return { ...best, trials: trials.map(({ share, validationNdcg }) => ({ share, validationNdcg })) };
}
