import type { Histories } from "../data/histories";
import type { AddedLogits } from "../retrieval/addedLogits";
import { bestOf, emptyLists } from "../retrieval/bestOf";
import type { ItemLinks } from "./itemLinks";

/** A linear item–item model: score(b) = Σ recency^age · link(a, b) over the entries a of a history. */
export interface LinkedModel {
  readonly links: ItemLinks;
  /** How much its ranking counts, in logits; at least 0. */
  readonly weight: number;
  /** Weight of an entry for each step back, in (0, 1]. */
  readonly recency: number;
  /** Entries of a smaller weight are passed over; by default none is. */
  readonly positiveAt?: number;
}

/** Linear models that stand beside a query model and tell it about a few items. */
export interface Companion {
  /** C: about how many items of each state. */
  readonly most: number;
  /** The largest logit that can be added: Σ weight · log(C + 1). */
  readonly largest: number;
  /** What is added after whole histories [histories.size × C]. */
  of(histories: Histories): AddedLogits;
  /** What is added after each entry of each history [entries × C], in one pass. */
  along(histories: Histories): AddedLogits;
  /** Rows of `along` alone: what is added after some entries of the histories [entries.length × C]. */
  at(histories: Histories, entries: Int32Array): AddedLogits;
}

/**
 * Linear item–item models as a part of the served score. Each ranks the items that a history does not hold (all, where
 * items may come again); the item
 * in place r of their lists gets Σ weight · log((C + 1) / r) logits, for r up to C, and the C items that get most keep
 * it. So with weights that sum to 1 the odds of an item that all put first are multiplied by C + 1. Places, not scores,
 * because the scores of different models have no common scale, nor those of one model on different logs: a rank
 * fusion (Cormack, Clarke and Büttcher, SIGIR 2009, who sum 1 / (60 + r)).
 *
 * @param options.most C, 50 by default
 * @param options.repeats items of the history are ranked, too; no by default
 * @throws when there is no model, their catalogues differ, or an option is out of range.
 * @example companion([{ links: itemKnn(log, split.train).links, weight: 1, recency: .8 }]).of(task.histories)
 */
export function companion(
  models: readonly LinkedModel[],
  { most = 50, repeats = false }: { readonly most?: number; readonly repeats?: boolean } = {},
): Companion {
  const items = models[0]?.links.items;
  if (items === undefined || models.some(({ links }) => links.items !== items))
    throw new Error("companion requires at least one model, and one catalogue for all");
  for (const { weight } of models)
    if (!(weight >= 0 && Number.isFinite(weight)))
      throw new Error(`companion requires weights of at least 0, got ${weight}`);
  if (!(Number.isSafeInteger(most) && most >= 1))
    throw new Error(`companion requires at least 1 item, got ${most}`);
  const worth = Float64Array.from({ length: most }, (_, place) => Math.log((most + 1) / (place + 1)));
  const counting = models.filter(({ weight }) => weight > 0);
  const readers = counting.map((model) => linkReader(model, { most, repeats }));
  const sums = new Float64Array(items);
  const named = new Int32Array(Math.min(items, models.length * most));
  const best = bestOf(Math.min(most, items));
  const found = emptyLists(1, most);
  const places = new Int32Array(most);

  const write = (into: AddedLogits, state: number): void => {
    let met = 0;
    for (const [m, reader] of readers.entries()) {
      const { weight } = counting[m];
      reader.best(places);
      for (let place = 0; place < most && places[place] >= 0; place++) {
        const item = places[place];
        if (sums[item] === 0) named[met++] = item;
        sums[item] += weight * worth[place];
      }
    }
    for (let i = 0; i < met; i++) best.offer(named[i], sums[named[i]]);
    best.drain(found, 0);
    into.items.set(found.items, state * most);
    for (let c = 0; c < met && c < most; c++) into.values[state * most + c] = found.scores[c];
    for (let i = 0; i < met; i++) sums[named[i]] = 0;
  };
  const empty = (states: number): AddedLogits => ({
    width: most,
    items: new Int32Array(states * most).fill(-1),
    values: new Float32Array(states * most),
  });
  const walk = (histories: Histories, everyEntry: boolean): AddedLogits => {
    const result = empty(everyEntry ? histories.items.length : histories.size);
    for (let h = 0; h < histories.size; h++) {
      for (const reader of readers) reader.start();
      for (let e = histories.offsets[h]; e < histories.offsets[h + 1]; e++) {
        for (const reader of readers) reader.read(histories.items[e], histories.weights[e]);
        if (everyEntry) write(result, e);
      }
      if (!everyEntry) write(result, h);
    }
    return result;
  };
  return {
    most,
    largest: counting.reduce((sum, { weight }) => sum + weight, 0) * Math.log(most + 1),
    of: (histories) => walk(histories, false),
    along: (histories) => walk(histories, true),
    at(histories, entries) {
      const { offsets } = histories;
      const result = empty(entries.length);
      const order = Int32Array.from(entries, (_, i) => i).sort((a, b) => entries[a] - entries[b]);
      let [next, end] = [0, 0]; // entries of the present history: read up to `next`, where it ends
      for (const i of order) {
        const entry = entries[i];
        if (!(entry >= 0 && entry < histories.items.length))
          throw new Error(`companion.at requires entries below ${histories.items.length}, got ${entry}`);
        if (entry >= end) {
          const h = historyOf(offsets, entry);
          [next, end] = [offsets[h], offsets[h + 1]];
          for (const reader of readers) reader.start();
        }
        for (; next <= entry; next++)
          for (const reader of readers) reader.read(histories.items[next], histories.weights[next]);
        write(result, i);
      }
      return result;
    },
  };
}

/** Which history an entry is in: the last that begins at it or before it. */
function historyOf(offsets: Int32Array, entry: number): number {
  let [low, high] = [0, offsets.length - 2];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (offsets[middle] <= entry) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** So many times C items are held ready, so that the best C are seldom looked for among all. */
const heldReady = 4;

/**
 * Reads one history after another, entry by entry, and knows the best linked items at any time. What an entry does
 * not link keeps its order, since the past loses weight everywhere alike. So the best items so far are held, with the
 * score above which no other item lies (`floor`), and all are looked through only when fewer than C of those held are
 * sure to be above it.
 */
function linkReader(
  { links, recency, positiveAt = Number.NEGATIVE_INFINITY }: LinkedModel,
  { most, repeats }: { readonly most: number; readonly repeats: boolean },
) {
  if (!(recency > 0 && recency <= 1)) throw new Error(`companion requires recency in (0, 1], got ${recency}`);
  const { items, offsets, targets, weights } = links;
  const scores = new Float64Array(items); // × scale is the score
  const touched = new Int32Array(items);
  const read = new Int32Array(items);
  const held = new Int32Array(items);
  const [unmet, met, ready] = [0, 1, 2];
  const place = new Uint8Array(items); // unmet, or in `touched`, or in `held` as well
  const seen = new Uint8Array(items);
  const best = bestOf(Math.min(most, items));
  const found = emptyLists(1, most);
  const pool = bestOf(Math.min(heldReady * most, items));
  const pooled = emptyLists(1, heldReady * most);
  let [touchedCount, readCount, heldCount, scale, floor] = [0, 0, 0, 1, 0];

  const hold = (): void => {
    for (let i = 0; i < heldCount; i++) place[held[i]] = met;
    heldCount = 0;
    let open = 0;
    for (let i = 0; i < touchedCount; i++) {
      const item = touched[i];
      if (seen[item] === 1 || !(scores[item] > 0)) continue;
      pool.offer(item, scores[item]);
      open++;
    }
    const worst = pool.worst();
    pool.drain(pooled, 0);
    for (let i = 0; i < pooled.k && pooled.items[i] >= 0; i++) {
      held[heldCount++] = pooled.items[i];
      place[pooled.items[i]] = ready;
    }
    floor = open > heldCount ? worst : 0;
  };
  const ranked = (): void => {
    for (let i = 0; i < heldCount; i++) {
      const item = held[i];
      if (seen[item] === 0 && scores[item] > 0) best.offer(item, scores[item]);
    }
    best.drain(found, 0);
  };
  return {
    start(): void {
      for (let i = 0; i < touchedCount; i++) scores[touched[i]] = place[touched[i]] = unmet;
      for (let i = 0; i < readCount; i++) seen[read[i]] = 0;
      [touchedCount, readCount, heldCount, scale, floor] = [0, 0, 0, 1, 0];
    },
    read(item: number, weight: number): void {
      if (!repeats && seen[item] === 0) {
        seen[item] = 1;
        read[readCount++] = item;
      }
      if (!(weight >= positiveAt)) return;
      // Instead of making all older scores smaller, what comes later counts for more.
      scale *= recency;
      if (scale < 1e-100) {
        for (let i = 0; i < touchedCount; i++) scores[touched[i]] *= scale;
        floor *= scale;
        scale = 1;
      }
      for (let l = offsets[item]; l < offsets[item + 1]; l++) {
        const target = targets[l];
        if (place[target] === unmet) {
          place[target] = met;
          touched[touchedCount++] = target;
        }
        scores[target] += weights[l] / scale;
        if (place[target] === met && scores[target] > floor) {
          place[target] = ready;
          held[heldCount++] = target;
        }
      }
    },
    /** Writes the best items with a score above 0 that may come, best first, −1 where there are no more. */
    best(into: Int32Array): void {
      if (heldCount > 4 * heldReady * most) hold();
      ranked();
      const last = found.items[most - 1] >= 0 ? found.scores[most - 1] : 0;
      if (floor > 0 && !(last > floor)) {
        hold();
        ranked();
      }
      into.set(found.items);
    },
  };
}
