import type { Histories } from "../data/histories";
import type { Task } from "../data/task";
import { type NextItemModel, nextItemModel } from "../encoders/nextItemModel";
import { ndcgOf } from "../encoders/validationNdcg";
import { batchIndex } from "../retrieval/batchIndex";
import { queriesWithOne, withBias } from "../retrieval/geometry";

/** Items that training never saw, and what they get instead of what training left them with. */
export interface ColdItems {
  /** Their rows. */
  readonly rows: Int32Array;
  /** [N × A]; only the rows named are read. Absent: the model's own vectors stay. */
  readonly vectors?: Float32Array;
  /** Their bias, in logits: how popular they are taken to be. Absent: the model's own stay. */
  readonly bias?: number;
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
 * @example withColdItems(model, { rows: coldItems(data.histories, model.size), vectors: made.vectors, bias: 0 })
 */
export function withColdItems(model: NextItemModel, cold: ColdItems): NextItemModel {
  const { sequence, itemBias, config } = model.parameters;
  const { width } = config;
  const { rows, vectors = sequence.itemVectors, bias } = cold;
  if (vectors.length !== sequence.itemVectors.length)
    throw new Error(
      `withColdItems requires item vectors of ${model.size} × ${width}, got ${vectors.length} numbers`,
    );
  const itemVectors = sequence.itemVectors.slice();
  const biases = itemBias.slice();
  for (const row of rows) {
    if (!(row >= 0 && row < model.size))
      throw new Error(`withColdItems requires rows below ${model.size}, got ${row}`);
    itemVectors.set(vectors.subarray(row * width, (row + 1) * width), row * width);
    if (bias !== undefined) biases[row] = bias;
  }
  return nextItemModel({ ...model.parameters, sequence: { ...sequence, itemVectors }, itemBias: biases });
}

/** Shares of the other items that a new item may be taken to be more popular than. */
const shares = [0, 0.25, 0.5, 0.75, 0.9, 0.95, 0.98] as const;

export interface ChosenBias {
  readonly bias: number;
  /** Share of the other items whose bias is lower. */
  readonly share: number;
  readonly validationNdcg: number;
}

/**
 * How popular items without a past are best taken to be: the bias is one of the quantiles of the other items'
 * biases, chosen by NDCG@10 of the whole catalogue on a validation task. Ties go to the less popular.
 *
 * @param model whose cold items already have their vectors
 */
export function chooseColdBias(model: NextItemModel, rows: Int32Array, validation: Task): ChosenBias {
  const cold = new Set(rows);
  const others = model.itemBias.filter((_, item) => !cold.has(item)).sort();
  const width = model.headBias.length;
  const queries = queriesWithOne(model.queries(model.encoder.encode(validation.histories)), width);
  const trials = shares.map((share): ChosenBias => {
    const bias = others[Math.floor(share * (others.length - 1))]!;
    const biases = model.itemBias.map((own, item) => (cold.has(item) ? bias : own));
    const index = batchIndex(withBias(model.itemVectors, biases, model.temperature), width + 1);
    const lists = index.search(queries, 10, { exclude: validation.histories });
    index.dispose();
    return { bias, share, validationNdcg: ndcgOf(lists, validation) };
  });
  return trials.reduce((a, b) => (b.validationNdcg > a.validationNdcg ? b : a));
}
