/** The catalogue inside a loss: a softmax over all items, and the item that an action retrieves. */

import type { Batch, ItemSample, Situation } from "../replay/batch";
import { catalogueCrossEntropy, softmaxCrossEntropy } from "../tensors/native";
import { requireShape } from "../tensors/shapes";
import { type Scalar, type Tensor, type Tensor1D, type Tensor2D, tf } from "../tensors/tf";
import type { ActionCatalogue, ActorCriticConfig, AgentProblem } from "./agent";
import { itemSample, likeliest, type SampleSizes } from "./itemSample";
import { outOfReach, placed, withAdded, withoutSeen } from "./situation";

/** A catalogue with nothing left out. */
export interface CatalogueParts {
  /** N */
  readonly size: number;
  /** [N × A] */
  readonly itemVectors: Float32Array;
  /** [N] */
  readonly itemBias: Float32Array;
  /** [N] the bias that lists are made with */
  readonly servedBias: Float32Array;
  readonly temperature: number;
}

/**
 * What an agent may choose from, checked, with biases of 0 and a temperature of 1 where none are given. Lists
 * are made with the catalogue's own bias where it names no other.
 *
 * @param asker who asks, for the error
 * @throws when there is no catalogue or its sizes do not fit.
 */
export function catalogueParts(
  asker: string,
  catalogue: ActionCatalogue | undefined,
  actionSize: number,
): CatalogueParts {
  if (!catalogue) throw new Error(`${asker} requires a catalogue, got none`);
  const { itemVectors, temperature = 1 } = catalogue;
  const size = itemVectors.length / actionSize;
  const itemBias = catalogue.itemBias ?? new Float32Array(Math.floor(size));
  const servedBias = catalogue.servedBias ?? itemBias;
  for (const bias of [itemBias, servedBias])
    if (!Number.isInteger(size) || bias.length !== size)
      throw new Error(
        `${asker} requires one bias an item of ${actionSize} numbers, got ${bias.length} for ${itemVectors.length} numbers`,
      );
  return { size, itemVectors, itemBias, servedBias, temperature };
}

/** A query as a policy over the whole catalogue: π(i|q) ∝ exp(q·v_i / T + b_i). */
export interface CatalogueSoftmax {
  /**
   * log π of one item each, differentiable in the queries. [B, A], int32 [B] → [B, 1]
   * @param sample of a batch that was prepared
   */
  logProbabilities(queries: Tensor2D, itemRows: Tensor1D, sample?: ItemSample): Tensor2D;
  /** With the sample that stands for a large catalogue. */
  prepared(batch: Batch): Partial<Batch>;
  dispose(): void;
}

/**
 * The bias is the model's own, not the served one. REINFORCE weighs logged actions by π/β and moves the query by their
 * likelihood: the log was not made with today's popularity, so that under the served bias π and β would differ before
 * anything is learned, weights would favour what is in fashion now, and the query would take back what the served bias
 * adds. Popularity of the day is added where lists are made, to a policy that was learned without it.
 *
 * Every item counts, also those that are unavailable now: what was taken once has to keep a probability, or no
 * weight π/β could be formed. They are left out where lists are made. Of a large catalogue, a sample of the items
 * stands for all (`itemSample`), the same one for π and for β.
 *
 * @throws when there is no catalogue or its sizes do not fit.
 */
export function catalogueSoftmax(
  { catalogue, actionSize }: Pick<AgentProblem, "catalogue" | "actionSize">,
  sizes: SampleSizes = {},
): CatalogueSoftmax {
  const { size, itemVectors, itemBias, temperature } = catalogueParts(
    "catalogueSoftmax",
    catalogue,
    actionSize,
  );
  const vectors: Tensor2D = tf().tidy(() => tf().tensor2d(itemVectors, [size, actionSize]).div(temperature));
  const bias = tf().tidy(() => tf().tensor1d(itemBias));
  const sample = itemSample(itemBias, sizes);
  return {
    logProbabilities(queries, itemRows, prepared) {
      requireShape(itemRows, [queries.shape[0]], "itemRows");
      const some = prepared ?? sample?.of({ itemRows });
      if (some === undefined) return rowLogSoftmax(queries, vectors, bias, itemRows);
      const biases = tf().gather(bias, some.rows).sub(some.correction) as Tensor1D;
      return rowLogSoftmax(queries, tf().gather(vectors, some.rows) as Tensor2D, biases, some.labels);
    },
    prepared: ({ itemRows }) => sample?.prepared({ itemRows }) ?? {},
    dispose() {
      vectors.dispose();
      bias.dispose();
    },
  };
}

/**
 * One operation for the whole row: the gradient in the query is Σ g (v_label − Σ_i p_i v_i), so that the [B, N]
 * logits meet no chain of small operations on the way back.
 */
function rowLogSoftmax(queries: Tensor2D, vectors: Tensor2D, bias: Tensor1D, labels: Tensor1D): Tensor2D {
  const operation = tf().customGrad((...given: unknown[]) => {
    const [q, save] = given as [Tensor2D, (tensors: Tensor[]) => void];
    const count = q.shape[0];
    const logits = tf().fused.matMul({ a: q, b: vectors, transposeB: true, bias });
    const highest = logits.max(1, true);
    const powers = logits.sub(highest).exp() as Tensor2D;
    const total = powers.sum(1, true);
    const places = tf().stack([tf().range(0, count, 1, "int32"), labels], 1);
    const picked = tf().gatherND(logits, places).reshape([count, 1]);
    const expected = tf().matMul(powers, vectors).div(total);
    save([tf().gather(vectors, labels).sub(expected)]);
    return {
      value: picked.sub(highest).sub(total.log()) as Tensor2D,
      gradFunc: (gradient: Tensor, saved: Tensor[]) => [saved[0].mul(gradient)],
    };
  });
  return operation(queries) as Tensor2D;
}

/**
 * Mean of log Σ_i exp(h·w_i + c_i) − (h·w_a + c_a) over a batch, with what is added in its states: −log of the softmax at
 * the logged items, differentiable in all three. Of a large catalogue the batch's sample stands for all items, and each
 * counts for as many as it stands for (`itemSample`).
 *
 * @param h [B, A]
 * @param table w [N, A] and c [N]
 * @param addedScale what added logits count
 */
export function loggedCrossEntropy(
  h: Tensor2D,
  table: { readonly w: Tensor2D; readonly c: Tensor1D },
  { itemRows, added: ofAll, sample }: Pick<Batch, "itemRows" | "added" | "sample">,
  addedScale: number | Scalar = 0,
): Scalar {
  const w = sample ? (tf().gather(table.w, sample.rows) as Tensor2D) : table.w;
  const c = sample ? (tf().gather(table.c, sample.rows).sub(sample.correction) as Tensor1D) : table.c;
  const [labels, added] = sample ? [sample.labels, sample.added] : [itemRows, ofAll];
  if (added === undefined || addedScale === 0) return catalogueCrossEntropy(h, w, c, labels);
  const logits = tf().matMul(h, w, false, true).add(c) as Tensor2D;
  return softmaxCrossEntropy(withAdded(logits, added, addedScale), labels);
}

/** Replaces actions by the vectors of the items they retrieve. */
export interface RetrievedActions {
  /**
   * [B, A] → [B, A], rows of the catalogue; no gradient passes. Items that were seen are left out, added logits
   * count as in serving.
   */
  of(actions: Tensor2D, situation?: Situation): Tensor2D;
  /** The next states' situation with its places as tensors: a step is compiled once, however many there are. */
  prepared(batch: Pick<Batch, "nextSeen" | "nextAdded">): Partial<Batch>;
  dispose(): void;
}

/**
 * What an action leads to in the end: the item with the largest served logit, q·v/T + b and what is added in its
 * state, among the available ones that the user has not seen. A query lies between items (its cosine to the
 * nearest is near .6), where a critic that has learned from items alone knows nothing; at the retrieved item it has
 * something to go by. After Dulac-Arnold et al. 2015 (Wolpertinger), with one neighbour. Of a large catalogue the
 * items with the largest biases are looked at (`likeliest`); lists are made of all.
 *
 * @throws when there is no catalogue or its sizes do not fit.
 */
export function retrievedActions(
  { catalogue, actionSize }: Pick<AgentProblem, "catalogue" | "actionSize">,
  sizes: SampleSizes = {},
): RetrievedActions {
  const { size, itemVectors, servedBias, temperature } = catalogueParts(
    "retrievedActions",
    catalogue,
    actionSize,
  );
  const among = likeliest(servedBias, catalogue?.unavailable, sizes);
  const rows = among?.rows;
  const all: Tensor2D = tf().tensor2d(itemVectors, [size, actionSize]);
  const vectors = rows ? tf().tidy(() => tf().gather(all, tf().tensor1d(rows, "int32")) as Tensor2D) : all;
  if (rows) all.dispose();
  const offsets = tf().tidy(() => {
    const every = tf().tensor1d(servedBias).mul(temperature).add(unavailableOffsets(catalogue, size));
    return rows ? tf().gather(every, tf().tensor1d(rows, "int32")) : every;
  });
  const within = (situation: Situation): Situation => among?.within(situation) ?? situation;
  return {
    of: (actions, situation = {}) =>
      tf().tidy(() => {
        const isPrepared = situation.seen?.places !== undefined || situation.added?.places !== undefined;
        const { seen, added } = isPrepared ? situation : within(situation);
        const plain = tf().matMul(actions, vectors, false, true).add(offsets) as Tensor2D;
        const scores = withoutSeen(withAdded(plain, added, temperature), seen);
        return tf().gather(vectors, tf().argMax(scores, 1)) as Tensor2D;
      }),
    prepared({ nextSeen, nextAdded }) {
      const { seen, added } = placed(within({ seen: nextSeen, added: nextAdded }));
      return { nextSeen: seen, nextAdded: added };
    },
    dispose() {
      vectors.dispose();
      offsets.dispose();
    },
  };
}

/** What bootstrap targets are valued at: retrieved items where settings and catalogue allow, else the action itself. */
export function bootstrapItems(
  { bootstrapAt }: Pick<ActorCriticConfig, "bootstrapAt">,
  problem: Pick<AgentProblem, "catalogue" | "actionSize">,
): RetrievedActions | undefined {
  return bootstrapAt === "item" && problem.catalogue ? retrievedActions(problem) : undefined;
}

/** [N] what is added to scores so that unavailable items are never chosen. */
export function unavailableOffsets(catalogue: ActionCatalogue | undefined, size: number): Tensor1D {
  return tf().tensor1d(
    Float32Array.from({ length: size }, (_, row) => (catalogue?.unavailable?.has(row) ? outOfReach : 0)),
  );
}
