import type { Lists } from "./lists";

/**
 * Keeps the k best of a stream of (row, score) pairs: a binary heap with the worst kept pair on top, so that
 * most offers cost one comparison. Better means a larger score, or the smaller row where scores are equal.
 */
export interface BestOf {
  offer(row: number, score: number): void;
  /** How many pairs are held now (at most k). */
  count(): number;
  /** The worst score held once k pairs are held, else -Infinity. */
  worst(): number;
  /** Writes the pairs, best first, into list `request`, fills the rest with -1, and starts afresh. */
  drain(lists: Lists, request: number): void;
  clear(): void;
}

/** Makes a keeper of the k best. @example const best = bestOf(1); best.offer(3, .5); best.offer(2, .5) // row 2 is kept */
export function bestOf(k: number): BestOf {
  const rows = new Int32Array(k);
  const scores = new Float64Array(k);
  let held = 0;
  const worse = (a: number, b: number): boolean =>
    scores[a] < scores[b] || (scores[a] === scores[b] && rows[a] > rows[b]);
  const swap = (a: number, b: number): void => {
    const row = rows[a];
    const score = scores[a];
    rows[a] = rows[b];
    scores[a] = scores[b];
    rows[b] = row;
    scores[b] = score;
  };
  const sink = (): void => {
    for (let at = 0; ; ) {
      let worst = at;
      const left = 2 * at + 1;
      if (left < held && worse(left, worst)) worst = left;
      if (left + 1 < held && worse(left + 1, worst)) worst = left + 1;
      if (worst === at) return;
      swap(at, worst);
      at = worst;
    }
  };
  return {
    offer(row, score) {
      if (held < k) {
        rows[held] = row;
        scores[held] = score;
        for (let at = held++; at > 0 && worse(at, (at - 1) >> 1); at = (at - 1) >> 1) swap(at, (at - 1) >> 1);
      } else if (score > scores[0] || (score === scores[0] && row < rows[0])) {
        rows[0] = row;
        scores[0] = score;
        sink();
      }
    },
    count: () => held,
    worst: () => (held === k ? scores[0] : Number.NEGATIVE_INFINITY),
    drain(lists, request) {
      const start = request * lists.k;
      lists.items.fill(-1, start + held, start + lists.k);
      lists.scores.fill(Number.NEGATIVE_INFINITY, start + held, start + lists.k);
      while (held > 0) {
        held--;
        lists.items[start + held] = rows[0];
        lists.scores[start + held] = scores[0];
        swap(0, held);
        sink();
      }
    },
    clear() {
      held = 0;
    },
  };
}

/** Empty lists [n × k]: no item, no score. */
export function emptyLists(size: number, k: number): Lists {
  return {
    size,
    k,
    items: new Int32Array(size * k).fill(-1),
    scores: new Float64Array(size * k).fill(Number.NEGATIVE_INFINITY),
  };
}
