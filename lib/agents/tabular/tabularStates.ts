import type { Histories } from "../../data/histories";
import type { NamedArrays } from "../../data/namedArrays";
import { coReading } from "../../embeddings/coReading";
import { kMeans } from "../../math/kMeans";
import type { Random } from "../../math/random";

export const stateKinds = ["user", "last-item", "user-cluster"] as const;
export type StateKind = (typeof stateKinds)[number];

/** Turns histories into the rows of a table. */
export interface TabularStates {
  readonly kind: StateKind;
  /** Fits what the states need (clusters) on the histories of the train rows. */
  fit(histories: Histories): void;
  /** [entries] the state after each entry of its history; -1 where there is none. */
  after(histories: Histories): Int32Array;
  /** [histories.size] the state before the first entry; -1 where there is none. */
  start(histories: Histories): Int32Array;
  columns(): NamedArrays;
  restore(columns: NamedArrays): void;
}

export interface TabularStateOptions {
  readonly items: number;
  readonly random: Random;
  /** Of "user-cluster": how many. */
  readonly clusters: number;
  /** Of "user-cluster": numbers in an item vector. */
  readonly width: number;
}

/**
 * What a table can know of a history, coarsest world first:
 *
 * "user": whose it is. The state never changes, so there is nothing to plan: this makes the method a bandit,
 * and since a user's own actions are the items already seen, its rows are of no use for that user's list either.
 * "last-item": the newest item. A first entry has no state before it.
 * "user-cluster": the cluster nearest to the mean of the history's item vectors so far (co-reading vectors,
 * k-means++, both fitted on the train rows: clusters of whole histories, states of histories so far). So
 * somebody new has a state after one item, and a reader can move from one cluster to another.
 *
 * @example tabularStates("last-item", options).after(histories) // histories.items
 */
export function tabularStates(kind: StateKind, options: TabularStateOptions): TabularStates {
  const nowhere = (histories: Histories): Int32Array => new Int32Array(histories.size).fill(-1);
  const simple = { kind, fit() {}, columns: () => ({}), restore() {} };
  if (kind === "last-item")
    return { ...simple, start: nowhere, after: (histories) => Int32Array.from(histories.items) };
  if (kind === "user")
    return { ...simple, start: (histories) => Int32Array.from(histories.users), after: ownersOf };
  return { kind, start: nowhere, ...clusterStates(options) };
}

/** [entries] whose each entry is. */
function ownersOf(histories: Histories): Int32Array {
  const owners = new Int32Array(histories.items.length);
  for (let h = 0; h < histories.size; h++)
    owners.fill(histories.users[h], histories.offsets[h], histories.offsets[h + 1]);
  return owners;
}

function clusterStates(
  options: TabularStateOptions,
): Pick<TabularStates, "fit" | "after" | "columns" | "restore"> {
  const { items, clusters: k, width, random } = options;
  /** [N × K] products of item vectors and centroids, and [K] half the squared lengths of centroids. */
  let products = new Float64Array(0);
  let lengths = new Float64Array(0);
  return {
    fit(histories) {
      const vectors = coReading(histories, items, random.fork("item vectors"), { factors: width });
      const means = meansOf(histories, vectors, width);
      const { centroids } = kMeans(means, random.fork("clusters"), { width, k });
      const count = centroids.length / width;
      lengths = new Float64Array(count);
      products = new Float64Array(items * count);
      for (let cluster = 0; cluster < count; cluster++)
        for (let w = 0; w < width; w++) {
          const number = centroids[cluster * width + w];
          lengths[cluster] += number ** 2 / 2;
          for (let item = 0; item < items; item++)
            products[item * count + cluster] += vectors[item * width + w] * number;
        }
    },
    after(histories) {
      const count = lengths.length;
      if (count === 0) throw new Error("after requires clusters, got none: learn first");
      const states = new Int32Array(histories.items.length);
      const sums = new Float64Array(count);
      for (let h = 0; h < histories.size; h++) {
        sums.fill(0);
        for (let e = histories.offsets[h]; e < histories.offsets[h + 1]; e++) {
          const from = histories.items[e] * count;
          const length = e - histories.offsets[h] + 1;
          let [nearest, most] = [0, Number.NEGATIVE_INFINITY];
          for (let cluster = 0; cluster < count; cluster++) {
            sums[cluster] += products[from + cluster];
            const near = sums[cluster] / length - lengths[cluster]; // ‖m‖²/2 − ‖m − c‖²/2
            if (near > most) [nearest, most] = [cluster, near];
          }
          states[e] = nearest;
        }
      }
      return states;
    },
    columns: () => ({ clusterProducts: products, clusterLengths: lengths }),
    restore({ clusterProducts, clusterLengths }) {
      products = Float64Array.from(clusterProducts);
      lengths = Float64Array.from(clusterLengths);
    },
  };
}

/** [n × W] mean item vector of each history that is not empty. */
export function meansOf(histories: Histories, vectors: Float32Array, width: number): Float64Array {
  const filled = Int32Array.from(histories.users.keys()).filter(
    (h) => histories.offsets[h + 1] > histories.offsets[h],
  );
  const means = new Float64Array(filled.length * width);
  for (const [row, h] of filled.entries()) {
    const [start, end] = [histories.offsets[h], histories.offsets[h + 1]];
    for (let e = start; e < end; e++)
      for (let w = 0; w < width; w++)
        means[row * width + w] += vectors[histories.items[e] * width + w] / (end - start);
  }
  return means;
}
