import { product } from "../../tensors/linearAlgebra";
import { clockFeatures } from "./itemClock";
import { type ContextSource, contextParts, contextSize, writeContext } from "./linUcbContext";
import type { RidgeRegression } from "./ridgeRegression";

/** What scores are asked for. */
export interface ScoreSource extends ContextSource {
  readonly model: RidgeRegression;
  /** N */
  readonly items: number;
}

/**
 * θᵀx [n × N] for every user and item in one matrix product. For one user θᵀx is linear in what belongs to the
 * item: (θ_v + θ_uv∘u)·v + θ_clock·clock, plus a number that is the same for all items.
 *
 * @param tastes [n × F]
 */
export function linearScores(source: ScoreSource, tastes: Float64Array): Float64Array {
  const { model, vectors, clock, width, items } = source;
  const theta = model.coefficients();
  const parts = contextParts(width);
  const columns = width + clockFeatures;
  const table = new Float32Array(columns * items); // [F + 4 × N]
  const now = new Float64Array(clockFeatures);
  for (let item = 0; item < items; item++) {
    for (let f = 0; f < width; f++) table[f * items + item] = vectors[item * width + f];
    clock.write(item, now, 0);
    for (let c = 0; c < clockFeatures; c++) table[(width + c) * items + item] = now[c];
  }
  const n = tastes.length / width;
  const queries = new Float32Array(n * columns);
  const constants = new Float64Array(n).fill(theta[0]);
  for (let user = 0; user < n; user++) {
    for (let f = 0; f < width; f++) {
      const u = tastes[user * width + f];
      constants[user] += theta[parts.taste + f] * u;
      queries[user * columns + f] = theta[parts.item + f] + theta[parts.both + f] * u;
    }
    for (let c = 0; c < clockFeatures; c++) queries[user * columns + width + c] = theta[parts.clock + c];
  }
  const scores = Float64Array.from(product(queries, table, { inner: columns }));
  for (let at = 0; at < scores.length; at++) scores[at] += constants[Math.floor(at / items)];
  return scores;
}

/** Adds α √(xᵀA⁻¹x) to scores [n × N], one user's contexts in one matrix product. */
export function addWidths(
  source: ScoreSource,
  tastes: Float64Array,
  { scores, alpha }: { readonly scores: Float64Array; readonly alpha: number },
): void {
  const { model, width, items } = source;
  const size = contextSize(width);
  const inverse = Float32Array.from(model.inverse);
  const contexts = new Float32Array(items * size);
  for (let user = 0; user * width < tastes.length; user++) {
    for (let item = 0; item < items; item++)
      writeContext(source, { taste: tastes, from: user * width, item }, contexts, item * size);
    const turned = product(contexts, inverse, { inner: size }); // X A⁻¹
    for (let item = 0; item < items; item++) {
      let spread = 0;
      for (let i = item * size; i < (item + 1) * size; i++) spread += turned[i] * contexts[i];
      scores[user * items + item] += alpha * Math.sqrt(Math.max(0, spread));
    }
  }
}
