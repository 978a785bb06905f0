import type { Dataset } from "../../data/dataset";
import type { Histories } from "../../data/histories";
import { random } from "../../math/random";
import { normaliseRows } from "../../math/vectors";
import { exactIndex } from "../../retrieval/exactIndex";
import { rankedBy } from "../../retrieval/scorer";
import type { OpenRun } from "../../runs/openRun";

/** For tests: a run that was never trained. Its query is the mean vector of a history; item i5 cannot be had. */
export interface HandRunOptions {
  readonly items?: number;
  readonly kind?: "served" | "scored" | "fixed";
  readonly exploration?: number;
  readonly candidates?: number;
  readonly repeats?: boolean;
  readonly temperature?: number;
}

const width = 4;

/** Users u0 to u9 with five items each; columns price (number) and genres (text). */
export function handDataset(items: number): Dataset {
  const users = 10;
  const ids = Array.from({ length: items }, (_, row) => `i${row}`);
  const size = users * 5;
  return {
    ...{ name: "hand", label: "hand made", origin: "made here", skippedRows: 0, notices: [] },
    interactions: {
      size,
      users: Int32Array.from({ length: size }, (_, row) => row % users),
      items: Int32Array.from({ length: size }, (_, row) => (row * 7 + Math.floor(row / users)) % items),
      weights: Float32Array.from({ length: size }, (_, row) => 1 + (row % 5)),
      times: Float64Array.from({ length: size }, (_, row) => row),
      userIds: Array.from({ length: users }, (_, row) => `u${row}`),
      itemIds: ids,
      order: "row order",
      weightKind: "rating",
      extra: {},
    },
    catalog: {
      ...{ size: items, ids, titles: ids.map((id) => `Book ${id}`) },
      text: {
        genres: ids.map((_, row) => (row % 3 === 0 ? "Comedy, Drama" : row % 3 === 1 ? "Drama" : "Horror")),
      },
      numbers: {
        price: Float64Array.from(ids, (_, row) => row),
        available: Float64Array.from(ids, (_, row) => (row === 5 ? 0 : 1)),
      },
      rowOf: (id) => ids.indexOf(id),
    },
  };
}

export function handRun({
  items = 40,
  kind = "served",
  exploration = 0.1,
  candidates = 8,
  repeats = false,
  temperature = 0.2,
}: HandRunOptions = {}): OpenRun & { readonly encoded: () => number } {
  const dataset = handDataset(items);
  const draw = random(4);
  const vectors = normaliseRows(
    Float32Array.from({ length: items * width }, () => draw.normal()),
    width,
  );
  const index = exactIndex(vectors, width);
  let encoded = 0;
  const queries = (histories: Histories): Float32Array => {
    encoded += histories.size;
    const all = new Float32Array(histories.size * width);
    for (let h = 0; h < histories.size; h++)
      for (let e = histories.offsets[h]; e < histories.offsets[h + 1]; e++)
        for (let a = 0; a < width; a++)
          all[h * width + a] +=
            (vectors[histories.items[e] * width + a] * histories.weights[e]) /
            (5 * (histories.offsets[h + 1] - histories.offsets[h]));
    return all;
  };
  const scorer = rankedBy({
    ...{ name: "hand", items },
    scores(histories) {
      const asked = queries(histories);
      return Float64Array.from({ length: histories.size * items }, (_, at) => {
        const [h, row] = [Math.floor(at / items), at % items];
        return asked
          .subarray(h * width, (h + 1) * width)
          .reduce((sum, q, a) => sum + q * vectors[row * width + a], 0);
      });
    },
  });
  return {
    folder: "hand",
    dataset,
    config: { repeats, policy: { exploration, candidates }, seed: 1 },
    summary: { agent: "hand", data: { label: dataset.label } },
    data: { split: { protocol: "temporal" }, relevantAt: null },
    recommender: scorer,
    ...(kind === "served" && { served: { index, temperature, queries }, unitItems: { vectors, width } }),
    ...(kind === "scored" && { scored: { recommender: scorer, temperature } }),
    dispose() {},
    encoded: () => encoded,
  } as unknown as OpenRun & { readonly encoded: () => number };
}
