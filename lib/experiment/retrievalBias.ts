import { popularityBias } from "../embeddings/popularityBias";
import type { NextItemModel } from "../encoders/nextItemModel";
import { validationNdcg } from "../encoders/validationNdcg";
import { batchIndex } from "../retrieval/batchIndex";
import { queriesWithOne, withBias } from "../retrieval/geometry";
import type { ExperimentData } from "./experimentData";

/** Which popularity the items' bias at retrieval holds, beside what the model learned. */
export interface RetrievalBias {
  /** Rows at the end of what is fitted that are counted; 0: none, the model's own bias alone. */
  readonly window: number;
  /** Power of the popularity. */
  readonly strength: number;
  /** Whether the model's own bias is kept under it. */
  readonly keepOwn: boolean;
}

export const ownBias: RetrievalBias = { window: 0, strength: 0, keepOwn: true };

const windowShares = [0.004, 0.01, 0.02, 0.05, 0.15];
const strengths = [0.25, 0.5, 0.75, 1];

/** b [N] in logits. @param minimumWeight rows below it are not counted */
export function biasOf(
  choice: RetrievalBias,
  model: NextItemModel,
  data: ExperimentData,
  minimumWeight?: number,
): Float32Array {
  if (choice.window === 0) return model.itemBias;
  const { window, strength } = choice;
  const bias = popularityBias(data.dataset.interactions, data.rows, {
    window: Math.min(window, data.rows.length),
    strength,
    ...(minimumWeight === undefined ? {} : { minimumWeight }),
  });
  return choice.keepOwn ? bias.map((value, item) => value + model.itemBias[item]!) : bias;
}

/**
 * Chooses on the validation users how much of what everybody had lately the retrieval adds: what people read
 * changes while a model stands still, and the bias coordinate is where it can be told.
 *
 * Without validation users the model's own bias stands.
 */
export function chooseRetrievalBias(
  model: NextItemModel,
  data: ExperimentData,
  minimumWeight?: number,
): RetrievalBias {
  const { validation } = data;
  if (validation === undefined) return ownBias;
  const width = model.headBias.length;
  const queries = queriesWithOne(model.queries(model.encoder.encode(validation.histories)), width);
  const candidates = [
    ownBias,
    ...windowShares.flatMap((share) =>
      strengths.flatMap((strength) =>
        [true, false].map((keepOwn) => ({
          window: Math.max(1, Math.round(share * data.rows.length)),
          strength,
          keepOwn,
        })),
      ),
    ),
  ];
  let [best, bestNdcg] = [ownBias, -1];
  for (const candidate of candidates) {
    const bias = biasOf(candidate, model, data, minimumWeight);
    const index = batchIndex(withBias(model.itemVectors, bias, model.temperature), width + 1);
    const recommend = (_: unknown, k: number) => index.search(queries, k, { exclude: validation.histories });
    const ndcg = validationNdcg({ name: "candidate", recommend }, validation);
    index.dispose();
    if (ndcg > bestNdcg) [best, bestNdcg] = [candidate, ndcg];
  }
  return best;
}
