import { inOrder } from "./perCall";
import { rowsFrom, summedAt } from "./rows";
import { requireShape } from "./shapes";
import { type Scalar, type Tensor, type Tensor1D, type Tensor2D, tf } from "./tf";

/**
 * How many rows meet the whole catalogue at once, of N items: their logits, some 10 MB, stay near the processor. With
 * fewer rows adding up the gradients of all items takes longer than computing them.
 */
function chunkRows(size: number): number {
  return Math.max(64, Math.round(2.56e6 / size));
}

/**
 * Mean of −log softmax(logits)[label] over rows, differentiable in the logits.
 *
 * @param logits [n, N]
 * @param labels int32 [n]
 * @example logits [[0, 0]], labels [1]: log 2 = .693
 */
export function softmaxCrossEntropy(logits: Tensor2D, labels: Tensor1D): Scalar {
  requireShape(labels, [logits.shape[0]], "labels");
  const operation = tf().customGrad((...given: unknown[]) => {
    const [x, save] = given as [Tensor2D, (tensors: Tensor[]) => void];
    const probabilities = tf().softmax(x);
    const value = logLosses(probabilities, labels).mean() as Scalar;
    save([probabilities, labels]);
    return {
      value,
      gradFunc: (gradient: Tensor, saved: Tensor[]) => {
        const [p, y] = saved as [Tensor2D, Tensor1D];
        const miss = p.sub(tf().oneHot(y, p.shape[1]));
        return [miss.mul(gradient.div(p.shape[0]))];
      },
    };
  });
  return operation(logits) as Scalar;
}

/**
 * Mean of −log softmax(queries · itemsᵀ + bias)[label] over rows: next-item loss over a whole catalogue,
 * differentiable in queries, items and bias.
 *
 * The logits [n, N] are never kept: loss and gradients are made together, some hundred rows at a time, one after
 * another. The gradient of a logit is its probability, less one at the label; the ones are subtracted from the small
 * results instead of from the large matrix. The bias stands beside the items as their last number, times 1 in the query.
 *
 * @param queries [n, A]
 * @param items [N, A]
 * @param bias [N]
 * @param labels int32 [n], item rows
 * @param most at least n and about N; themselves by default. A compiled step in which they differ from call to call
 *   has to name them
 */
export function catalogueCrossEntropy(
  queries: Tensor2D,
  items: Tensor2D,
  bias: Tensor1D,
  labels: Tensor1D,
  most: { readonly rows?: number; readonly items?: number } = {},
): Scalar {
  const [count, width] = queries.shape;
  const size = items.shape[0];
  requireShape(items, [null, width], "items");
  requireShape(bias, [size], "bias");
  requireShape(labels, [count], "labels");
  const operation = tf().customGrad((...given: unknown[]) => {
    const [q, v, b, save] = given as [Tensor2D, Tensor2D, Tensor1D, (tensors: Tensor[]) => void];
    const one = tf().onesLike(labels).toFloat().expandDims(1);
    const n = one.sum();
    const asked = tf().concat([q, one], 1) as Tensor2D; // [n, A + 1]
    const offered = tf().concat([v, b.expandDims(1)], 1) as Tensor2D; // [N, A + 1]
    const askedGradients: Tensor2D[] = [];
    let offeredGradient: Tensor2D | undefined;
    let loss = tf().scalar(0);
    const rows = chunkRows(most.items ?? size);
    for (let start = 0; start < (most.rows ?? count); start += rows) {
      const [da, dv, sum] = tf().tidy(() => {
        const some = rowsFrom(offeredGradient ? inOrder(asked, offeredGradient) : asked, start, rows);
        const targets = rowsFrom(labels, start, rows);
        const probabilities = tf().softmax(tf().matMul(some, offered, false, true)) as Tensor2D;
        const change = tf().matMul(probabilities, some, true, false) as Tensor2D;
        return [
          tf().matMul(probabilities, offered).sub(tf().gather(offered, targets)),
          offeredGradient ? offeredGradient.add(change) : change,
          loss.add(logLosses(probabilities, targets).sum()),
        ] as [Tensor2D, Tensor2D, Scalar];
      });
      offeredGradient?.dispose();
      loss.dispose();
      askedGradients.push(da);
      [offeredGradient, loss] = [dv, sum];
    }
    const atLabels = summedAt(asked, labels, v);
    const [dItems, dBias] = tf().split(offeredGradient!.sub(atLabels).div(n), [width, 1], 1);
    const [dQueries] = tf().split(tf().concat(askedGradients, 0).div(n), [width, 1], 1);
    save([dQueries, dItems, dBias.sum(1)]);
    return {
      value: loss.div(n) as Scalar,
      gradFunc: (gradient: Tensor, saved: Tensor[]) => saved.map((part) => part.mul(gradient)),
    };
  });
  return operation(queries, items, bias) as Scalar;
}

/** −log p[label]. probabilities [n, N], labels [n] → [n]; a probability below 1e-30 counts as 1e-30. */
function logLosses(probabilities: Tensor2D, labels: Tensor1D): Tensor {
  return tf().tidy(() => tf().gather(probabilities, labels, 1, 1).maximum(1e-30).log().neg());
}
