import { requireShape } from "../tensors/shapes";
import { type Tensor, type Tensor1D, type Tensor2D, tf } from "../tensors/tf";
import type { AgentProblem } from "./agent";
import { catalogueParts } from "./catalogueParts";

/** A query as a policy over the whole catalogue: π(i|q) ∝ exp(q·v_i / T + b_i). */
export interface CatalogueSoftmax {
  /** log π of one item each, differentiable in the queries. [B, A], int32 [B] → [B, 1] */
  logProbabilities(queries: Tensor2D, itemRows: Tensor1D): Tensor2D;
  dispose(): void;
}

/**
 * The bias is the model's own, not the served one. REINFORCE weighs logged actions by π/β and moves the query by their
 * likelihood: the log was not made with today's popularity, so that under the served bias π and β would differ before
 * anything is learned, weights would favour what is in fashion now, and the query would take back what the served bias
 * adds. Popularity of the day is added where lists are made, to a policy that was learned without it.
 *
 * Every item counts, also those that cannot be had now: what was taken once has to keep a probability, or no
 * weight π/β could be formed. They are left out where lists are made.
 *
 * @throws when there is no catalogue or its sizes do not fit.
 */
export function catalogueSoftmax({
  catalogue,
  actionSize,
}: Pick<AgentProblem, "catalogue" | "actionSize">): CatalogueSoftmax {
  const { size, itemVectors, itemBias, temperature } = catalogueParts(
    "catalogueSoftmax",
    catalogue,
    actionSize,
  );
  const vectors: Tensor2D = tf().tidy(() => tf().tensor2d(itemVectors, [size, actionSize]).div(temperature));
  const bias = tf().tidy(() => tf().tensor1d(itemBias));
  return {
    logProbabilities(queries, itemRows) {
      requireShape(itemRows, [queries.shape[0]], "itemRows");
      return rowLogSoftmax(queries, vectors, bias, itemRows);
    },
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
      gradFunc: (gradient: Tensor, saved: Tensor[]) => [saved[0]!.mul(gradient)],
    };
  });
  return operation(queries) as Tensor2D;
}
