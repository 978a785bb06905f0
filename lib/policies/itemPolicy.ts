import type { Random } from "../math/random";
import { availableTo, exclusionMask, type ItemIndex, type SearchOptions } from "../retrieval/itemIndex";
import type { Lists } from "../retrieval/lists";
import { softmaxOverLists } from "./softmaxOverLists";

export interface ItemPolicyOptions {
  /** T > 0: scores are divided by it before the softmax. With `withBias` items use the model's own T. */
  readonly temperature: number;
  /** M ≥ 1: how many nearest items the softmax is over. Default 100. */
  readonly candidates?: number;
  /** ε in [0, 1]: the share of requests answered by a uniform draw from everything available. Default 0. */
  readonly exploration?: number;
}

/** What a request's answer is drawn from: named items with a probability each, and one for all others. */
export interface ServedDistribution {
  /** The M nearest [n × M]. */
  readonly candidates: Lists;
  /** [n × M] probability of each candidate; 0 at empty places. */
  readonly probabilities: Float64Array;
  /** [n] probability of each single available item that is no candidate. */
  readonly elsewhere: Float64Array;
  /** [n] number of items available to the request. */
  readonly available: Int32Array;
}

/** The policy that is served: one object draws the items and knows the probability of each draw. */
export interface ItemPolicy {
  readonly size: number;
  distribution(queries: Float32Array, options?: SearchOptions): ServedDistribution;
  /** [n × N], every item; meant for small catalogues and few requests. Rows sum to 1 (or 0 if nothing is available). */
  probabilities(queries: Float32Array, options?: SearchOptions): Float64Array;
  /** [n] the probability that request i is answered with items[i]; 0 for what is seen or unavailable. */
  probabilityOf(queries: Float32Array, items: Int32Array, options?: SearchOptions): Float64Array;
  /** One item a request and its probability; item -1 and probability 0 where nothing is available. */
  sample(
    queries: Float32Array,
    random: Random,
    options?: SearchOptions,
  ): { readonly items: Int32Array; readonly probabilities: Float64Array };
}

/**
 * Softmax over the M nearest items, mixed with a little uniform exploration:
 * π(i | s) = (1 − ε) · softmax over candidates of (score / T) + ε / |available|.
 * With ε > 0 every available item has a probability above zero, which off-policy evaluation needs.
 *
 * @throws when the temperature is not positive, candidates is below 1 or exploration lies outside [0, 1].
 * @example itemPolicy(index, { temperature: 0.1, candidates: 50, exploration: 0.02 })
 */
export function itemPolicy(index: ItemIndex, options: ItemPolicyOptions): ItemPolicy {
  const { temperature, candidates = 100, exploration = 0 } = options;
  if (!(temperature > 0 && Number.isFinite(temperature)))
    throw new Error(`itemPolicy requires a positive temperature, got ${temperature}`);
  if (!(Number.isSafeInteger(candidates) && candidates >= 1))
    throw new Error(`itemPolicy requires at least 1 candidate, got ${candidates}`);
  if (!(exploration >= 0 && exploration <= 1))
    throw new Error(`itemPolicy requires exploration in [0, 1], got ${exploration}`);
  const { size } = index;
  const kept = Math.min(candidates, size);

  const distribution: ItemPolicy["distribution"] = (queries, search = {}) => {
    const found = index.search(queries, kept, search);
    const available = availableTo(size, found.size, search);
    const served = softmaxOverLists(found, available, { temperature, exploration });
    return { candidates: found, ...served, available };
  };

  return {
    size,
    distribution,
    probabilities(queries, search = {}) {
      const served = distribution(queries, search);
      const all = new Float64Array(served.candidates.size * size);
      const spread = everyProbability(served, size, search);
      for (let request = 0; request < served.candidates.size; request++)
        spread(request, all.subarray(request * size, (request + 1) * size));
      return all;
    },
    probabilityOf(queries, items, search = {}) {
      const served = distribution(queries, search);
      if (items.length !== served.candidates.size)
        throw new Error(`probabilityOf requires one item a request, got ${items.length}`);
      const mask = exclusionMask(size, search);
      return Float64Array.from(items, (item, request) => {
        const place = served.candidates.items.subarray(request * kept, (request + 1) * kept).indexOf(item);
        if (item < 0 || item >= size) return 0;
        if (place >= 0) return served.probabilities[request * kept + place];
        mask.open(request);
        const open = mask.excluded[item] === 0;
        mask.close(request);
        return open ? served.elsewhere[request] : 0;
      });
    },
    sample(queries, random, search = {}) {
      const served = distribution(queries, search);
      const items = new Int32Array(served.candidates.size).fill(-1);
      const probabilities = new Float64Array(items.length);
      const mask = exclusionMask(size, search);
      for (let request = 0; request < items.length; request++) {
        if (served.available[request] === 0) continue;
        let left = random.next();
        let c = request * kept;
        for (const end = c + kept; c < end && served.candidates.items[c] >= 0; c++) {
          left -= served.probabilities[c];
          if (left < 0) break;
        }
        const first = request * kept;
        let place = left < 0 ? c : -1;
        if (place < 0 && served.elsewhere[request] > 0) {
          mask.open(request);
          items[request] = drawOther(
            mask.excluded,
            served.candidates.items.subarray(first, first + kept),
            random,
          );
          mask.close(request);
          probabilities[request] = served.elsewhere[request];
        }
        // Rounding may leave a sliver beyond the last item: it belongs to the most probable one.
        if (place < 0 && items[request] < 0) place = first;
        if (place >= 0) {
          items[request] = served.candidates.items[place];
          probabilities[request] = served.probabilities[place];
        }
      }
      return { items, probabilities };
    },
  };
}

/**
 * Writes the probability of every item of a catalogue under a served distribution, one request at a time.
 *
 * @param search what the distribution was made with
 * @returns a function of a request and the [N] numbers to write
 */
export function everyProbability(
  { candidates, probabilities, elsewhere }: ServedDistribution,
  size: number,
  search: SearchOptions,
): (request: number, into: Float64Array) => void {
  const mask = exclusionMask(size, search);
  return (request, into) => {
    mask.open(request);
    for (let row = 0; row < size; row++) into[row] = mask.excluded[row] === 0 ? elsewhere[request] : 0;
    mask.close(request);
    const end = (request + 1) * candidates.k;
    for (let c = request * candidates.k; c < end && candidates.items[c] >= 0; c++)
      into[candidates.items[c]] = probabilities[c];
  };
}

/** A uniform draw among the rows that are neither excluded nor candidates, or -1 when there is none. */
function drawOther(excluded: Uint8Array, candidates: Int32Array, random: Random): number {
  const open = excluded.slice();
  for (const row of candidates) if (row >= 0) open[row] = 1;
  let count = 0;
  for (const mark of open) if (mark === 0) count++;
  if (count === 0) return -1;
  let nth = random.integer(count);
  for (let row = 0; row < open.length; row++) if (open[row] === 0 && nth-- === 0) return row;
  return -1;
}
