import type { Random } from "../../math/random";
import { type ChoiceColumns, choiceColumns } from "./choiceColumns";

/** Slopes of three actions' logits over two numbers and a constant: what `softmaxChoices` follows; for tests alone. */
const slopes = [
  [1, 0, 0.5],
  [0, -1, 0],
  [-0.5, 1, -0.5],
] as const;

/** [3] the policy's distribution. */
export function softmaxTruth(x: number, y: number): Float64Array {
  const weights = Float64Array.from(slopes, ([a, b, c]) => Math.exp(a * x + b * y + c));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}

/** Rounds of a softmax policy that is known, over two normal numbers. */
export function softmaxChoices(size: number, draw: Random): ChoiceColumns {
  const contexts = new Float64Array(2 * size);
  const actions = new Int32Array(size);
  for (let i = 0; i < size; i++) {
    const [x, y] = [draw.normal(), draw.normal()];
    contexts.set([x, y], 2 * i);
    const [first, second] = softmaxTruth(x, y) as unknown as [number, number];
    const spot = draw.next();
    actions[i] = spot < first ? 0 : spot < first + second ? 1 : 2;
  }
  return choiceColumns({ actions, actionCount: 3, width: 2, contexts });
}
