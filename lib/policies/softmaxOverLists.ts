import type { Lists } from "../retrieval/lists";

export interface SoftmaxOptions {
  /** T > 0: scores are divided by it; one for all requests, or one for each. */
  readonly temperature: number | ArrayLike<number>;
  /** ε in [0, 1]: the share that goes to a uniform draw from everything available. */
  readonly exploration: number;
}

/**
 * The served probabilities of candidates: (1 − ε) · softmax over each list of (score / T) + ε / |available|.
 *
 * @param available [n] number of items available to each request; 0 leaves the row zeros
 * @returns probabilities [n × k], 0 at empty places, and `elsewhere` [n], that of each available item outside the list
 * @throws when the temperature is not positive or exploration lies outside [0, 1].
 * @example two candidates of equal score among 4 available items, ε .2: .45 each, .05 for each of the others
 */
export function softmaxOverLists(
  { size, k, items, scores }: Lists,
  available: Int32Array,
  { temperature, exploration }: SoftmaxOptions,
): { readonly probabilities: Float64Array; readonly elsewhere: Float64Array } {
  const temperatures =
    typeof temperature === "number" ? new Float64Array(size).fill(temperature) : temperature;
  if (temperatures.length !== size)
    throw new Error(`softmaxOverLists requires one temperature a request, got ${temperatures.length}`);
  for (let request = 0; request < size; request++)
    if (!(temperatures[request] > 0 && Number.isFinite(temperatures[request])))
      throw new Error(`softmaxOverLists requires a positive temperature, got ${temperatures[request]}`);
  if (!(exploration >= 0 && exploration <= 1))
    throw new Error(`softmaxOverLists requires exploration in [0, 1], got ${exploration}`);
  const probabilities = new Float64Array(size * k);
  const elsewhere = new Float64Array(size);
  for (let request = 0; request < size; request++) {
    if (available[request] === 0) continue;
    elsewhere[request] = exploration / available[request];
    const [start, end] = [request * k, (request + 1) * k];
    let total = 0;
    for (let c = start; c < end && items[c] >= 0; c++)
      total += probabilities[c] = Math.exp((scores[c] - scores[start]) / temperatures[request]);
    for (let c = start; c < end && items[c] >= 0; c++)
      probabilities[c] = ((1 - exploration) * probabilities[c]) / total + elsewhere[request];
  }
  return { probabilities, elsewhere };
}
