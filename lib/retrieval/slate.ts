import { emptyLists } from "./bestOf";
import type { ItemIndex, SearchOptions } from "./itemIndex";
import type { Lists } from "./lists";
import { rowNorm } from "./rounding";

export interface SlateOptions extends SearchOptions {
  /** Weight of diversity against the score, in [0, 1]: 0 gives the k best, 1 asks for difference only. */
  readonly diversity?: number;
  /** Candidates the slate is chosen from (at least k); 5k by default. */
  readonly candidates?: number;
}

/**
 * A slate of k items for each query. Without diversity it is the k best. With it, places are filled one after
 * another by maximal marginal relevance (Carbonell and Goldstein 1998):
 * (1 − d)·s̃(i) − d·max cos(i, j) over the items j already placed, where s̃ is the score scaled to [0, 1] over
 * the request's candidates (scores and cosines have different units otherwise). Ties go to the better ranked.
 *
 * @param vectors [N × W] the vectors that similarity is measured with: one fixed set, not the agent's own
 * @returns Lists [n × k] in slate order; scores are the original ones, so they need not fall.
 * @throws when diversity lies outside [0, 1] or fewer candidates than places are asked for.
 */
export function slates(
  index: ItemIndex,
  queries: Float32Array,
  k: number,
  vectors: Float32Array,
  { diversity = 0, candidates = 5 * k, ...search }: SlateOptions = {},
): Lists {
  if (!(diversity >= 0 && diversity <= 1))
    throw new Error(`slates requires diversity in [0, 1], got ${diversity}`);
  if (!(candidates >= k)) throw new Error(`slates requires at least ${k} candidates, got ${candidates}`);
  if (diversity === 0) return index.search(queries, k, search);
  const found = index.search(queries, candidates, search);
  const width = vectors.length / index.size;
  const slate = emptyLists(found.size, k);
  for (let request = 0; request < found.size; request++)
    fillByMarginalRelevance(found, slate, request, vectors, width, diversity);
  return slate;
}

function fillByMarginalRelevance(
  found: Lists,
  slate: Lists,
  request: number,
  vectors: Float32Array,
  width: number,
  diversity: number,
): void {
  const start = request * found.k;
  let count = 0;
  while (count < found.k && found.items[start + count] >= 0) count++;
  const top = found.scores[start];
  const range = count > 0 ? top - found.scores[start + count - 1] : 0;
  const closest = new Float64Array(count); // similarity to the most similar item placed so far
  const placed = new Uint8Array(count);
  for (let place = 0; place < Math.min(slate.k, count); place++) {
    let chosen = -1;
    let chosenValue = Number.NEGATIVE_INFINITY;
    for (let c = 0; c < count; c++) {
      if (placed[c] === 1) continue;
      const relevance = range > 0 ? 1 - (top - found.scores[start + c]) / range : 1;
      const value = (1 - diversity) * relevance - diversity * closest[c];
      if (value > chosenValue) {
        chosen = c;
        chosenValue = value;
      }
    }
    placed[chosen] = 1;
    const row = found.items[start + chosen];
    slate.items[request * slate.k + place] = row;
    slate.scores[request * slate.k + place] = found.scores[start + chosen];
    for (let c = 0; c < count; c++) {
      const similarity = cosineOf(vectors, row, found.items[start + c], width);
      if (place === 0 || similarity > closest[c]) closest[c] = similarity;
    }
  }
}

function cosineOf(vectors: Float32Array, a: number, b: number, width: number): number {
  const norms = rowNorm(vectors, a, width) * rowNorm(vectors, b, width);
  let sum = 0;
  for (let i = 0; i < width; i++) sum += vectors[a * width + i] * vectors[b * width + i];
  return norms > 0 ? sum / norms : 0;
}
