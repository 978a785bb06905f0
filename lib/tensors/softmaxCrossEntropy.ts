import { requireShape } from "./shapes";
import { type Scalar, type Tensor, type Tensor1D, type Tensor2D, tf } from "./tf";

/** How many rows meet the whole catalogue at once: their logits stay near the processor and memory stays bounded. */
const chunkRows = 128;

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
    const value = meanLogLoss(probabilities, labels);
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
 * The logits [n, N] are never kept: loss and gradients are made together, some hundred rows at a time. The
 * gradient of a logit is its probability, less one at the label; the ones are subtracted from the small results
 * instead of from the large matrix.
 *
 * @param queries [n, A]
 * @param items [N, A]
 * @param bias [N]
 * @param labels int32 [n], item rows
 */
export function catalogueCrossEntropy(
  queries: Tensor2D,
  items: Tensor2D,
  bias: Tensor1D,
  labels: Tensor1D,
): Scalar {
  const [count, width] = queries.shape;
  const size = items.shape[0];
  requireShape(items, [null, width], "items");
  requireShape(bias, [size], "bias");
  requireShape(labels, [count], "labels");
  const operation = tf().customGrad((...given: unknown[]) => {
    const [q, v, b, save] = given as [Tensor2D, Tensor2D, Tensor1D, (tensors: Tensor[]) => void];
    const queryGradients: Tensor2D[] = [];
    let itemGradient = tf().zeros([size, width + 1]) as Tensor2D; // [dItems, dBias]
    let loss = tf().scalar(0);
    const one = tf().ones([Math.min(chunkRows, count), 1]) as Tensor2D;
    for (let start = 0; start < count; start += chunkRows) {
      const rows = Math.min(chunkRows, count - start);
      const [dq, dv, sum] = tf().tidy(() => {
        const some = q.slice([start, 0], [rows, width]);
        const targets = labels.slice([start], [rows]);
        const logits = tf().fused.matMul({ a: some, b: v, transposeB: true, bias: b });
        const probabilities = tf().softmax(logits) as Tensor2D;
        const withOne = tf().concat([some, one.slice([0, 0], [rows, 1])], 1);
        return [
          tf().matMul(probabilities, v).sub(tf().gather(v, targets)),
          itemGradient.add(tf().matMul(probabilities, withOne, true, false)),
          loss.add(meanLogLoss(probabilities, targets).mul(rows / count)),
        ] as [Tensor2D, Tensor2D, Scalar];
      });
      itemGradient.dispose();
      loss.dispose();
      queryGradients.push(dq);
      [itemGradient, loss] = [dv, sum];
    }
    const ones = tf().ones([count, 1]) as Tensor2D;
    const atLabels = tf().unsortedSegmentSum(tf().concat([q, ones], 1), labels, size);
    const [dItems, dBias] = tf().split(itemGradient.sub(atLabels).div(count), [width, 1], 1) as [
      Tensor,
      Tensor,
    ];
    save([tf().concat(queryGradients, 0).div(count), dItems, dBias.reshape([size])]);
    return {
      value: loss,
      gradFunc: (gradient: Tensor, saved: Tensor[]) => saved.map((part) => part.mul(gradient)),
    };
  });
  return operation(queries, items, bias) as Scalar;
}

/** Mean of −log p[label]. probabilities [n, N], labels [n]; a probability below 1e-30 counts as 1e-30. */
function meanLogLoss(probabilities: Tensor2D, labels: Tensor1D): Scalar {
  return tf().tidy(() => {
    const rows = tf().range(0, labels.shape[0], 1, "int32");
    const picked = tf().gatherND(probabilities, tf().stack([rows, labels], 1));
    return tf().maximum(picked, 1e-30).log().mean().neg() as Scalar;
  });
}
