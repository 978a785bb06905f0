import { product } from "../tensors/linearAlgebra";
import type { FittedMemory } from "./memoryFit";

/** Numbers of readers times items that are held at once: 16 MB. */
const heldAtOnce = 2 ** 22;

/** Single precision decides nothing: what is closer than this to the best is asked again. */
const slack = 1e-4;

/**
 * The item with the largest expected reward in each state, by two matrix products for all readers: features times
 * Σ over patterns of value × weight, and times Σ of weights. Products are in single precision on several threads, so the
 * items near the top are asked again in double: the answer depends neither on the machine nor on how many are asked.
 * Among equals the first is the best.
 *
 * @returns a function of states [n × F] and of what reader i may not get; [n] items, the first where none is left
 */
export function bestRemembered({
  memory,
  patterns: { values },
}: Pick<FittedMemory, "memory" | "patterns">): (
  states: Float32Array,
  barred: (i: number) => ReadonlySet<number>,
) => Int32Array {
  const { items, size } = memory;
  let sums: { readonly earned: Float32Array; readonly all: Float32Array } | undefined;
  const summed = () => {
    if (sums !== undefined) return sums;
    sums = { earned: new Float32Array(size * items), all: new Float32Array(size * items) };
    for (let item = 0; item < items; item++) {
      const table = memory.tableOf(item);
      for (let c = 0, at = 0; c < size; c++)
        for (let x = 0; x < values.length; x++, at++) {
          sums.earned[c * items + item] += values[x] * table[at];
          sums.all[c * items + item] += table[at];
        }
    }
    return sums;
  };
  const weight = new Float64Array(values.length);
  const exactly = (features: Float64Array, i: number, item: number): number => {
    const sum = memory.weigh(features, i, item, weight);
    let expected = 0;
    for (let x = 0; x < values.length; x++) expected += (values[x] * weight[x]) / sum;
    return expected;
  };
  return (states, barred) => {
    const features = memory.features(states);
    const count = features.length / size;
    const best = new Int32Array(count);
    const { earned, all } = summed();
    const atOnce = Math.max(1, Math.floor(heldAtOnce / items));
    for (let from = 0; from < count; from += atOnce) {
      const part = Float32Array.from(features.subarray(from * size, Math.min(count, from + atOnce) * size));
      const scores = product(part, earned, { inner: size });
      const weights = product(part, all, { inner: size });
      for (let at = 0; at < scores.length; at++) scores[at] /= weights[at];
      for (let i = from; (i - from) * size < part.length; i++) {
        const row = scores.subarray((i - from) * items, (i - from + 1) * items);
        for (const item of barred(i)) row[item] = Number.NEGATIVE_INFINITY;
        let top = Number.NEGATIVE_INFINITY;
        for (let item = 0; item < items; item++) if (row[item] > top) top = row[item];
        if (top === Number.NEGATIVE_INFINITY) continue;
        let most = Number.NEGATIVE_INFINITY;
        for (let item = 0; item < items; item++) {
          if (row[item] < top - slack) continue;
          const expected = exactly(features, i, item);
          if (expected > most) [most, best[i]] = [expected, item];
        }
      }
    }
    return best;
  };
}
